import EventLoop
import GraphQLEngine
import GraphQLTransport
import HTTPServer
import Synchronization
import Testing
import WaitTesting

/// A subscription is opened by one task, waited for by another one, and each of its events is answered by a third: whatever
/// happens between them, its client is told the same.
@Suite(.timeLimit(.minutes(3))) struct SubscriptionTaskTests {
    private struct Broken: Error {}

    private func value(_ number: Int) -> String { #""ticks":\#(number)}"# }

    @Test(arguments: SubscriptionWay.allCases)
    func `an opening that takes too long is an error, and is cancelled`(way: SubscriptionWay) async throws {
        let desk = TicksDesk { call in if call == 0 { try await TicksDesk.never() } }
        let server = try desk.server { $0.deadline = .milliseconds(60) }
        let client = try TicksClient(way, server)
        #expect(try client.next().contains(#""code":"TIMEOUT""#))
        try await eventually { desk.counts.cancelled == 1 }
        #expect(server.handler.counts == GraphQLCounts(timedOut: 1, abandoned: 0))
        #expect(desk.counts.readers == 0 && desk.counts.reads == 0)
        // Its name is free, and what goes on under it is no business of the one that was late.
        switch way {
        case .socket:
            try client.ask("subscription { ticks }")
            for number in 1...3 { #expect(try client.next().contains(value(number))) }
        case .olderSocket, .reservedStream:
            #expect(client.isEnd(try client.next()))
            try client.ask("subscription { ticks }")
            for number in 1...3 { #expect(try client.next().contains(value(number))) }
        case .eventStream: #expect(client.isEnd(try client.next()))
        }
        await server.stop()
    }

    @Test(arguments: SubscriptionWay.allCases)
    func `the time limit is for the opening alone`(way: SubscriptionWay) async throws {
        let desk = TicksDesk(ticks: 2, every: .milliseconds(250)) { call in
            // It has to wait, but no turn long.
            if call == 0 { await Task.yield() }
        }
        let server = try desk.server { $0.deadline = .milliseconds(100) }
        let client = try TicksClient(way, server)
        for number in 1...2 { #expect(try client.next().contains(value(number))) }
        #expect(client.isEnd(try client.next()))
        #expect(server.handler.counts == GraphQLCounts(timedOut: 0, abandoned: 0))
        await server.stop()
    }

    @Test(arguments: SubscriptionWay.allCases)
    func `a source that opens when nobody waits for it any more is not read`(way: SubscriptionWay) async throws {
        let gate = Gate()
        let desk = TicksDesk { call in if call == 0 { await gate.wait() } }
        let server = try desk.server { $0.deadline = nil }
        let client = try TicksClient(way, server)
        try await eventually { desk.counts.inside == 1 }
        try client.stop()
        // That it was stopped is known when an answer on another connection came behind it, or the connection is gone.
        if way == .socket || way == .olderSocket {
            try client.ask("{ hello }")
            var said = try client.next()
            while !said.contains("world") { said = try client.next() }
        } else if way == .eventStream {
            try await eventually { await server.server.metrics().openConnections == 0 }
        }
        gate.open()
        try await eventually { desk.counts.inside == 0 }
        try await eventually { await server.handler.servedOperations(of: server.group).openSubscriptions == 0 }
        #expect(desk.counts.calls == 1, "an event was answered")
        await server.stop()
    }

    @Test(arguments: SubscriptionWay.allCases)
    func `events come in their order, one at a time, and then one end`(way: SubscriptionWay) async throws {
        let desk = TicksDesk(ticks: 40) { call in
            if call % 3 > 0 { try await EventLoop.current?.sleep(for: .milliseconds(4 - call % 4)) }
        }
        let server = try desk.server()
        let client = try TicksClient(way, server)
        for number in 1...40 { #expect(try client.next().contains(value(number))) }
        #expect(client.isEnd(try client.next()))
        #expect(desk.counts.mostInside == 1)
        try await eventually { desk.counts.readers == 0 }
        if way != .eventStream {
            try client.ask("{ hello }")
            #expect(try client.next().contains("world"))
            #expect(client.isEnd(try client.next()))
        }
        await server.stop()
    }

    @Test(arguments: SubscriptionWay.allCases)
    func `an event that is being answered ends with its subscription`(way: SubscriptionWay) async throws {
        let desk = TicksDesk { call in if call == 2 { try await TicksDesk.never() } }
        let server = try desk.server()
        let client = try TicksClient(way, server)
        #expect(try client.next().contains(value(1)))
        try await eventually { desk.counts.calls == 3 && desk.counts.inside == 1 }
        try client.stop()
        try await eventually { desk.counts.cancelled == 1 && desk.counts.readers == 0 }
        #expect(desk.counts.calls == 3)
        if way != .eventStream {
            // The older protocol says `complete` to whoever stops.
            if way == .olderSocket { #expect(client.isEnd(try client.next())) }
            try client.ask("{ hello }")
            #expect(try client.next().contains("world"))
        }
        await server.stop()
    }

    @Test(arguments: SubscriptionWay.allCases, [0, 1, 2])
    func `a server that goes down waits for no subscription, wherever it is`(
        way: SubscriptionWay,
        call: Int
    ) async throws {
        let desk = TicksDesk { if $0 == call { try await TicksDesk.never() } }
        let server = try desk.server { $0.deadline = nil }
        let client = try TicksClient(way, server)
        try await eventually { desk.counts.inside == 1 && desk.counts.calls == call + 1 }
        let start = ContinuousClock.now
        async let drained: Void = server.group.drain(within: .seconds(60))
        if way == .socket || way == .olderSocket { try client.answerClose() }
        await drained
        #expect(ContinuousClock.now - start < .seconds(30))
        try await eventually { desk.counts.cancelled == 1 && desk.counts.readers == 0 }
        await server.stop()
    }

    @Test func `an opening has no time limit any more when its reserved stream has gone down`() async throws {
        let desk = TicksDesk { if $0 == 0 { try await TicksDesk.never() } }
        let server = try desk.server { $0.deadline = .seconds(2) }
        let client = try TicksClient(.reservedStream, server)
        try await eventually { desk.counts.inside == 1 }
        // The loops go on, past the limit.
        await server.group.finishStreams(within: .zero)
        try await eventually { desk.counts.cancelled == 1 }
        try await Task.sleep(for: .milliseconds(2_500))
        #expect(server.handler.counts == GraphQLCounts(timedOut: 0, abandoned: 0))
        withExtendedLifetime(client) {}
        await server.stop()
    }

    @Test func `a client that goes while its stream is opened is no fault of the server`() async throws {
        let desk = TicksDesk { if $0 == 0 { try await TicksDesk.never() } }
        let server = try desk.server { $0.deadline = nil }
        let client = try TicksClient(.eventStream, server)
        try await eventually { desk.counts.inside == 1 }
        client.endOutput()
        try await eventually { desk.counts.cancelled == 1 }
        try await eventually { await server.server.metrics().openConnections == 0 }
        #expect(await server.server.metrics().unanswered == 0)
        await server.stop()
    }

    @Test(arguments: [SubscriptionWay.socket, .olderSocket, .eventStream], [0, 1, 3])
    func `a fault of any event is told with the request it belongs to`(way: SubscriptionWay, call: Int) async throws {
        let desk = TicksDesk { if $0 == call { throw Broken() } }
        let server = try desk.server { $0.tracksRequests = true }
        let client = try TicksClient(way, server)
        for number in 1..<max(call, 1) { #expect(try client.next().contains(value(number))) }
        let said = try client.next()
        #expect(said.contains(#""requestId":""#) && !said.contains("Broken"), "\(said)")
        await server.stop()
    }
}

/// Opens once, and does not care who wants no more of it.
private final class Gate: Sendable {
    private struct State {
        var isOpen = false
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())

    func wait() async {
        await withCheckedContinuation { continuation in
            let isOpen = state.withLock { state in
                if !state.isOpen { state.waiting.append(continuation) }
                return state.isOpen
            }
            if isOpen { continuation.resume() }
        }
    }

    func open() {
        let waiting = state.withLock { state in
            state.isOpen = true
            defer { state.waiting = [] }
            return state.waiting
        }
        for continuation in waiting { continuation.resume() }
    }
}
