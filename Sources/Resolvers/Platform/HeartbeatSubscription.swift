import EventLoop

extension Subscription {
    static func heartbeat(
        _ arguments: SubscriptionHeartbeatArguments,
        in context: RequestContext
    ) async throws -> Heartbeats {
        Heartbeats(interval: .seconds(Int(arguments.everySeconds)), server: context.server)
    }
}

/// One beat at once, then one in each interval, until the subscriber goes.
struct Heartbeats: AsyncSequence, AsyncIteratorProtocol {
    let interval: Duration
    let server: ServerFacts
    private var number: Int32 = 0

    init(interval: Duration, server: ServerFacts) {
        self.interval = interval
        self.server = server
    }

    func makeAsyncIterator() -> Heartbeats { self }

    mutating func next() async throws -> Heartbeat? {
        if number > 0 { try await pause() }
        guard number < .max else { return nil }
        number += 1
        return Heartbeat(number: number, atSeconds: server.clock())
    }

    private func pause() async throws {
        guard let loop = EventLoop.current else { return try await Task.sleep(for: interval) }
        try await loop.sleep(for: interval)
    }
}
