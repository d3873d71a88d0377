import GraphQLEngine
import GraphQLSchema
import GraphQLTransport
import SocketTesting
import Testing

/// Cancellation as resolvers see it: a resolver that waits ends with an error, which the engine shows to `present`.
@Suite(.timeLimit(.minutes(3))) struct CancellationTests {
    private func options() -> (EngineOptions, cancelled: AsyncStream<Void>) {
        let (cancelled, source) = AsyncStream.makeStream(of: Void.self)
        var options = EngineOptions()
        options.present = { error in
            if error is CancellationError { source.yield() }
            return EngineOptions.masked(error)
        }
        return (options, cancelled)
    }

    private let body = #"{"query":"{ slow(ms: 600000) }"}"#

    private var slowRequest: String { request("POST", "/graphql", ["content-type": "application/json"], body: body) }

    @Test(arguments: [true, false])
    func `a client that goes away cancels what resolves for it`(isTracked: Bool) async throws {
        let (options, cancelled) = options()
        let server = try TransportServer(options: options) {
            $0.deadline = nil
            $0.tracksRequests = isTracked
        }
        do {
            let client = try server.client()
            try client.send(slowRequest)
            // The answer to another request shows that the first one is running.
            _ = try server.post(#"{"query":"{ hello }"}"#)
        }
        var ends = cancelled.makeAsyncIterator()
        #expect(await ends.next() != nil)
        #expect(server.handler.counts == GraphQLCounts(timedOut: 0, abandoned: 1))
        await server.stop()
    }

    @Test(arguments: [true, false])
    func `the deadline cancels what resolves, and is counted`(isTracked: Bool) async throws {
        let (options, cancelled) = options()
        let server = try TransportServer(options: options) {
            $0.deadline = .milliseconds(30)
            $0.tracksRequests = isTracked
        }
        let answer = try server.post(body)
        #expect(answer.status == 503 && answer.code == .string("TIMEOUT"))
        var ends = cancelled.makeAsyncIterator()
        #expect(await ends.next() != nil)
        #expect(server.handler.counts == GraphQLCounts(timedOut: 1, abandoned: 0))
        await server.stop()
    }

    @Test(arguments: [true, false])
    func `an operation that its socket stops, or leaves, is cancelled`(stops: Bool) async throws {
        let (options, cancelled) = options()
        let server = try TransportServer(options: options) { $0.deadline = nil }
        do {
            let client = try SocketClient(server)
            try client.initialise()
            try client.subscribe("1", "{ slow(ms: 600000) }")
            try client.subscribe("2", "{ hello }")
            #expect(try client.text().contains("world"))
            if stops {
                try client.send(#"{"id":"1","type":"complete"}"#)
                var ends = cancelled.makeAsyncIterator()
                #expect(await ends.next() != nil)
            }
        }
        if !stops {
            var ends = cancelled.makeAsyncIterator()
            #expect(await ends.next() != nil)
        }
        #expect(server.handler.counts == GraphQLCounts(timedOut: 0, abandoned: 1))
        await server.stop()
    }
}
