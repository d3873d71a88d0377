// A server without GraphQL, to be measured: a fixed answer, one from a task, a WebSocket that echoes, and a hub whose
// sockets (/join) all get a message for each request to /publish.
//
// usage: RawServer [port] [loops]

import EventLoop
import Glibc
import HTTPServer

@main
struct RawServer {
    static func main() async throws {
        let arguments = CommandLine.arguments
        let port = arguments.count > 1 ? UInt16(arguments[1]) : 8_080
        let loops = arguments.count > 2 ? Int(arguments[2]) : 1
        guard let port, let loops, loops > 0 else {
            _ = write("usage: RawServer [port] [loops]\n")
            exit(2)
        }
        let group = try EventLoopGroup(count: loops)
        let server = HTTPServer(group: group, handler: FixedAnswer())
        let address = try server.listen(on: .loopback(port: port))
        _ = write("listening on \(address)\n")
        try await server.runUntilStopped()
    }

    static func write(_ text: String) -> Int { text.withCString { Glibc.write(1, $0, strlen($0)) } }
}

struct FixedAnswer: HTTPHandler {
    private static let json = HTTPFields(["content-type": "application/json"])
    private static let body: StaticString = #"{"data":{"hello":"world"}}"#

    func handle(_ request: HTTPRequest, _ responder: HTTPResponder) {
        if request.path.equals("/task") {
            return responder.startTask { responder in
                await Task.yield()
                responder.respond(.ok, FixedAnswer.json) { $0.append(FixedAnswer.body) }
            }
        }
        if request.path.equals("/echo") {
            var options = WebSocketOptions()
            options.configuration.maximumMessage = 32 << 20
            options.configuration.maximumFrame = 32 << 20
            options.configuration.maximumQueue = 64 << 20
            WebSocket.accept(request, responder, options) { _ in Echo() }
            return
        }
        if request.path.equals("/join") {
            WebSocket.accept(request, responder) { socket in
                hub.join(socket)
                return hub
            }
            return
        }
        if request.path.equals("/publish") { hub.publish() }
        responder.respond(.ok, FixedAnswer.json) { $0.append(FixedAnswer.body) }
    }

    let hub = Hub()
}

/// The sockets of one loop. `@unchecked Sendable`: RawServer has one loop when the hub is used.
final class Hub: WebSocketHandler, @unchecked Sendable {
    private var sockets: [ObjectIdentifier: WebSocket] = [:]
    private let news = WebSocketFrame.text(String(repeating: "n", count: 200))

    func join(_ socket: WebSocket) { sockets[ObjectIdentifier(socket)] = socket }
    func publish() { WebSocket.broadcast(news, to: sockets.values) }
    func received(text: UnsafeRawBufferPointer, on socket: WebSocket) {}
    func received(binary: UnsafeRawBufferPointer, on socket: WebSocket) {}
    func closed(_ end: WebSocketEnd, on socket: WebSocket) { sockets[ObjectIdentifier(socket)] = nil }
}

final class Echo: WebSocketHandler {
    func received(text: UnsafeRawBufferPointer, on socket: WebSocket) { socket.send(text: text) }
    func received(binary: UnsafeRawBufferPointer, on socket: WebSocket) { socket.send(binary: binary) }
    func closed(_ end: WebSocketEnd, on socket: WebSocket) {}
}
