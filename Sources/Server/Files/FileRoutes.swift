import Actions
import EventLoop
import GraphQLTransport
import HTTPServer

/// The plain HTTP of files: their bytes, to and fro, at addresses that are signed.
struct FileRoutes: Sendable {
    private let links: FileLink
    private let receive: FileReceive
    private let report: @Sendable (any Error) -> Void

    /// - Parameter report: hears of what went wrong without a client's doing.
    init(_ services: FileServices, report: @escaping @Sendable (any Error) -> Void = { _ in }) {
        links = FileLink(services)
        receive = FileReceive(services)
        self.report = report
    }

    func add(to router: inout HTTPRouter) {
        router.on(.get, "/files/*") { [self] request, responder in
            responder.startTask { await send(request, $0) }
        }
        // The bytes are counted where they are written.
        router.on(.put, "/uploads/*", body: .stream(maximum: .max)) { [self] request, responder in
            responder.startTask { await take(request, $0) }
        }
    }

    // MARK: Downloads

    private func send(_ request: HTTPRequest, _ responder: HTTPResponder) async {
        do {
            switch try await links.open(request.target.string) {
            case .success(let file): try await FileAnswer(file).send(request, responder)
            case .failure(.forged): Self.refuse(responder, .forbidden, "This is no address of ours.")
            case .failure(.expired): Self.refuse(responder, .forbidden, "This address has expired; ask for a new one.")
            case .failure(.gone): Self.refuse(responder, .notFound, "There is no such file.")
            }
        } catch {
            fail(error, responder)
        }
    }

    // MARK: Uploads

    private func take(_ request: HTTPRequest, _ responder: HTTPResponder) async {
        guard let body = request.bodyStream, let size = request.contentLength else {
            return Self.refuse(responder, .lengthRequired, "The request must say its Content-Length.")
        }
        do {
            switch try await receive.run(request.target.string, size: size, next: { try await body.next() }) {
            case .success: responder.respond(.noContent, Self.fields)
            case .failure(.forged): Self.refuse(responder, .forbidden, "This is no address of ours.")
            case .failure(.expired): Self.refuse(responder, .forbidden, "This address has expired; start anew.")
            case .failure(.notWaiting):
                Self.refuse(responder, .notFound, "There is no upload that waits for these bytes.")
            case .failure(.wrongSize):
                Self.refuse(responder, .contentTooLarge, "These are not as many bytes as were announced.")
            case .failure(.busy): Self.refuse(responder, .serviceUnavailable, "Too many uploads at a time.")
            }
        } catch {
            fail(error, responder)
        }
    }

    /// A client that went away hears nothing, and is no fault of ours.
    private func fail(_ error: any Error, _ responder: HTTPResponder) {
        switch error {
        case is CancellationError, is HTTPBodyStream.Failure: break
        case BlockingPool.Refusal.queueFull, BlockingPool.Refusal.stopped:
            return Self.refuse(responder, .serviceUnavailable, "Too many files at a time.")
        default: report(error)
        }
        responder.respond(.internalServerError)
    }

    private static func refuse(_ responder: HTTPResponder, _ status: HTTPStatus, _ message: String) {
        responder.respond(status, fields, text: message + "\n")
    }

    private static let fields = HTTPFields([
        "content-type": "text/plain; charset=utf-8", "cache-control": "no-store", "x-content-type-options": "nosniff",
    ])
}
