import EventLoop
import GraphQLEngine
import HTTPServer

/// A subscription of a socket that needs no task of its own: it is told of each event, says it, and waits for the next as
/// soon as the client reads.
///
/// `@unchecked Sendable`: confined to the loop of its socket, to which it takes what is published on others.
final class SocketListener: @unchecked Sendable {
    let number: SocketProtocol.Number
    let id: String
    private let next: OperationMessage
    private let socket: WebSocket
    private let owner: GraphQLSocket
    /// Nil once it has ended or was stopped.
    private var responses: SharedResponses?

    init(
        _ number: SocketProtocol.Number,
        _ id: String,
        _ responses: SharedResponses,
        on socket: WebSocket,
        of owner: GraphQLSocket,
        _ dialect: SocketDialect
    ) {
        self.number = number
        self.id = id
        self.responses = responses
        self.socket = socket
        self.owner = owner
        next = OperationMessage(dialect.next, id: id)
    }

    /// Says what is there, and goes on when more is.
    func listen() {
        while let known = responses?.next(orLater: { [self] in heard($0) }) {
            guard say(known) else { return }
        }
    }

    /// Leaves the source, which tells it so: by then there must be nothing left to listen with.
    func stop() { _ = responses.take() }

    private func heard(_ result: Result<Response?, any Error>) {
        guard socket.loop.isCurrent else { return socket.loop.execute { [self] in heard(result) } }
        if say(result) { listen() }
    }

    /// Whether it is to be told more at once.
    private func say(_ result: Result<Response?, any Error>) -> Bool {
        // A socket that was closed for being slow says so to its owner a while later, by its end.
        guard responses != nil, socket.isOpen else { return false }
        switch result {
        case .success(let response?):
            response.body.withBytes { next.send($0, to: socket) }
            if socket.isWritable { return true }
            owner.rest(self)
        case .success(nil):
            stop()
            owner.ended(self, nil, socket)
        case .failure(let error):
            stop()
            owner.ended(self, error, socket)
        }
        return false
    }
}
