import EventLoop
import GraphQLSchema
import GraphQLTransport
import SocketTesting
import Testing
import WaitTesting

/// A server that goes down: what was begun comes to its end, what has none is told to go elsewhere.
@Suite(.timeLimit(.minutes(3))) struct DrainTests {
    /// Goes down; returns when it takes no connections any more.
    private func drain(_ server: TransportServer) async throws -> Task<Void, Never> {
        let group = server.group
        let draining = Task { await group.drain(within: .seconds(30)) }
        try await eventually { (try? server.client()) == nil }
        return draining
    }

    private func isAlive(_ server: TransportServer, _ client: SocketClient, _ id: String) throws {
        try client.subscribe(id, "{ hello }")
        while try !client.text().contains(#""id":"\#(id)","type":"complete""#) {}
    }

    @Test func `a socket lets its operations end, begins none, and is closed with 1001`() async throws {
        let server = try TransportServer()
        let client = try SocketClient(server)
        try client.initialise()
        try client.subscribe("events", "subscription { forever(everyMs: 5) }")
        try client.subscribe("slow", #"mutation { setValue(value: "1") } "#)
        while try client.text() != #"{"id":"slow","type":"complete"}"# {}
        try client.subscribe("slow", "{ slow(ms: 2000) }")
        try isAlive(server, client, "behind it")
        let draining = try await drain(server)
        try client.subscribe("late", "{ hello }")
        var heard: [String] = []
        while heard.last?.hasPrefix("close") != true {
            let text = try client.text()
            if !text.contains("forever") { heard.append(text) }
        }
        #expect(
            heard == [
                #"{"id":"late","type":"error","payload":[{"message":"The server is going down.","#
                    + #""extensions":{"code":"GOING_AWAY"}}]}"#,
                #"{"id":"slow","type":"next","payload":{"data":{"slow":"slow"}}}"#,
                #"{"id":"slow","type":"complete"}"#,
                #"close(1001, "server is going down")"#,
            ]
        )
        try client.send("\u{3}\u{e9}", opcode: 8)
        client.socket.endOutput()
        await draining.value
    }

    @Test func `a socket with nothing but subscriptions is closed at once`() async throws {
        let server = try TransportServer()
        let client = try SocketClient(server)
        try client.initialise()
        try client.subscribe("events", "subscription { forever(everyMs: 5) }")
        #expect(try client.text().contains("forever"))
        let draining = try await drain(server)
        var last = try client.next()
        while case .message(let value) = last {
            #expect(value["type"] == .string("next"))
            last = try client.next()
        }
        #expect(last == .close(1001, "server is going down"))
        try client.send("\u{3}\u{e9}", opcode: 8)
        client.socket.endOutput()
        await draining.value
    }

    @Test func `an event stream ends without a word, so that clients come back`() async throws {
        let server = try TransportServer()
        let client = try server.client()
        let body = #"{"query":"subscription { forever(everyMs: 5) }"}"#
        let fields = ["accept": "text/event-stream", "content-type": "application/json"]
        try client.send(request("POST", "/graphql", fields, body: body))
        _ = try client.receiveText(through: "forever")
        let draining = try await drain(server)
        let rest = try client.receiveTextToEnd()
        #expect(rest.hasSuffix("\r\n0\r\n\r\n") && !rest.contains("complete"))
        client.endOutput()
        await draining.value
    }

    @Test func `a stream of many operations brings what runs, begins none, and ends`() async throws {
        let server = try TransportServer { $0.singleConnection = SingleConnectionLimits() }
        let token = try server.send("PUT").text
        let stream = try server.client()
        let header = "x-graphql-event-stream-token"
        try stream.send(request("GET", "/graphql", ["accept": "text/event-stream", header: token], body: nil))
        _ = try stream.receiveText(through: ":\n\n")
        let late = try server.client()
        func run(_ query: String, _ id: String) throws -> TransportAnswer {
            let body = #"{"query":"\#(query)","extensions":{"operationId":"\#(id)"}}"#
            try late.send(request("POST", "/graphql", ["content-type": "application/json", header: token], body: body))
            return try TransportAnswer(from: late)
        }
        #expect(try run("subscription { forever(everyMs: 5) }", "events").status == 202)
        #expect(try run("{ slow(ms: 2000) }", "slow").status == 202)
        _ = try stream.receiveText(through: "forever")
        let draining = try await drain(server)
        let refused = try run("{ hello }", "late")
        #expect(refused.status == 503 && refused.code == .string("GOING_AWAY"))
        let rest = try stream.receiveTextToEnd()
        #expect(rest.contains(#""id":"slow","payload":{"data":{"slow":"slow"}}"#), "\(rest.suffix(300))")
        #expect(rest.contains("event: complete\ndata: {\"id\":\"slow\"}"))
        #expect(!rest.contains("data: {\"id\":\"events\"}") && rest.hasSuffix("\r\n0\r\n\r\n"))
        stream.endOutput()
        late.endOutput()
        await draining.value
    }

    @Test func `a server that has stopped is let go, with its threads`() async throws {
        weak var handler: GraphQLHandler?
        let (group, client) = try serving { handler = $0 }
        #expect(handler != nil)
        await group.stop()
        try await eventually { handler == nil }
        withExtendedLifetime(client) {}
    }

    /// The loops of a server that has answered a request and tells a socket, which stays open.
    private func serving(_ look: (GraphQLHandler) -> Void) throws -> (EventLoopGroup, SocketClient) {
        let server = try TransportServer {
            $0.uploads = UploadLimits()
            $0.singleConnection = SingleConnectionLimits()
        }
        look(server.handler)
        #expect(try server.post(#"{"query":"{ hello }"}"#).status == 200)
        let client = try SocketClient(server)
        try client.initialise()
        try client.subscribe("events", "subscription { forever(everyMs: 5) }")
        #expect(try client.text().contains("forever"))
        return (server.group, client)
    }
}
