import Foundation
import SocketTesting

/// A subscription by an event stream, read one event at a time.
struct LiveStream {
    private let socket: TestSocket

    init(_ server: APIServer, _ query: String, _ variables: [String: Any] = [:], token: String?) throws {
        socket = try server.socket()
        let body = try JSONSerialization.data(withJSONObject: ["query": query, "variables": variables])
        var head = "POST /graphql HTTP/1.1\r\nhost: test\r\ncontent-type: application/json\r\n"
        head += "accept: text/event-stream\r\ncontent-length: \(body.count)\r\n"
        if let token { head += "authorization: Bearer \(token)\r\n" }
        try socket.send(head + "\r\n" + String(decoding: body, as: UTF8.self))
        let answer = try socket.receiveText(through: "\r\n\r\n")
        guard answer.hasPrefix("HTTP/1.1 200") else { throw SocketFailure(call: answer, code: 0) }
    }

    /// The next answer; nil when the subscription is complete.
    func next() throws -> APIAnswer? {
        while true {
            let event = try socket.receiveText(through: "\n\n")
            if event.contains("event: complete") { return nil }
            guard let start = event.range(of: "data: ") else {
                if event.isEmpty { throw SocketFailure(call: "the stream was cut", code: 0) }
                continue
            }
            return try APIAnswer(text: event[start.upperBound...].trimmingCharacters(in: .whitespacesAndNewlines))
        }
    }
}
