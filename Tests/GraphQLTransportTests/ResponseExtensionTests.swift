import GraphQLEngine
import GraphQLSchema
import Testing

@Suite(.timeLimit(.minutes(3))) struct ResponseExtensionTests {
    private var options: EngineOptions {
        var options = EngineOptions()
        options.extensions.cost = true
        options.extensions.trace = true
        return options
    }

    @Test func `cost is told over HTTP, and a trace to those who ask`() async throws {
        let server = try TransportServer(options: options)
        let plain = try server.post(#"{"query":"{ __typename }"}"#)
        #expect(plain.json?["extensions"]?["cost"]?["actual"] != nil)
        #expect(plain.json?["extensions"]?["trace"] == nil)
        for asked in ["true", "false", "1", "null"] {
            let answer = try server.post(#"{"query":"{ __typename }","extensions":{"trace":\#(asked)}}"#)
            #expect((answer.json?["extensions"]?["trace"] != nil) == (asked == "true"), "\(asked)")
        }
        await server.stop()
    }

    @Test func `sockets and event streams tell the same`() async throws {
        let server = try TransportServer(options: options)
        let client = try SocketClient(server)
        try client.initialise()
        try client.send(
            #"{"id":"1","type":"subscribe","payload":{"query":"{ __typename }","extensions":{"trace":true}}}"#
        )
        guard case .message(let message) = try client.next() else {
            Issue.record("no message")
            return
        }
        #expect(message["payload"]?["extensions"]?["trace"]?["levels"] != nil)
        #expect(message["payload"]?["extensions"]?["cost"]?["estimate"] != nil)
        let events = try server.post(#"{"query":"{ __typename }"}"#, ["accept": "text/event-stream"])
        #expect(events.text.contains(#""extensions":{"cost":"#))
        await server.stop()
    }
}
