import GraphQLEngine
import Testing

@testable import GraphQLTransport

/// Subscriptions of sockets that share their sources.
@Suite(.timeLimit(.minutes(3))) struct SharedSocketTests {
    /// Nobody is told anything else than the others.
    private final class SharingContext: ExecutionContext, @unchecked Sendable {
        override var sharingKey: String? { "all" }
        override func contextForNextEvent() -> ExecutionContext { SharingContext(loading.renewed()) }
    }

    private func server() throws -> TransportServer {
        try TransportServer {
            $0.connect = { _ in { loading in SharingContext(loading) } }
            $0.endpoints = .standard
        }
    }

    private func next(_ id: String, _ field: String, _ value: Int) -> String {
        #"{"id":"\#(id)","type":"next","payload":{"data":{"\#(field)":\#(value)}}}"#
    }

    @Test func `those who share a source are told its events in order, and its end`() async throws {
        let server = try server()
        let clients = try (0..<3).map { _ in try SocketClient(server) }
        for client in clients {
            try client.initialise()
            // The source waits long enough for all of them to join.
            try client.subscribe("s", "subscription { count(to: 3, everyMs: 200) }")
        }
        for client in clients {
            for number in 1...3 { #expect(try client.text() == next("s", "count", number)) }
            #expect(try client.text() == #"{"id":"s","type":"complete"}"#)
            try client.subscribe("s", "{ hello }")
            #expect(try client.text().contains("world"))
        }
        await server.stop()
    }

    @Test func `one that stops, or goes, takes nothing from the others`() async throws {
        let server = try server()
        let client = try SocketClient(server)
        try client.initialise()
        for id in ["a", "b"] { try client.subscribe(id, "subscription { forever(everyMs: 5) }") }
        do {
            let other = try SocketClient(server)
            try other.initialise()
            try other.subscribe("c", "subscription { forever(everyMs: 5) }")
            #expect(try other.text().contains(#""id":"c""#))
        }
        try client.send(#"{"id":"a","type":"complete"}"#)
        try client.send(#"{"type":"ping"}"#)
        while try client.text() != #"{"type":"pong"}"# {}
        for _ in 0..<5 { #expect(try client.text().hasPrefix(#"{"id":"b","type":"next""#)) }
        #expect(server.handler.sharedSources == 1)
        let page = try server.send("GET", "/metrics").text
        #expect(page.contains("\natrium_subscriptions_shared 1\n"))
        let events = try #require(page.firstMatch(of: /\natrium_subscriptions_shared_events_total ([0-9]+)\n/))
        #expect(try #require(Int(events.1)) > 4)
        try client.send(#"{"id":"b","type":"complete"}"#)
        try client.send(#"{"type":"ping"}"#)
        while try client.text() != #"{"type":"pong"}"# {}
        #expect(server.handler.sharedSources == 0)
        await server.stop()
    }

    @Test func `a source that fails tells all who share it why`() async throws {
        let server = try server()
        let client = try SocketClient(server)
        try client.initialise()
        try client.subscribe("s", "subscription { failAfter(n: 1) }")
        #expect(try client.text() == next("s", "failAfter", 1))
        #expect(try client.text() == #"{"id":"s","type":"error","payload":[{"message":"stream failed"}]}"#)
        await server.stop()
    }

    @Test func `one that does not read is waited for, and gets everything when it reads on`() async throws {
        let server = try server()
        let client = try SocketClient(server)
        try client.initialise()
        let last = 60_000
        try client.subscribe("s", "subscription { count(to: \(last)) }")
        // By then neither the server's buffers nor the kernel's take any more.
        try await Task.sleep(for: .milliseconds(500))
        for number in 1...last {
            let text = try client.text()
            guard text == next("s", "count", number) else {
                Issue.record("\(text) in place of \(number)")
                break
            }
        }
        #expect(try client.text() == #"{"id":"s","type":"complete"}"#)
        await server.stop()
    }
}

extension GraphQLHandler {
    fileprivate var sharedSources: Int { service.engine.subscriptionCounts.sources }
}
