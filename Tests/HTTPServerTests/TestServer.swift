import EventLoop
import HTTPServer
import SocketTesting
import Synchronization

/// A server on a free port for the length of one test.
struct TestServer {
    let group: EventLoopGroup
    let server: HTTPServer
    let port: UInt16

    init(
        _ handler: any HTTPHandler,
        loops: Int = 1,
        _ configuration: HTTPServerConfiguration = HTTPServerConfiguration(),
        streams: EventLoopConfiguration = EventLoopConfiguration()
    ) throws {
        group = try EventLoopGroup(count: loops, configuration: streams)
        server = HTTPServer(group: group, configuration: configuration, handler: handler)
        port = try server.listen(on: .loopback()).port
    }

    func client(receiveBuffer: Int32? = nil) throws -> TestSocket {
        try TestSocket(port: port, receiveBuffer: receiveBuffer)
    }

    func stop() async { await group.stop() }
}

/// A handler made of a closure.
struct ClosureHandler: HTTPHandler {
    var policy = HTTPBodyPolicy.collect()
    let action: @Sendable (HTTPRequest, HTTPResponder) -> Void

    func bodyPolicy(for request: HTTPRequest) -> HTTPBodyPolicy { policy }
    func handle(_ request: HTTPRequest, _ responder: HTTPResponder) { action(request, responder) }
}

/// Answers with the method, the target and the body.
let mirror = ClosureHandler { request, responder in
    let body = request.withBody { String(decoding: $0, as: UTF8.self) }
    responder.respond(.ok, text: "\(request.method.name) \(request.target.string) \(body)")
}

/// A response as read from a socket.
struct TestResponse {
    let status: Int
    let fields: [(name: String, value: String)]
    var body: [UInt8] = []

    subscript(name: String) -> String? { fields.first { $0.name == name }?.value }
    var text: String { String(decoding: body, as: UTF8.self) }

    /// Reads one response; a body by its length or its chunks, none for the answer to HEAD.
    init(from socket: TestSocket, toHead: Bool = false) throws {
        let lines = try socket.receiveText(through: "\r\n\r\n").split(separator: "\r\n")
        let first = lines.first?.split(separator: " ") ?? []
        guard first.count > 1, first[0] == "HTTP/1.1", let status = Int(first[1]) else {
            throw SocketFailure(call: "response \(lines)", code: 0)
        }
        self.status = status
        fields = lines.dropFirst().map { line in
            let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            return (parts[0].lowercased(), parts[1].drop { $0 == " " }.description)
        }
        if toHead || status < 200 || status == 204 || status == 304 { return }
        if let length = self["content-length"].flatMap({ Int($0) }) {
            body = try socket.receive(exactly: length)
        } else if self["transfer-encoding"] == "chunked" {
            while true {
                let line = try socket.receiveText(through: "\r\n")
                guard let size = Int(line.dropLast(1), radix: 16) else {
                    throw SocketFailure(call: "chunk size \(line)", code: 0)
                }
                body += try socket.receive(exactly: size)
                _ = try socket.receive(exactly: 2)
                if size == 0 { return }
            }
        } else {
            body = try socket.receiveToEnd()
        }
    }
}

/// Notes taken on loops, awaited by tests.
final class Notes: Sendable {
    private struct State {
        var notes: [String] = []
        var waiting: [(note: String, continuation: CheckedContinuation<Void, Never>)] = []
    }
    private let state = Mutex(State())

    var all: [String] { state.withLock { $0.notes } }

    func add(_ text: String) {
        let woken = state.withLock { state in
            state.notes.append(text)
            let woken = state.waiting.filter { $0.note == text }
            state.waiting.removeAll { $0.note == text }
            return woken
        }
        for one in woken { one.continuation.resume() }
    }

    func wait(for text: String) async {
        await withCheckedContinuation { continuation in
            let isThere = state.withLock { state in
                if state.notes.contains(text) { return true }
                state.waiting.append((text, continuation))
                return false
            }
            if isThere { continuation.resume() }
        }
    }
}
