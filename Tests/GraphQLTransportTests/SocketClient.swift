import GraphQLSchema
import SocketTesting

/// A client of one of the WebSocket protocols.
struct SocketClient {
    let socket: TestSocket

    init(
        _ server: TransportServer,
        _ dialect: String? = "graphql-transport-ws",
        _ fields: [String: String] = [:]
    ) throws {
        socket = try server.client()
        let answer = try handshake(dialect, fields)
        guard answer.status == 101, answer.fields["sec-websocket-protocol"] == dialect else {
            throw SocketFailure(call: "handshake \(answer)", code: 0)
        }
    }

    /// Asks for a socket and gives back what the server says to that.
    static func refused(_ server: TransportServer, _ fields: [String: String]) throws -> TransportAnswer {
        let client = SocketClient(socket: try server.client())
        return try client.handshake("graphql-transport-ws", fields)
    }

    private init(socket: TestSocket) { self.socket = socket }

    private func handshake(_ dialect: String?, _ fields: [String: String]) throws -> TransportAnswer {
        var all = [
            "connection": "Upgrade", "upgrade": "websocket", "sec-websocket-version": "13",
            "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
        ]
        all["sec-websocket-protocol"] = dialect
        try socket.send(request("GET", "/graphql", all.merging(fields) { $1 }, body: nil))
        return try TransportAnswer(from: socket)
    }

    func send(_ text: String, opcode: UInt8 = 1) throws {
        let payload = Array(text.utf8)
        var frame: [UInt8] = [0x80 | opcode]
        switch payload.count {
        case 0...125: frame.append(0x80 | UInt8(payload.count))
        case 126...65_535: frame += [0xfe, UInt8(payload.count >> 8), UInt8(payload.count & 255)]
        default: frame += [0xff] + (0..<8).map { UInt8(truncatingIfNeeded: payload.count >> (56 - 8 * $0)) }
        }
        try socket.send(frame + [0, 0, 0, 0] + payload)
    }

    /// What comes next.
    enum Event: Equatable {
        case message(Value)
        case close(Int, String)
        case end
    }

    func next() throws -> Event {
        let head = try socket.receive(exactly: 2)
        guard head.count == 2 else { return .end }
        var length = Int(head[1])
        if length >= 126 {
            length = try socket.receive(exactly: length == 126 ? 2 : 8).reduce(0) { $0 << 8 | Int($1) }
        }
        let payload = try socket.receive(exactly: length)
        switch head[0] {
        case 0x81: return .message(try Value(json: payload))
        case 0x88 where length >= 2:
            return .close(Int(payload[0]) << 8 | Int(payload[1]), String(decoding: payload[2...], as: UTF8.self))
        default: throw SocketFailure(call: "frame \(head)", code: 0)
        }
    }

    /// The next message as JSON text with its members in the order they came.
    func text() throws -> String {
        switch try next() {
        case .message(let value): return value.json
        case let other: return "\(other)"
        }
    }

    /// The code and reason of the close frame that comes next, with the end of the connection behind ours.
    func close() throws -> Event {
        let event = try next()
        try send("\u{3}\u{e8}", opcode: 8)
        guard try socket.receiveToEnd().isEmpty else { throw SocketFailure(call: "bytes behind the close", code: 0) }
        return event
    }

    func initialise() throws {
        try send(#"{"type":"connection_init"}"#)
        guard try text() == #"{"type":"connection_ack"}"# else { throw SocketFailure(call: "ack", code: 0) }
    }

    func subscribe(_ id: String, _ query: String) throws {
        try send(#"{"id":\#(id.quotedAsJSON),"type":"subscribe","payload":{"query":\#(query.quotedAsJSON)}}"#)
    }
}
