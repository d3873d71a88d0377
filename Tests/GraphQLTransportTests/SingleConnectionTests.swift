import EventLoop
import GraphQLEngine
import GraphQLSchema
import GraphQLTransport
import HTTPServer
import SocketTesting
import Testing
import WaitTesting

/// The single-connection mode of graphql-sse: https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md
@Suite(.timeLimit(.minutes(3))) struct SingleConnectionTests {
    private let header = "x-graphql-event-stream-token"

    private func serve(_ change: (inout GraphQLConfiguration) -> Void = { _ in }) throws -> TransportServer {
        try TransportServer {
            $0.singleConnection = SingleConnectionLimits()
            change(&$0)
        }
    }

    private func reserve(_ server: TransportServer) throws -> String {
        let answer = try server.send("PUT")
        #expect(answer.status == 201 && answer.type == "text/plain; charset=utf-8" && answer.text.utf8.count > 16)
        return answer.text
    }

    /// Opens the stream; the socket is behind the head.
    private func open(_ server: TransportServer, _ token: String) throws -> TestSocket {
        let socket = try server.client()
        try socket.send(request("GET", "/graphql", ["accept": "text/event-stream", header: token], body: nil))
        let head = try socket.receiveText(through: "\r\n\r\n")
        #expect(head.hasPrefix("HTTP/1.1 200") && head.contains("text/event-stream"))
        #expect(try event(socket) == ":")
        return socket
    }

    /// The next chunk, which is one event, without the empty line.
    private func event(_ socket: TestSocket) throws -> String {
        let size = try socket.receiveText(through: "\r\n").dropLast(1)
        let text = try socket.receiveText(exactly: Int(size.trimmed, radix: 16) ?? 0)
        _ = try socket.receive(exactly: 2)
        return text.trimmed
    }

    private func run(_ server: TransportServer, _ token: String, _ query: String, id: String) throws -> TransportAnswer
    {
        try server.post(
            #"{"query":\#(query.quotedAsJSON),"extensions":{"operationId":\#(id.quotedAsJSON)}}"#,
            [header: token]
        )
    }

    @Test func `one stream brings the answers of many operations`() async throws {
        let server = try serve()
        let token = try reserve(server)
        let stream = try open(server, token)
        let accepted = try run(server, token, "{ hello }", id: "a")
        #expect(accepted.status == 202 && accepted.text.isEmpty)
        #expect(try event(stream) == "event: next\ndata: {\"id\":\"a\",\"payload\":{\"data\":{\"hello\":\"world\"}}}")
        #expect(try event(stream) == "event: complete\ndata: {\"id\":\"a\"}")
        #expect(try run(server, token, "subscription { count(to: 2) }", id: "q\"\n").status == 202)
        #expect(try event(stream) == #"event: next\#ndata: {"id":"q\"\n","payload":{"data":{"count":1}}}"#)
        #expect(try event(stream) == #"event: next\#ndata: {"id":"q\"\n","payload":{"data":{"count":2}}}"#)
        #expect(try event(stream) == #"event: complete\#ndata: {"id":"q\"\n"}"#)
        #expect(try run(server, token, #"mutation { setValue(value: "v") }"#, id: "a").status == 202)
        #expect(try event(stream).contains(#""setValue":"v""#))
        await server.stop()
    }

    @Test func `the token may stand in the address`() async throws {
        let server = try serve { $0.requiresPreflight = true }
        let token = try reserve(server)
        let socket = try server.client()
        try socket.send(request("GET", "/graphql?token=\(token)", ["accept": "text/event-stream"], body: nil))
        #expect(try socket.receiveText(through: "\r\n\r\n").hasPrefix("HTTP/1.1 200"))
        await server.stop()
    }

    @Test func `operations wait for their stream`() async throws {
        let server = try serve()
        let token = try reserve(server)
        #expect(try run(server, token, "{ hello }", id: "early").status == 202)
        #expect(try run(server, token, "{ hello }", id: "stopped").status == 202)
        #expect(try server.send("DELETE", "/graphql?operationId=stopped", [header: token]).status == 200)
        let stream = try open(server, token)
        #expect(try event(stream).contains(#""id":"early""#))
        #expect(try event(stream) == "event: complete\ndata: {\"id\":\"early\"}")
        await server.stop()
    }

    @Test func `a stopped operation is silent and its ID is free`() async throws {
        let server = try serve()
        let token = try reserve(server)
        let stream = try open(server, token)
        #expect(try run(server, token, "subscription { forever(everyMs: 1) }", id: "x").status == 202)
        #expect(try event(stream).contains(#""forever":1"#))
        #expect(try run(server, token, "{ hello }", id: "x").status == 409)
        #expect(try server.send("DELETE", "/graphql?operationId=x", [header: token]).status == 200)
        #expect(try run(server, token, "{ hello }", id: "y").status == 202)
        var last = try event(stream)
        while last.contains("forever") { last = try event(stream) }
        #expect(last.contains(#""id":"y""#))
        #expect(try run(server, token, "{ hello }", id: "x").status == 202)
        // To stop what does not run is no mistake.
        #expect(try server.send("DELETE", "/graphql?operationId=nothing", [header: token]).status == 200)
        await server.stop()
    }

    @Test func `what cannot run is told at once`() async throws {
        let server = try serve { $0.statusCodes = .september2026 }
        let token = try reserve(server)
        let stream = try open(server, token)
        let invalid = try run(server, token, "{ nothing }", id: "a")
        #expect(invalid.status == 422 && invalid.hasErrors)
        #expect(try run(server, token, "{", id: "a").status == 400)
        #expect(try server.post(#"{"query":"{ hello }"}"#, [header: token]).status == 400)
        #expect(try run(server, token, "{ hello }", id: "").status == 400)
        #expect(try run(server, token, "{ hello }", id: String(repeating: "x", count: 129)).status == 400)
        #expect(try server.send("DELETE", "/graphql", [header: token]).status == 400)
        // An operation that fails when it runs says so on the stream, and then is over.
        #expect(try run(server, token, "subscription { failSubscribe }", id: "f").status == 202)
        #expect(try event(stream).contains("no stream"))
        #expect(try event(stream) == "event: complete\ndata: {\"id\":\"f\"}")
        await server.stop()
    }

    @Test func `streams that are not there are not found`() async throws {
        let server = try serve()
        let open = ["accept": "text/event-stream", header: "guessed"]
        #expect(try server.send("GET", "/graphql", open).status == 404)
        #expect(try run(server, "guessed", "{ hello }", id: "a").status == 404)
        #expect(try server.send("DELETE", "/graphql?operationId=a", [header: "guessed"]).status == 404)
        #expect(try server.send("DELETE", "/graphql?operationId=a").status == 404)
        await server.stop()
    }

    @Test func `a stream has one reader`() async throws {
        let server = try serve()
        let token = try reserve(server)
        let first = try open(server, token)
        #expect(try server.send("GET", "/graphql", ["accept": "text/event-stream", header: token]).status == 409)
        #expect(try run(server, token, "{ hello }", id: "a").status == 202)
        #expect(try event(first).contains("world"))
        await server.stop()
    }

    @Test func `a client that goes stops its operations and frees its place`() async throws {
        let server = try serve { $0.singleConnection?.maximumReservations = 1 }
        let token = try reserve(server)
        #expect(try server.send("PUT").status == 503)
        let stream = try open(server, token)
        #expect(try run(server, token, "subscription { forever(everyMs: 1) }", id: "x").status == 202)
        #expect(try event(stream).contains("forever"))
        stream.reset()
        try await eventually { try server.send("PUT").status != 503 }
        try await eventually {
            try server.post(#"{"query":"{ activeSubscriptions }"}"#).data?["activeSubscriptions"] == .int(0)
        }
        #expect(try run(server, token, "{ hello }", id: "y").status == 404)
        await server.stop()
    }

    @Test func `a stream runs so many operations`() async throws {
        let server = try serve { $0.singleConnection?.maximumOperations = 2 }
        let token = try reserve(server)
        #expect(try run(server, token, "{ hello }", id: "a").status == 202)
        #expect(try run(server, token, "{ hello }", id: "b").status == 202)
        let refused = try run(server, token, "{ hello }", id: "c")
        #expect(refused.status == 429 && refused.code == .string("TOO_MANY_OPERATIONS"))
        await server.stop()
    }

    @Test func `a reservation that nobody opens expires`() async throws {
        let server = try serve {
            $0.singleConnection?.openTimeout = .milliseconds(1)
            $0.singleConnection?.maximumReservations = 1
        }
        let token = try reserve(server)
        try await eventually { try run(server, token, "{ hello }", id: "a").status == 404 }
        _ = try reserve(server)
        await server.stop()
    }

    @Test func `what waits for a stream that nobody opens goes without being asked for`() async throws {
        let server = try serve {
            $0.singleConnection?.openTimeout = .seconds(2)
            $0.endpoints = .standard
        }
        func page() throws -> String { try server.send("GET", "/metrics").text }
        for _ in 0..<3 {
            let token = try reserve(server)
            #expect(try run(server, token, "{ hello }", id: "a").status == 202)
        }
        #expect(try page().contains("\natrium_event_streams 3\n"))
        #expect(try !page().contains("\natrium_event_streams_waiting_bytes 0\n"))
        try await eventually { try page().contains("\natrium_event_streams 0\n") }
        #expect(try page().contains("\natrium_event_streams_waiting_bytes 0\n"))
        // The next ones are looked after as well.
        _ = try reserve(server)
        try await eventually { try page().contains("\natrium_event_streams 0\n") }
        await server.stop()
    }

    @Test func `so many bytes wait for a stream to be opened, and no more`() async throws {
        let server = try serve {
            $0.singleConnection?.maximumWaitingBytes = 1_000
            $0.singleConnection?.maximumWaitingBytesOfAll = 1_500
        }
        let text = #"{ echo(text: "\#(String(repeating: "x", count: 600))") }"#
        let (one, other) = (try reserve(server), try reserve(server))
        #expect(try run(server, one, text, id: "a").status == 202)
        let refused = try run(server, one, text, id: "b")
        #expect(refused.status == 429 && refused.code == .string("STREAM_IS_NOT_OPEN"))
        #expect(try run(server, other, text, id: "a").status == 202)
        let third = try reserve(server)
        #expect(try run(server, third, text, id: "a").status == 429)
        // What is stopped makes room, and nothing waits for an open stream.
        #expect(try server.send("DELETE", "/graphql?operationId=a", [header: other]).status == 200)
        #expect(try run(server, third, text, id: "a").status == 202)
        let stream = try open(server, one)
        #expect(try event(stream).contains("xxx"))
        #expect(try event(stream).contains("complete"))
        for id in ["b", "c", "d"] {
            #expect(try run(server, one, text, id: id).status == 202)
            #expect(try event(stream).contains("xxx"))
            #expect(try event(stream).contains("complete"))
        }
        await server.stop()
    }

    @Test func `requests of what runs have so many bytes together`() async throws {
        let server = try serve { $0.singleConnection?.maximumRequestBytes = 1_000 }
        let token = try reserve(server)
        let stream = try open(server, token)
        func events(_ count: Int) -> String {
            "subscription { forever(everyMs: 60000) } #" + String(repeating: "x", count: count)
        }
        #expect(try run(server, token, events(2_000), id: "alone").status == 202)
        #expect(try run(server, token, events(10), id: "another").status == 429)
        #expect(try server.send("DELETE", "/graphql?operationId=alone", [header: token]).status == 200)
        #expect(try run(server, token, events(10), id: "one").status == 202)
        #expect(try run(server, token, events(10), id: "two").status == 202)
        #expect(try run(server, token, events(2_000), id: "three").status == 429)
        withExtendedLifetime(stream) {}
        await server.stop()
    }

    @Test func `nobody takes the streams of others`() async throws {
        let server = try serve {
            $0.singleConnection?.maximumReservationsPerClient = 2
            $0.connect = { connecting in
                let name = connecting.request["authorization"]?.string
                return { _ in KnownContext(name) }
            }
        }
        for _ in 0..<2 { #expect(try server.send("PUT", "/graphql", ["authorization": "a"]).status == 201) }
        let refused = try server.send("PUT", "/graphql", ["authorization": "a"])
        #expect(refused.status == 429 && refused.code == .string("TOO_MANY_STREAMS"))
        #expect(try server.send("PUT", "/graphql", ["authorization": "b"]).status == 201)
        // Those who are not known count by their address.
        for status in [201, 201, 429] { #expect(try server.send("PUT").status == status) }
        await server.stop()
    }

    @Test func `a reservation is let in as an operation is`() async throws {
        let server = try serve { configuration in
            configuration.connect = { _ in { _ in ThrottledContext() } }
            configuration.responseFields = { _, fields in try? fields.append("retry-after", "7") }
        }
        let refused = try server.send("PUT")
        #expect(refused.status == 429 && refused.code == .string("RATE_LIMITED"))
        #expect(refused.fields["retry-after"] == "7")
        await server.stop()
    }

    @Test func `a client that asks for more than it reads loses its stream`() async throws {
        let server = try serve {
            $0.singleConnection?.maximumHeldBytes = 8 << 20
            $0.singleConnection?.maximumRequestBytes = 32 << 20
            $0.endpoints = .standard
        }
        let token = try reserve(server)
        let stream = try open(server, token)
        let text = String(repeating: "x", count: 900_000)
        let query = "query($t: String!) { a: echo(text: $t) b: echo(text: $t) c: echo(text: $t) d: echo(text: $t) }"
        var status = 202
        for number in 0..<20 where status == 202 {
            status = try server.post(
                #"{"query":"\#(query)","variables":{"t":"\#(text)"},"extensions":{"operationId":"\#(number)"}}"#,
                [header: token]
            ).status
        }
        #expect(status == 404)
        _ = try? stream.receiveToEnd()
        #expect(try server.send("GET", "/metrics").text.contains("\natrium_graphql_slow_readers_total 1\n"))
        await server.stop()
    }

    @Test func `answers larger than the queue reach a client that reads`() async throws {
        let server = try serve()
        let token = try reserve(server)
        let stream = try open(server, token)
        let text = String(repeating: "x", count: 900_000)
        let query = "query($t: String!) { a: echo(text: $t) b: echo(text: $t) c: echo(text: $t) d: echo(text: $t) }"
        for number in 0..<4 {
            let body = #"{"query":"\#(query)","variables":{"t":"\#(text)"},"extensions":{"operationId":"\#(number)"}}"#
            #expect(try server.post(body, [header: token]).status == 202)
        }
        var ended: Set<String> = []
        for _ in 0..<4 {
            #expect(try event(stream).utf8.count > 3_600_000)
            ended.insert(try event(stream))
        }
        #expect(ended == Set((0..<4).map { "event: complete\ndata: {\"id\":\"\($0)\"}" }))
        await server.stop()
    }

    @Test func `those who may not come in reserve nothing`() async throws {
        let server = try serve { $0.connect = { _ in throw ConnectionRefused("no") } }
        #expect(try server.send("PUT").status == 401)
        await server.stop()
    }

    @Test func `the mode is off until it is wanted`() async throws {
        let server = try TransportServer()
        #expect(try server.send("PUT").status == 405)
        #expect(try server.send("DELETE").status == 405)
        #expect(try server.post(#"{"query":"{ hello }"}"#, [header: "x"]).status == 200)
        await server.stop()
    }

    @Test func `streams and operations of different loops find each other`() async throws {
        var configuration = GraphQLConfiguration()
        configuration.singleConnection = SingleConnectionLimits()
        let server = try TransportServer(configuration, loops: 3)
        for round in 0..<20 {
            let token = try reserve(server)
            let stream = try open(server, token)
            #expect(try run(server, token, "subscription { count(to: 3) }", id: "r\(round)").status == 202)
            for number in 1...3 { #expect(try event(stream).contains("\"count\":\(number)")) }
            #expect(try event(stream) == "event: complete\ndata: {\"id\":\"r\(round)\"}")
        }
        await server.stop()
    }
}

/// Whoever has a name counts by it.
private final class KnownContext: ExecutionContext, @unchecked Sendable {
    private let name: String?
    init(_ name: String?) {
        self.name = name
        super.init(LoadingContext())
    }
    override var clientKey: String? { name }
}

/// Somebody who has asked for enough.
private final class ThrottledContext: ExecutionContext, @unchecked Sendable {
    override func admit(_ cost: OperationCost?) throws(GraphQLError) {
        throw GraphQLError("Enough.", extensions: ["code": .string("RATE_LIMITED")])
    }
}

extension StringProtocol {
    var trimmed: String {
        var text = Substring(self)
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }
}
