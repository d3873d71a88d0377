public import EventLoop

/// The right to answer one request, once. Belongs to the connection's loop; what comes too late has no effect.
///
/// `@unchecked Sendable`: confined to its loop, which `assertOnLoop` checks; only the last release may happen anywhere.
public final class HTTPResponder: @unchecked Sendable {
    private let connection: HTTPConnection
    private let exchange: UInt64
    private var isAnswered = false

    init(connection: HTTPConnection, exchange: UInt64) {
        self.connection = connection
        self.exchange = exchange
    }

    deinit {
        guard !isAnswered else { return }
        let (connection, exchange) = (connection, exchange)
        if connection.stream.loop.isCurrent {
            connection.handlerLetGo(exchange)
        } else {
            connection.stream.loop.execute { connection.handlerLetGo(exchange) }
        }
    }

    public var loop: EventLoop { connection.stream.loop }
    /// The server that got the request; nil when it is gone.
    public var server: HTTPServer? { connection.shared.server }
    /// False when the client has gone, or the answer is given.
    public var isWaiting: Bool { !isAnswered && isCurrent }

    /// Answers with a body that `write` appends straight to the connection's output. It must do nothing else.
    public func respond(
        _ status: HTTPStatus,
        _ fields: HTTPFields = .none,
        writing write: (inout ByteBuffer) -> Void
    ) {
        guard take() else { return }
        connection.respond(status, fields, write)
    }

    public func respond(_ status: HTTPStatus, _ fields: HTTPFields = .none, body: [UInt8] = []) {
        respond(status, fields) { $0.append(body) }
    }

    public func respond(_ status: HTTPStatus, _ fields: HTTPFields = .none, text: String) {
        respond(status, fields) { $0.append(text) }
    }

    /// Sends the head; the body follows through the result, of the given length or chunked.
    public func stream(
        _ status: HTTPStatus,
        _ fields: HTTPFields = .none,
        contentLength: Int? = nil
    ) -> HTTPResponseStream {
        let isOpen = take() && connection.begin(status, fields, length: contentLength)
        return HTTPResponseStream(connection: connection, exchange: isOpen ? exchange : .max)
    }

    /// Hands the connection over to another protocol behind a 101. False when that is no longer possible.
    @discardableResult
    public func upgrade(_ fields: HTTPFields, to makeHandler: (StreamConnection) -> any StreamHandler) -> Bool {
        guard isCurrent, connection.isInputComplete, take() else { return false }
        connection.upgrade(fields, to: makeHandler)
        return true
    }

    /// Starts a task on the loop to find the answer. It is cancelled when the client goes away.
    public func startTask(_ operation: @escaping @Sendable (HTTPResponder) async -> Void) {
        let task = loop.startTask { await operation(self) }
        if isCurrent { connection.task = task }
    }

    /// Calls `action` when the client goes away before the response is complete.
    public func onDisconnect(_ action: @escaping () -> Void) {
        loop.assertOnLoop()
        if isCurrent { connection.onDisconnect.append(action) }
    }

    /// Calls `action` when the server goes down before the response is complete; at once if it does so already. For answers
    /// that have no end of their own.
    public func onDrain(_ action: @escaping () -> Void) {
        loop.assertOnLoop()
        guard isCurrent else { return }
        if connection.isDraining { action() } else { connection.onDrain.append(action) }
    }

    var shared: HTTPLoop { connection.shared }

    private var isCurrent: Bool { connection.exchange == exchange }

    private func take() -> Bool {
        loop.assertOnLoop()
        guard isWaiting else { return false }
        isAnswered = true
        return true
    }
}

extension HTTPConnection {
    /// A responder was let go without an answer: the client must not wait for ever.
    func handlerLetGo(_ exchange: UInt64) {
        guard exchange == self.exchange, case .owed = output else { return }
        shared.metrics.unanswered &+= 1
        respond(.internalServerError, .none) { _ in }
    }
}
