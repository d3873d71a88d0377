import Actions
import EventLoop
import GraphQLTransport
import HTTPServer

/// The plain HTTP of files: their bytes, to and fro, at addresses that are signed.
struct FileRoutes: Sendable {
    private let links: FileLink
    private let receive: FileReceive
    private let crossOrigin: CrossOriginPolicy
    private let report: @Sendable (any Error) -> Void

    /// - Parameters:
    ///   - origins: whose pages may send and read the bytes by script.
    ///   - report: hears of what went wrong without a client's doing.
    init(
        _ services: FileServices,
        origins: CrossOriginPolicy.Origins = .none,
        report: @escaping @Sendable (any Error) -> Void = { _ in }
    ) {
        links = FileLink(services)
        receive = FileReceive(services)
        var policy = CrossOriginPolicy()
        policy.origins = origins
        policy.headers = ["content-type", "range", "if-range", "if-none-match"]
        crossOrigin = policy
        self.report = report
    }

    func add(to router: inout HTTPRouter) {
        router.on(.get, "/files/*") { [self] request, responder in
            responder.startTask { await send(request, $0) }
        }
        // What an upload announced is compared with what comes where it is written.
        let largest = FilePurpose.allCases.map(\.rule.maximumBytes).reduce(0, max)
        router.on(.put, "/uploads/*", body: .stream(maximum: largest)) { [self] request, responder in
            responder.startTask { await take(request, $0) }
        }
        for (path, methods) in [("/files/*", "GET, HEAD, OPTIONS"), ("/uploads/*", "PUT, OPTIONS")] {
            router.on(.options, path) { [self] request, responder in
                var fields = HTTPFields.plainText
                crossOrigin.addPreflightFields(to: &fields, for: request, methods: methods)
                responder.respond(.noContent, fields)
            }
        }
    }

    // MARK: Downloads

    private func send(_ request: HTTPRequest, _ responder: HTTPResponder) async {
        do {
            switch try await links.open(request.target.string, wantsHead: request.method == .head) {
            case .success(let file): try await FileAnswer(file, crossOrigin).send(request, responder)
            case .failure(.forged): refuse(request, responder, .forbidden, "This is no address of ours.")
            case .failure(.expired):
                refuse(request, responder, .forbidden, "This address has expired; ask for a new one.")
            case .failure(.gone): refuse(request, responder, .notFound, "There is no such file.")
            }
        } catch {
            fail(error, request, responder)
        }
    }

    // MARK: Uploads

    private func take(_ request: HTTPRequest, _ responder: HTTPResponder) async {
        guard let size = request.contentLength else {
            return refuse(request, responder, .lengthRequired, "The request must say its Content-Length.")
        }
        do {
            switch try await receive.run(
                request.target.string,
                size: size,
                next: { try await request.bodyStream?.next() }
            ) {
            case .success: responder.respond(.noContent, fields(for: request))
            case .failure(.forged): refuse(request, responder, .forbidden, "This is no address of ours.")
            case .failure(.expired): refuse(request, responder, .forbidden, "This address has expired; start anew.")
            case .failure(.notWaiting):
                refuse(request, responder, .notFound, "There is no upload that waits for these bytes.")
            case .failure(.wrongSize):
                refuse(request, responder, .contentTooLarge, "These are not as many bytes as were announced.")
            case .failure(.busy): refuse(request, responder, .serviceUnavailable, "Too many uploads at a time.")
            }
        } catch {
            fail(error, request, responder)
        }
    }

    /// A client that went away hears nothing, and is no fault of ours.
    private func fail(_ error: any Error, _ request: HTTPRequest, _ responder: HTTPResponder) {
        switch error {
        case is CancellationError, is HTTPBodyStream.Failure: break
        case BlockingPool.Refusal.queueFull, BlockingPool.Refusal.stopped:
            return refuse(request, responder, .serviceUnavailable, "Too many files at a time.")
        default: report(error)
        }
        responder.respond(.internalServerError)
    }

    private func refuse(_ request: HTTPRequest, _ responder: HTTPResponder, _ status: HTTPStatus, _ message: String) {
        responder.respond(status, fields(for: request), text: message + "\n")
    }

    private func fields(for request: HTTPRequest) -> HTTPFields {
        var fields = HTTPFields.plainText
        crossOrigin.addFields(to: &fields, for: request)
        return fields
    }
}
