import Glibc

@testable import EventLoop
@testable import HTTPServer

/// Whole connections, on a loop of their own: bytes go in as if they had been read, handlers read bodies, answer early or late
/// and become WebSockets. Nothing may trap, and nothing of a connection may be left when it is closed.
final class ConnectionTarget: @unchecked Sendable {
    // Confined to its loop but for `run`, which waits for it.
    static let standard = ConnectionTarget()

    private let loop: EventLoop
    private let group: EventLoopGroup
    private let shared: HTTPLoop
    private let isDone: UnsafeMutablePointer<sem_t>

    private init() {
        do { group = try EventLoopGroup() } catch { fatalError("no loop: \(error)") }
        loop = group.loops[0]
        var configuration = HTTPServerConfiguration()
        configuration.maximumHead = 400
        configuration.maximumBody = 100
        configuration.pipelineBuffer = 50
        configuration.bodyStreamBuffer = 20
        configuration.compressionThreshold = 10
        shared = HTTPLoop(loop: loop, configuration: configuration, handler: ConnectionHandler())
        isDone = .allocate(capacity: 1)
        sem_init(isDone, 0, 0)
    }

    func run(_ pieces: [[UInt8]]) {
        var ends: (Int32, Int32) = (-1, -1)
        let result = withUnsafeMutablePointer(to: &ends) {
            $0.withMemoryRebound(to: Int32.self, capacity: 2) {
                socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue), 0, $0)
            }
        }
        guard result == 0 else { fatalError("no sockets") }
        let (near, far) = ends
        let connection = OnLoop<Weak>()
        onLoop { [self] in
            let stream = StreamConnection(loop: loop, descriptor: near, peer: .loopback(), tls: nil)
            let made = HTTPConnection(stream: stream, shared: shared)
            connection.value = Weak(object: made, stream: stream)
            try? stream.open(made)
        }
        for piece in pieces {
            onLoop {
                guard let stream = connection.value?.stream, stream.isOpen else { return }
                var bytes = piece
                bytes.withUnsafeMutableBytes { stream.handler?.received($0, on: stream) }
            }
        }
        // A turn for the tasks, one for what they wrote.
        onLoop {}
        onLoop { connection.value?.stream?.abort() }
        onLoop {}
        onLoop {}
        onLoop { [self] in
            if connection.value?.object != nil {
                fatalError("does not hold: nothing is left of a connection that is closed")
            }
            if shared.metrics.openConnections != 0 { fatalError("does not hold: each connection is counted out") }
        }
        close(far)
    }

    private func onLoop(_ work: @escaping @Sendable () -> Void) {
        loop.execute { [self] in
            work()
            sem_post(isDone)
        }
        // The fuzzer's own timer interrupts it, and nothing may go on before the loop has come here.
        while sem_wait(isDone) != 0 {}
    }
}

/// Something that is touched on the loop only.
private final class OnLoop<Value>: @unchecked Sendable {
    var value: Value?
}

private struct Weak {
    weak var object: HTTPConnection?
    weak var stream: StreamConnection?
}

private struct ConnectionHandler: HTTPHandler {
    func bodyPolicy(for request: HTTPRequest) -> HTTPBodyPolicy {
        request.path.equals("/stream") || request.path.equals("/early") ? .stream(maximum: .max) : .collect()
    }

    func handle(_ request: HTTPRequest, _ responder: HTTPResponder) {
        responder.onDisconnect { [responder] in _ = responder.isWaiting }
        if request.has("upgrade", member: "websocket") {
            WebSocket.accept(request, responder) { _ in EchoSocket() }
        } else if request.path.equals("/early") {
            responder.respond(.forbidden, text: "no")
        } else if let body = request.bodyStream {
            responder.startTask { responder in
                let stream = responder.stream(.ok)
                do {
                    while let piece = try await body.next() { stream.write(piece) }
                    stream.finish()
                } catch {}
            }
        } else {
            responder.respond(.ok, HTTPFields(["content-type": "text/plain"]), text: request.target.string)
        }
    }
}

private final class EchoSocket: WebSocketHandler {
    func received(text: UnsafeRawBufferPointer, on socket: WebSocket) { socket.send(text: text) }
    func received(binary: UnsafeRawBufferPointer, on socket: WebSocket) { socket.send(binary: binary) }
    func closed(_ end: WebSocketEnd, on socket: WebSocket) {}
}
