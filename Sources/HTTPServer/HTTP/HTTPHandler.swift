public import EventLoop

/// What answers the requests of a server. Called on the loop of the connection; must not block it.
public protocol HTTPHandler: Sendable {
    /// Asked when a head with a body to follow has arrived: where the body is to go.
    func bodyPolicy(for request: HTTPRequest) -> HTTPBodyPolicy

    /// Answers at once through `responder`, or starts a task by `responder.startTask` and answers later. A responder
    /// that is let go without an answer sends a 500.
    func handle(_ request: HTTPRequest, _ responder: HTTPResponder)
}

extension HTTPHandler {
    public func bodyPolicy(for request: HTTPRequest) -> HTTPBodyPolicy { .collect() }
}

/// How a handler wants the body of one request.
public enum HTTPBodyPolicy: Sendable {
    /// In memory, before the handler is called. Without a limit that of the configuration holds.
    case collect(maximum: Int? = nil)
    /// Piece by piece, as `HTTPRequest.bodyStream`; the handler is called as soon as the head is there.
    case stream(maximum: Int? = nil)
}

/// What is known when a request has been dealt with.
public struct HTTPAccessRecord: Sendable {
    /// Nil when the head could not be understood.
    public let request: HTTPRequest?
    public let peer: SocketAddress
    /// What the response said in `X-Request-Id`, where requests are identified.
    public let id: String?
    public let status: HTTPStatus
    /// Why the server itself refused the request.
    public let violation: HTTPViolation?
    /// Bytes of the response body, after compression.
    public let bodyBytes: Int
    /// From the first byte of the request to the end of the response being queued.
    public let nanoseconds: UInt64
}
