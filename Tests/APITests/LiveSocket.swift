import Foundation
import SocketTesting

/// A WebSocket of graphql-transport-ws, on which somebody has introduced themselves.
struct LiveSocket {
    private let socket: TestSocket

    init(_ server: APIServer, authorization: String) throws {
        socket = try server.socket()
        try socket.send(
            """
            GET /graphql HTTP/1.1\r\nhost: test\r\nconnection: Upgrade\r\nupgrade: websocket\r\n\
            sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\
            sec-websocket-protocol: graphql-transport-ws\r\n\r\n
            """
        )
        let answer = try socket.receiveText(through: "\r\n\r\n")
        guard answer.hasPrefix("HTTP/1.1 101") else { throw SocketFailure(call: answer, code: 0) }
        try send(["type": "connection_init", "payload": ["authorization": authorization]])
        let acknowledgement = try next()
        guard acknowledgement.contains("connection_ack") else {
            throw SocketFailure(call: acknowledgement, code: 0)
        }
    }

    func start(_ id: String, _ query: String, _ variables: [String: Any] = [:]) throws {
        try send(["type": "subscribe", "id": id, "payload": ["query": query, "variables": variables]])
    }

    /// The next message that is no end of an operation.
    func next() throws -> String {
        while true {
            let head = try socket.receive(exactly: 2)
            guard head.count == 2, head[0] == 0x81 else { throw SocketFailure(call: "frame \(head)", code: 0) }
            var length = Int(head[1])
            if length >= 126 {
                length = try socket.receive(exactly: length == 126 ? 2 : 8).reduce(0) { $0 << 8 | Int($1) }
            }
            let text = try socket.receiveText(exactly: length)
            if !text.contains(#""type":"complete""#) { return text }
        }
    }

    private func send(_ message: [String: Any]) throws {
        let payload = Array(try JSONSerialization.data(withJSONObject: message))
        var frame: [UInt8] = [0x81]
        if payload.count < 126 {
            frame.append(0x80 | UInt8(payload.count))
        } else {
            frame += [0xfe, UInt8(payload.count >> 8), UInt8(payload.count & 255)]
        }
        try socket.send(frame + [0, 0, 0, 0] + payload)
    }
}
