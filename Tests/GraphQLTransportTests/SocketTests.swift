import EventLoop
import GraphQLEngine
import GraphQLSchema
import GraphQLTransport
import HTTPServer
import SocketTesting
import Testing

/// graphql-transport-ws over real sockets: every close code, every rule of order.
@Suite(.timeLimit(.minutes(3))) struct SocketTests {
    // MARK: Close codes

    @Test(arguments: [
        "no JSON", "[]", "7", "{}", #"{"type":7}"#, #"{"type":"unknown"}"#, #"{"type":"start","id":"1","payload":{}}"#,
        #"{"type":"subscribe"}"#, #"{"type":"subscribe","id":"1"}"#,
        #"{"type":"subscribe","id":"","payload":{"query":"{hello}"}}"#,
        #"{"type":"subscribe","id":1,"payload":{"query":"{hello}"}}"#,
        #"{"type":"subscribe","id":"1","payload":"{hello}"}"#,
        #"{"type":"subscribe","id":"1","payload":{}}"#, #"{"type":"subscribe","id":"1","payload":{"query":7}}"#,
        #"{"type":"subscribe","id":"1","payload":{"query":"{hello}","variables":[]}}"#,
        #"{"type":"complete"}"#, #"{"type":"ping","payload":"x"}"#, #"{"type":"pong","payload":1}"#,
        #"{"type":"connection_ack"}"#, #"{"type":"next","id":"1"}"#,
    ])
    func `an invalid message closes with 4400`(message: String) async throws {
        let server = try TransportServer()
        let client = try SocketClient(server)
        try client.initialise()
        try client.send(message)
        guard case .close(4400, let reason) = try client.close() else { throw Unexpected() }
        #expect(!reason.isEmpty && reason.utf8.count <= 123)
        await server.stop()
    }

    @Test func `a binary message closes with 4400`() async throws {
        let server = try TransportServer()
        let client = try SocketClient(server)
        try client.send(#"{"type":"connection_init"}"#, opcode: 2)
        #expect(try client.close() == .close(4400, "Invalid message: binary"))
        await server.stop()
    }

    @Test func `an operation before the introduction closes with 4401`() async throws {
        let server = try TransportServer()
        let client = try SocketClient(server)
        try client.subscribe("1", "{ hello }")
        #expect(try client.close() == .close(4401, "Unauthorized"))
        await server.stop()
    }

    @Test func `an application that thinks for ever closes with 4500`() async throws {
        let server = try TransportServer {
            $0.socket.connectTimeout = .milliseconds(50)
            $0.connect = { _ in
                try await Task.sleep(for: .seconds(600))
                return { _ in ExecutionContext() }
            }
        }
        let client = try SocketClient(server)
        try client.send(#"{"type":"connection_init"}"#)
        #expect(try client.close() == .close(4500, "Internal server error"))
        await server.stop()
    }

    @Test func `an operation while the application still thinks closes with 4401`() async throws {
        let server = try TransportServer {
            $0.connect = { _ in
                try await Task.sleep(for: .seconds(30))
                return { _ in ExecutionContext() }
            }
        }
        let client = try SocketClient(server)
        try client.send(#"{"type":"connection_init"}"#)
        try client.subscribe("1", "{ hello }")
        #expect(try client.close() == .close(4401, "Unauthorized"))
        await server.stop()
    }

    @Test func `whom the application refuses is closed with 4403, and a fault of its own with 4500`() async throws {
        struct Fault: Error {}
        let server = try TransportServer {
            $0.connect = { connecting in
                guard let payload = connecting.payload else { throw Fault() }
                guard payload["key"] == .string("open") else { throw ConnectionRefused("Wrong key") }
                return { _ in ExecutionContext() }
            }
        }
        let refused = try SocketClient(server)
        try refused.send(#"{"type":"connection_init","payload":{"key":"knock"}}"#)
        #expect(try refused.close() == .close(4403, "Wrong key"))
        let broken = try SocketClient(server)
        try broken.send(#"{"type":"connection_init"}"#)
        #expect(try broken.close() == .close(4500, "Internal server error"))
        let accepted = try SocketClient(server)
        try accepted.send(#"{"type":"connection_init","payload":{"key":"open"}}"#)
        #expect(try accepted.text() == #"{"type":"connection_ack"}"#)
        await server.stop()
    }

    @Test func `a client without one of our protocols is closed with 4406`() async throws {
        let server = try TransportServer()
        let client = try SocketClient(server, nil)
        #expect(try client.close() == .close(4406, "Subprotocol not acceptable"))
        await server.stop()
    }

    @Test func `a client that does not introduce itself is closed with 4408`() async throws {
        let server = try TransportServer { $0.socket.initialisationTimeout = .milliseconds(50) }
        let client = try SocketClient(server)
        try client.send(#"{"type":"ping"}"#)
        #expect(try client.text() == #"{"type":"pong"}"#)
        #expect(try client.close() == .close(4408, "Connection initialisation timeout"))
        let punctual = try SocketClient(server)
        try punctual.initialise()
        try punctual.subscribe("1", "{ slow(ms: 100) }")
        #expect(try punctual.text() == #"{"id":"1","type":"next","payload":{"data":{"slow":"slow"}}}"#)
        await server.stop()
    }

    @Test func `the name of a running operation closes with 4409, and may be used again behind its end`() async throws {
        let server = try TransportServer()
        let client = try SocketClient(server)
        try client.initialise()
        for _ in 0..<3 {
            try client.subscribe("a", "{ hello }")
            #expect(try client.text() == #"{"id":"a","type":"next","payload":{"data":{"hello":"world"}}}"#)
            #expect(try client.text() == #"{"id":"a","type":"complete"}"#)
        }
        try client.subscribe("a", "subscription { forever(everyMs: 60000) }")
        try client.subscribe("a", "{ hello }")
        #expect(try client.close() == .close(4409, "Subscriber for a already exists"))
        await server.stop()
    }

    @Test func `a reason has room for a name of any length`() async throws {
        let server = try TransportServer()
        let client = try SocketClient(server)
        try client.initialise()
        let id = String(repeating: "é", count: 64)
        for _ in 0..<2 { try client.subscribe(id, "subscription { forever(everyMs: 60000) }") }
        guard case .close(4409, let reason) = try client.close() else { throw Unexpected() }
        #expect(reason.hasPrefix("Subscriber for é") && (122...123).contains(reason.utf8.count))
        await server.stop()
    }

    @Test func `a second introduction closes with 4429`() async throws {
        let server = try TransportServer()
        let client = try SocketClient(server)
        try client.initialise()
        try client.send(#"{"type":"connection_init"}"#)
        #expect(try client.close() == .close(4429, "Too many initialisation requests"))
        await server.stop()
    }

    @Test func `a message beyond the limit closes with 1009`() async throws {
        let server = try TransportServer {
            $0.socket.options.configuration.maximumMessage = 1_000
            $0.socket.options.configuration.maximumFrame = 1_000
        }
        let client = try SocketClient(server)
        try client.initialise()
        try client.subscribe("1", String(repeating: " ", count: 2_000) + "{ hello }")
        guard case .close(1009, _) = try client.close() else { throw Unexpected() }
        await server.stop()
    }

    @Test func `a page of another origin gets no socket`() async throws {
        let server = try TransportServer()
        #expect(try SocketClient.refused(server, ["origin": "https://evil.example"]).status == 403)
        _ = try SocketClient(server, "graphql-transport-ws", ["origin": "http://test"])
        await server.stop()
    }

    // MARK: Order

    @Test func `pings are answered with their payload, before and behind the introduction`() async throws {
        let server = try TransportServer()
        let client = try SocketClient(server)
        try client.send(#"{"type":"ping","payload":{"a":[1,"ü"]}}"#)
        #expect(try client.text() == #"{"type":"pong","payload":{"a":[1,"ü"]}}"#)
        try client.initialise()
        try client.send(#"{"type":"pong","payload":{"unasked":true}}"#)
        try client.send(#"{"type":"ping"}"#)
        #expect(try client.text() == #"{"type":"pong"}"#)
        await server.stop()
    }

    @Test func `the server pings when it is told to`() async throws {
        let server = try TransportServer { $0.socket.pingInterval = .milliseconds(20) }
        let client = try SocketClient(server)
        try client.initialise()
        for _ in 0..<3 {
            #expect(try client.text() == #"{"type":"ping"}"#)
            try client.send(#"{"type":"pong"}"#)
        }
        await server.stop()
    }

    @Test func `queries and mutations answer once and complete`() async throws {
        let server = try TransportServer()
        let client = try SocketClient(server)
        try client.initialise()
        try client.subscribe("q", "{ add(a: 1, b: 2) fail }")
        let answer = try client.text()
        #expect(answer.hasPrefix(#"{"id":"q","type":"next","payload":{"errors":[{"message":"fail","#), "\(answer)")
        #expect(answer.hasSuffix(#""data":{"add":3,"fail":null}}}"#))
        #expect(try client.text() == #"{"id":"q","type":"complete"}"#)
        try client.subscribe("m", #"mutation { setValue(value: "v") }"#)
        #expect(try client.text() == #"{"id":"m","type":"next","payload":{"data":{"setValue":"v"}}}"#)
        #expect(try client.text() == #"{"id":"m","type":"complete"}"#)
        await server.stop()
    }

    @Test func `what does not run is an error without a complete behind it`() async throws {
        let server = try TransportServer()
        let client = try SocketClient(server)
        try client.initialise()
        for (query, message) in [
            ("{", "Syntax Error: Expected Name, found <EOF>."), ("subscription { failSubscribe }", "no stream"),
            ("{ nothing }", #"Cannot query field "nothing" on type "Query"."#),
        ] {
            try client.subscribe("e", query)
            guard case .message(let value) = try client.next() else { throw Unexpected() }
            guard value["type"] == .string("error"), case .list(let errors)? = value["payload"] else {
                throw Unexpected()
            }
            #expect(errors.count == 1 && errors[0]["message"] == .string(message) && value["id"] == .string("e"))
        }
        try client.send(#"{"type":"ping"}"#)
        #expect(try client.text() == #"{"type":"pong"}"#)
        await server.stop()
    }

    @Test func `a subscription brings its events in order and then completes`() async throws {
        let server = try TransportServer()
        let client = try SocketClient(server)
        try client.initialise()
        try client.subscribe("s", "subscription { greetings }")
        for word in ["Hi", "Bonjour", "Hola", "Ciao", "Zdravo"] {
            #expect(try client.text() == #"{"id":"s","type":"next","payload":{"data":{"greetings":"\#(word)"}}}"#)
        }
        #expect(try client.text() == #"{"id":"s","type":"complete"}"#)
        await server.stop()
    }

    @Test func `a source that fails ends its subscription with an error, a field that fails does not`() async throws {
        let server = try TransportServer()
        let client = try SocketClient(server)
        try client.initialise()
        try client.subscribe("s", "subscription { failAfter(n: 1) }")
        #expect(try client.text() == #"{"id":"s","type":"next","payload":{"data":{"failAfter":1}}}"#)
        #expect(try client.text() == #"{"id":"s","type":"error","payload":[{"message":"stream failed"}]}"#)
        try client.subscribe("f", "subscription { failField(to: 3) }")
        #expect(try client.text() == #"{"id":"f","type":"next","payload":{"data":{"failField":1}}}"#)
        #expect(try client.text().contains("field failed"))
        #expect(try client.text() == #"{"id":"f","type":"next","payload":{"data":{"failField":3}}}"#)
        #expect(try client.text() == #"{"id":"f","type":"complete"}"#)
        await server.stop()
    }

    /// A query whose answer has four times the bytes of the text.
    private func large(_ id: String, _ bytes: Int) -> String {
        let text = String(repeating: "x", count: bytes)
        let query = "query($t: String!) { a: echo(text: $t) b: echo(text: $t) c: echo(text: $t) d: echo(text: $t) }"
        return #"{"id":"\#(id)","type":"subscribe","payload":{"query":"\#(query)","variables":{"t":"\#(text)"}}}"#
    }

    @Test func `answers larger than the queue reach a client that reads`() async throws {
        let server = try TransportServer()
        let client = try SocketClient(server)
        try client.initialise()
        for id in ["a", "b", "c"] { try client.send(large(id, 900_000)) }
        // What has waited may be overtaken by what there is room for at once, but not by its own end.
        var answered: Set<String> = []
        var ids: Set<String> = []
        for _ in 0..<6 {
            let message = try client.text()
            let id = String(message.dropFirst(#"{"id":""#.utf8.count).prefix(1))
            if message == #"{"id":"\#(id)","type":"complete"}"# {
                #expect(answered.contains(id))
                ids.insert(id)
            } else {
                #expect(message.utf8.count > 3_600_000, "\(message.prefix(100))")
                answered.insert(id)
            }
        }
        #expect(ids == ["a", "b", "c"])
        await server.stop()
    }

    @Test func `a client that asks for more than it reads is closed`() async throws {
        let server = try TransportServer { $0.socket.maximumHeldBytes = 8 << 20 }
        let client = try SocketClient(server)
        try client.initialise()
        for number in 0..<12 { try client.send(large("\(number)", 900_000)) }
        var last = try client.next()
        while case .message = last { last = try client.next() }
        #expect(last == .close(1013, "slow consumer"))
        #expect(await server.server.metrics().webSockets.slowConsumers == 1)
        await server.stop()
    }

    @Test func `operations run side by side, and a fast one does not wait for a slow one`() async throws {
        let server = try TransportServer()
        let client = try SocketClient(server)
        try client.initialise()
        try client.subscribe("slow", "{ slow(ms: 100) }")
        try client.subscribe("events", "subscription { count(to: 3) }")
        try client.subscribe("fast", "{ hello }")
        var ids: [Value] = []
        for _ in 0..<8 {
            guard case .message(let value) = try client.next(), let id = value["id"] else { throw Unexpected() }
            ids.append(id)
        }
        #expect(ids.suffix(2) == [.string("slow"), .string("slow")])
        await server.stop()
    }

    @Test func `an operation that is stopped says nothing more, and its source is closed`() async throws {
        let server = try TransportServer()
        let client = try SocketClient(server)
        try client.initialise()
        try client.subscribe("s", "subscription { forever(everyMs: 1) }")
        for number in 1...3 {
            #expect(try client.text() == #"{"id":"s","type":"next","payload":{"data":{"forever":\#(number)}}}"#)
        }
        try client.send(#"{"id":"s","type":"complete"}"#)
        try client.send(#"{"type":"ping"}"#)
        while try client.text() != #"{"type":"pong"}"# {}
        try client.send(#"{"id":"unknown","type":"complete"}"#)
        try client.subscribe("s", "{ slow(ms: 30) }")
        #expect(try client.text() == #"{"id":"s","type":"next","payload":{"data":{"slow":"slow"}}}"#)
        #expect(try client.text() == #"{"id":"s","type":"complete"}"#)
        await server.stop()
    }

    @Test func `a query that is stopped is not answered`() async throws {
        let server = try TransportServer()
        let client = try SocketClient(server)
        try client.initialise()
        try client.subscribe("q", "{ slow(ms: 30) }")
        try client.send(#"{"id":"q","type":"complete"}"#)
        try client.subscribe("r", "{ slow(ms: 60) }")
        #expect(try client.text() == #"{"id":"r","type":"next","payload":{"data":{"slow":"slow"}}}"#)
        await server.stop()
    }

    @Test func `more operations than the limit are errors of their own`() async throws {
        let server = try TransportServer { $0.socket.maximumOperations = 2 }
        let client = try SocketClient(server)
        try client.initialise()
        for id in ["1", "2", "3"] { try client.subscribe(id, "subscription { forever(everyMs: 60000) }") }
        guard case .message(let value) = try client.next() else { throw Unexpected() }
        #expect(value["id"] == .string("3") && value["type"] == .string("error"))
        #expect(value.json.contains("TOO_MANY_OPERATIONS"))
        try client.send(#"{"id":"1","type":"complete"}"#)
        try client.subscribe("3", "{ hello }")
        #expect(try client.text() == #"{"id":"3","type":"next","payload":{"data":{"hello":"world"}}}"#)
        await server.stop()
    }

    @Test func `operations that wait for a slow reader go on one by one`() async throws {
        let server = try TransportServer {
            $0.socket.maximumOperations = 3_000
            $0.socket.options.configuration.maximumQueue = 300_000
        }
        let client = try SocketClient(server)
        try client.initialise()
        for number in 0..<3_000 {
            let id = "\(number)" + String(repeating: "-", count: 120)
            try client.subscribe(id, "subscription { forever(everyMs: 0) }")
        }
        // What the kernel holds of it comes first.
        for _ in 0..<60_000 {
            guard case .message = try client.next() else { throw Unexpected() }
        }
        #expect(await server.server.metrics().webSockets.slowConsumers == 0)
        await server.stop()
    }

    @Test func `an operation beyond its deadline is an error, a subscription has none`() async throws {
        let server = try TransportServer { $0.deadline = .milliseconds(40) }
        let client = try SocketClient(server)
        try client.initialise()
        try client.subscribe("s", "subscription { count(to: 1, everyMs: 150) }")
        try client.subscribe("q", "{ slow(ms: 60000) }")
        #expect(try client.text().contains(#""code":"TIMEOUT""#))
        #expect(try client.text() == #"{"id":"s","type":"next","payload":{"data":{"count":1}}}"#)
        await server.stop()
    }

    @Test func `the sources of a client that is gone are closed`() async throws {
        let server = try TransportServer()
        do {
            let client = try SocketClient(server)
            try client.initialise()
            for id in 0..<5 { try client.subscribe("\(id)", "subscription { forever(everyMs: 60000) }") }
            try client.send(#"{"type":"ping"}"#)
            #expect(try client.text() == #"{"type":"pong"}"#)
        }
        // The streams of other tests are counted too, so that only the metrics of this server tell.
        for _ in 0..<100 where await server.server.metrics().webSockets.open > 0 {
            try await Task.sleep(for: .milliseconds(10))
        }
        #expect(await server.server.metrics().webSockets.open == 0)
        await server.stop()
    }

    @Test func `a server that goes down says 1001`() async throws {
        let server = try TransportServer()
        let client = try SocketClient(server)
        try client.initialise()
        try client.subscribe("s", "subscription { forever(everyMs: 60000) }")
        async let drained: Void = server.group.drain(within: .seconds(5))
        guard case .close(1001, _) = try client.close() else { throw Unexpected() }
        await drained
        await server.stop()
    }

    // MARK: The older protocol

    @Test func `the older protocol starts, stops and ends operations in its own words`() async throws {
        let server = try TransportServer()
        let client = try SocketClient(server, "graphql-ws")
        try client.initialise()
        try client.send(#"{"id":"1","type":"start","payload":{"query":"subscription { count(to: 2) }"}}"#)
        #expect(try client.text() == #"{"id":"1","type":"data","payload":{"data":{"count":1}}}"#)
        #expect(try client.text() == #"{"id":"1","type":"data","payload":{"data":{"count":2}}}"#)
        #expect(try client.text() == #"{"id":"1","type":"complete"}"#)
        try client.send(#"{"id":"2","type":"start","payload":{"query":"subscription { forever(everyMs: 60000) }"}}"#)
        try client.send(#"{"id":"2","type":"stop"}"#)
        #expect(try client.text() == #"{"id":"2","type":"complete"}"#)
        try client.send(#"{"id":"3","type":"start","payload":{"query":"{"}}"#)
        #expect(try client.text().hasPrefix(#"{"id":"3","type":"data","payload":{"errors":[{"#))
        #expect(try client.text() == #"{"id":"3","type":"complete"}"#)
        try client.send(#"{"id":"4","type":"start","payload":{"query":"subscription { forever(everyMs: 60000) }"}}"#)
        try client.send(#"{"id":"4","type":"start","payload":{"query":"{ hello }"}}"#)
        #expect(try client.text() == #"{"id":"4","type":"data","payload":{"data":{"hello":"world"}}}"#)
        #expect(try client.text() == #"{"id":"4","type":"complete"}"#)
        try client.send(#"{"type":"connection_terminate"}"#)
        #expect(try client.close() == .close(1000, ""))
        await server.stop()
    }

    @Test func `whom the application refuses hears it by the older protocol too`() async throws {
        let server = try TransportServer { $0.connect = { _ in throw ConnectionRefused("No") } }
        let client = try SocketClient(server, "graphql-ws")
        try client.send(#"{"type":"connection_init"}"#)
        #expect(try client.text() == #"{"type":"connection_error","payload":{"message":"No"}}"#)
        #expect(try client.close() == .close(4403, "No"))
        await server.stop()
    }

    private struct Unexpected: Error {}
}
