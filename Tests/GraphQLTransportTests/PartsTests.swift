import GraphQLSchema
import GraphQLTransport
import HTTPServer
import SocketTesting
import Synchronization
import Testing

/// Answers in parts over all transports: `@defer` on the audit schema.
@Suite(.timeLimit(.minutes(3))) struct PartsTests {
    private let slow = "{ hello ... @defer(label: \"s\") { slow(ms: 20) } }"
    private let whole = #"{"data":{"hello":"world","slow":"slow"}}"#

    private func post(_ server: TransportServer, _ query: String, accept: String?) throws -> TransportAnswer {
        try server.post(#"{"query":\#(query.quotedAsJSON)}"#, accept.map { ["accept": $0] } ?? [:])
    }

    private func multipart(_ parts: String...) -> String {
        parts.reduce("\r\n---") { $0 + "\r\ncontent-type: application/json; charset=utf-8\r\n\r\n\($1)\r\n---" }
            + "--\r\n"
    }

    @Test(arguments: [
        "multipart/mixed", "application/json;q=0.5, multipart/mixed;incrementalSpec=v0.2",
        "text/x, Multipart/Mixed ; q=1",
    ])
    func `who takes multipart gets parts`(accept: String) async throws {
        let server = try TransportServer()
        let answer = try post(server, slow, accept: accept)
        #expect(answer.status == 200 && answer.type == #"multipart/mixed; boundary="-""#)
        #expect(
            answer.text
                == multipart(
                    #"{"data":{"hello":"world"},"pending":[{"id":"0","path":[],"label":"s"}],"hasNext":true}"#,
                    #"{"incremental":[{"data":{"slow":"slow"},"id":"0"}],"completed":[{"id":"0"}],"hasNext":false}"#
                )
        )
        await server.stop()
    }

    @Test func `clients of the draft of 2022 get its format`() async throws {
        let server = try TransportServer()
        let answer = try post(server, slow, accept: "multipart/mixed; deferSpec=20220824, application/json")
        #expect(answer.type == #"multipart/mixed; boundary="-"; deferSpec=20220824"#)
        #expect(
            answer.text
                == multipart(
                    #"{"data":{"hello":"world"},"hasNext":true}"#,
                    #"{"incremental":[{"data":{"slow":"slow"},"path":[],"label":"s"}],"hasNext":false}"#
                )
        )
        await server.stop()
    }

    @Test(arguments: [
        nil, "application/json", "*/*", "multipart/mixed;q=0, application/json",
        "multipart/mixed;subscriptionSpec=\"1.0\", application/json",
    ])
    func `who takes no parts gets the whole answer`(accept: String?) async throws {
        let server = try TransportServer()
        let answer = try post(server, slow, accept: accept)
        #expect(answer.text == whole && answer.type.contains("json"))
        await server.stop()
    }

    @Test func `an answer without parts is a plain one`() async throws {
        let server = try TransportServer()
        for query in ["{ hello }", "{ hello ... @defer(if: false) { hello } }", "{ hello ... @defer { hello } }"] {
            let answer = try post(server, query, accept: "multipart/mixed")
            #expect(answer.text == #"{"data":{"hello":"world"}}"# && answer.type.contains("json"), "\(answer)")
        }
        let refused = try post(server, "{ ... @defer(label: 1) { hello } }", accept: "multipart/mixed")
        #expect(refused.hasErrors && refused.data == nil)
        await server.stop()
    }

    @Test func `an event stream has an event for each part`() async throws {
        let server = try TransportServer()
        let answer = try post(server, slow, accept: "text/event-stream")
        #expect(
            answer.text
                == """
                event: next
                data: {"data":{"hello":"world"},"pending":[{"id":"0","path":[],"label":"s"}],"hasNext":true}

                event: next
                data: {"incremental":[{"data":{"slow":"slow"},"id":"0"}],"completed":[{"id":"0"}],"hasNext":false}

                event: complete
                data: \n\n
                """
        )
        await server.stop()
    }

    @Test func `a socket has a message for each part, and goes on meanwhile`() async throws {
        let server = try TransportServer()
        let client = try SocketClient(server)
        try client.initialise()
        try client.subscribe("1", "{ hello ... @defer { slow(ms: 200) } }")
        try client.subscribe("2", "{ hello }")
        #expect(
            try client.text()
                == #"{"id":"1","type":"next","payload":{"data":{"hello":"world"},"pending":[{"id":"0","path":[]}],"hasNext":true}}"#
        )
        #expect(try client.text() == #"{"id":"2","type":"next","payload":{"data":{"hello":"world"}}}"#)
        #expect(try client.text() == #"{"id":"2","type":"complete"}"#)
        #expect(
            try client.text()
                == #"{"id":"1","type":"next","payload":{"incremental":[{"data":{"slow":"slow"},"id":"0"}],"completed":[{"id":"0"}],"hasNext":false}}"#
        )
        #expect(try client.text() == #"{"id":"1","type":"complete"}"#)
        await server.stop()
    }

    @Test func `an operation that is stopped says no more parts`() async throws {
        let server = try TransportServer()
        let client = try SocketClient(server)
        try client.initialise()
        try client.subscribe("1", "{ hello ... @defer { slow(ms: 20) } }")
        _ = try client.text()
        try client.send(#"{"type":"complete","id":"1"}"#)
        try client.subscribe("2", "{ slow(ms: 100) }")
        #expect(try client.text() == #"{"id":"2","type":"next","payload":{"data":{"slow":"slow"}}}"#)
        await server.stop()
    }

    @Test func `the older protocol has whole answers`() async throws {
        let server = try TransportServer()
        let client = try SocketClient(server, "graphql-ws")
        try client.send(#"{"type":"connection_init"}"#)
        _ = try client.text()
        try client.send(#"{"type":"start","id":"1","payload":{"query":\#(slow.quotedAsJSON)}}"#)
        #expect(try client.text() == #"{"id":"1","type":"data","payload":\#(whole)}"#)
        await server.stop()
    }

    @Test func `the time limit holds for all parts, and cuts the body`() async throws {
        let server = try TransportServer { $0.deadline = .milliseconds(100) }
        let client = try server.client()
        let query = #"{"query":"{ hello ... @defer { slow(ms: 60000) } }"}"#
        let fields = ["content-type": "application/json", "accept": "multipart/mixed"]
        try client.send(request("POST", "/graphql", fields, body: query))
        #expect(try client.receiveText(through: "\r\n---").contains("200"))
        let rest = try client.receiveTextToEnd()
        #expect(rest.contains(#""hasNext":true}"#) && !rest.contains("-----"))
        await server.stop()
    }

    @Test func `an answer in parts is a span until its last part, and for a client that goes early too`() async throws {
        let spans = KeptSpans()
        let server = try TransportServer {
            $0.tracksRequests = true
            $0.tracer = Tracer { spans.keep($0) }
        }
        _ = try post(server, "{ hello ... @defer { slow(ms: 50) } }", accept: "multipart/mixed")
        for _ in 0..<500 where spans.all.isEmpty { try await Task.sleep(for: .milliseconds(10)) }
        let whole = try #require(spans.all.first)
        #expect(whole.end - whole.start >= 45_000_000 && !whole.hasFailed && whole.name == "query")
        do {
            let client = try server.client()
            let query = #"{"query":"{ slow(ms: 60000) ... @defer { hello } }"}"#
            let fields = ["content-type": "application/json", "accept": "multipart/mixed"]
            try client.send(request("POST", "/graphql", fields, body: query))
            try await Task.sleep(for: .milliseconds(200))
        }
        for _ in 0..<500 where spans.all.count < 2 { try await Task.sleep(for: .milliseconds(10)) }
        #expect(spans.all.count == 2 && spans.all.last?.hasFailed == true)
        await server.stop()
    }

    @Test func `what still runs for a client that has gone is cancelled`() async throws {
        let server = try TransportServer()
        do {
            let client = try server.client()
            let query = #"{"query":"{ hello ... @defer { slow(ms: 60000) } }"}"#
            let fields = ["content-type": "application/json", "accept": "multipart/mixed"]
            try client.send(request("POST", "/graphql", fields, body: query))
            _ = try client.receiveText(through: #""hasNext":true}"#)
        }
        for _ in 0..<100 where await server.server.metrics().openConnections > 0 {
            try await Task.sleep(for: .milliseconds(10))
        }
        #expect(await server.server.metrics().openConnections == 0)
        await server.stop()
    }
}

private final class KeptSpans: Sendable {
    private let kept = Mutex<[Span]>([])
    var all: [Span] { kept.withLock { $0 } }
    func keep(_ span: Span) { kept.withLock { $0.append(span) } }
}
