import GraphQLSchema
import GraphQLTransport
import HTTPServer
import SocketTesting
import Testing

/// Answers as server-sent events, one connection for each operation.
@Suite(.timeLimit(.minutes(3))) struct EventStreamTests {
    private let accept = ["accept": "text/event-stream"]

    private func post(_ server: TransportServer, _ query: String) throws -> TransportAnswer {
        try server.post(#"{"query":\#(query.quotedAsJSON)}"#, accept)
    }

    @Test func `a subscription brings its events and then completes`() async throws {
        let server = try TransportServer()
        let answer = try post(server, "subscription { count(to: 2, everyMs: 5) }")
        #expect(answer.status == 200 && answer.type == "text/event-stream; charset=utf-8")
        #expect(
            answer.text
                == """
                event: next
                data: {"data":{"count":1}}

                event: next
                data: {"data":{"count":2}}

                event: complete
                data: \n\n
                """
        )
        await server.stop()
    }

    @Test func `queries, mutations and whatever cannot run are one event`() async throws {
        let server = try TransportServer { $0.statusCodes = .september2026 }
        let end = "\n\nevent: complete\ndata: \n\n"
        #expect(try post(server, "{ hello }").text == #"event: next\#ndata: {"data":{"hello":"world"}}"# + end)
        #expect(
            try post(server, #"mutation { setValue(value: "a\nb") }"#).text
                == #"event: next\#ndata: {"data":{"setValue":"a\nb"}}"# + end
        )
        for query in ["{", "{ nothing }", "subscription { failSubscribe }"] {
            let answer = try post(server, query)
            #expect(
                answer.status == 200 && answer.text.hasPrefix(#"event: next\#ndata: {"errors":[{"message":"#),
                "\(answer.text)"
            )
            #expect(answer.text.hasSuffix(end))
        }
        await server.stop()
    }

    @Test func `HEAD of a subscription has its head and no events, and the connection goes on`() async throws {
        let server = try TransportServer()
        let client = try server.client()
        let target = "/graphql?query=subscription%7Bforever(everyMs:0)%7D"
        try client.send(request("HEAD", target, accept, body: nil))
        let head = try TransportAnswer(from: client, toHead: true)
        #expect(head.status == 200 && head.type == "text/event-stream; charset=utf-8")
        try client.send(request("GET", "/graphql?query=%7Bhello%7D", [:], body: nil))
        #expect(try TransportAnswer(from: client).text == #"{"data":{"hello":"world"}}"#)
        await server.stop()
    }

    @Test func `a source that fails says so in its last event`() async throws {
        let server = try TransportServer()
        let answer = try post(server, "subscription { failAfter(n: 1) }")
        #expect(answer.text.contains(#"data: {"errors":[{"message":"stream failed"}]}"#))
        #expect(answer.text.hasSuffix("event: complete\ndata: \n\n"))
        await server.stop()
    }

    @Test func `a quiet stream shows that it lives`() async throws {
        let server = try TransportServer { $0.eventStreamHeartbeat = .milliseconds(20) }
        let answer = try post(server, "subscription { count(to: 1, everyMs: 120) }")
        #expect(answer.text.hasPrefix(":\n\n:\n\n") && answer.text.contains(#"{"count":1}"#))
        await server.stop()
    }

    @Test func `a stream that nobody reads is closed with its source`() async throws {
        let server = try TransportServer()
        do {
            let socket = try server.client()
            let fields = ["content-type": "application/json"].merging(accept) { $1 }
            try socket.send(
                request("POST", "/graphql", fields, body: #"{"query":"subscription { forever(everyMs: 60000) }"}"#)
            )
            _ = try socket.receiveText(through: "\r\n\r\n")
        }
        for _ in 0..<100 where await server.server.metrics().openConnections > 0 {
            try await Task.sleep(for: .milliseconds(10))
        }
        #expect(await server.server.metrics().openConnections == 0)
        await server.stop()
    }

    @Test func `without an event stream a subscription is refused`() async throws {
        let server = try TransportServer()
        let answer = try server.post(#"{"query":"subscription { greetings }"}"#)
        #expect(answer.status == 406 && answer.data == nil && answer.hasErrors)
        await server.stop()
    }

    @Test(arguments: [
        "application/json, text/event-stream", "application/graphql-response+json, text/event-stream;q=0.1",
        "text/event-stream;q=0.5, */*", "Text/Event-Stream, application/json;q=0.9",
    ])
    func `a subscription comes by events to whoever takes them`(accept: String) async throws {
        let server = try TransportServer()
        let answer = try server.post(#"{"query":"subscription { count(to: 1) }"}"#, ["accept": accept])
        #expect(answer.status == 200 && answer.type.hasPrefix("text/event-stream"), "\(answer.status) \(answer.text)")
        #expect(answer.text.contains(#"{"data":{"count":1}}"#))
        for accept in ["application/json", "*/*", "text/event-stream;q=0, application/json"] {
            let refused = try server.post(#"{"query":"subscription { count(to: 1) }"}"#, ["accept": accept])
            #expect(refused.status == 406, "\(accept): \(refused.status)")
        }
        await server.stop()
    }
}
