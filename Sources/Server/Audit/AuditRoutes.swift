import Actions
import GraphQLTransport
import HTTPServer
import PostgresClient

/// Copies of the audit log, at addresses that are signed.
struct AuditRoutes: Sendable {
    private let download: AuditDownload
    private let proxies: [InternetAddress]
    private let report: @Sendable (any Error) -> Void

    init(
        _ files: FileServices,
        trusting proxies: [InternetAddress] = [],
        report: @escaping @Sendable (any Error) -> Void = { _ in }
    ) {
        download = AuditDownload(files)
        self.proxies = proxies
        self.report = report
    }

    func add(to router: inout HTTPRouter) {
        router.on(.get, "/audit/export") { [self] request, responder in
            let client = ClientInfo(request, trusting: proxies, requestID: download.requestID)
            responder.startTask { await send(request, client, $0) }
        }
    }

    private func send(_ request: HTTPRequest, _ client: ClientInfo, _ responder: HTTPResponder) async {
        do {
            let copy: AuditDownload.Opened
            switch try await download.open(request.target.string) {
            case .success(let opened): copy = opened
            case .failure(let failure): return refuse(failure, responder)
            }
            guard request.method != .head else { return responder.respond(.ok, Self.fields(copy.format)) }
            // Nothing is answered before there is a place for it.
            var stream: HTTPResponseStream?
            let outcome = try await download.run(copy, from: client) { bytes in
                let body = stream ?? responder.stream(.ok, Self.fields(copy.format))
                stream = body
                try await body.writable()
                if !bytes.isEmpty { body.write(bytes) }
            }
            if case .failure(let failure) = outcome { return refuse(failure, responder) }
            stream?.finish()
        } catch is CancellationError {
        } catch {
            // The answer is cut where it has begun, which the client sees.
            report(error)
            responder.respond(.internalServerError)
        }
    }

    private func refuse(_ failure: AuditDownload.Failure, _ responder: HTTPResponder) {
        let (status, message): (HTTPStatus, String) =
            switch failure {
            case .forged: (.forbidden, "This is no address of ours.")
            case .expired: (.forbidden, "This address has expired; ask for a new one.")
            case .forbidden: (.forbidden, "Who asked for this may not read the log any more.")
            case .busy: (.serviceUnavailable, "Too many copies at a time.")
            }
        responder.respond(status, .plainText, text: message + "\n")
    }

    private static func fields(_ format: AuditExportFormat) -> HTTPFields {
        switch format {
        case .csv: fields("text/csv; charset=utf-8; header=present", "attachment; filename=\"audit-log.csv\"")
        case .ndjson: fields("application/x-ndjson", "attachment; filename=\"audit-log.ndjson\"")
        }
    }

    private static func fields(_ type: StaticString, _ disposition: StaticString) -> HTTPFields {
        HTTPFields([
            "content-type": type, "content-disposition": disposition, "cache-control": "no-store",
            "x-content-type-options": "nosniff", "content-security-policy": "default-src 'none'; sandbox",
            "referrer-policy": "no-referrer",
        ])
    }
}
