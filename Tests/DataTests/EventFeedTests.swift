import EventLoop
import PostgresClient
import PostgresTesting
import Synchronization
import Testing
import WaitTesting

@testable import Data

@Suite(.timeLimit(.minutes(3))) struct EventFeedTests {
    private func database() async throws -> String { try await migratedDatabase() }

    private func event(_ topic: String, _ number: Int) -> NewEvent {
        NewEvent(topic: topic, kind: "counted", payload: JSONText("{\"n\": \(number)}"))
    }

    @Test func `events arrive in order, from this process and another`() async throws {
        let database = try await database()
        try await withFeed(database) { pool, feed in
            // What another process has: connections and a feed of its own.
            let other = PostgresPool(PoolOptions(database), on: pool.loop)
            let otherFeed = EventFeed(other)
            defer {
                otherFeed.close()
                other.close()
            }
            let subscription = try await feed.subscribe(to: "room:1")
            for number in 1...10 {
                let (writer, waking) = number % 2 == 0 ? (pool, feed) : (other, otherFeed)
                try await writer.transaction { transaction in
                    try await transaction.append([event("room:1", number), event("room:2", number)], waking: waking)
                }
            }
            let seen = try await take(10, from: subscription)
            #expect(seen == Array(1...10))
        }
    }

    @Test func `what is rolled back is no event and leaves no gap`() async throws {
        struct Refused: Error {}
        try await withFeed(try await database()) { pool, feed in
            let subscription = try await feed.subscribe(to: "room:1")
            for number in 1...3 {
                try? await pool.transaction { transaction in
                    try await transaction.append([event("room:1", number)], waking: feed)
                    if number == 2 { throw Refused() }
                }
            }
            let seen = try await take(2, from: subscription)
            #expect(seen == [1, 2])
        }
    }

    @Test func `a cursor is answered with what was missed, then with what comes`() async throws {
        try await withFeed(try await database()) { options in
            options.page = 7
        } _: { pool, feed in
            try await append(1...50, pool, feed)
            let subscription = try await feed.subscribe(to: "room:1", after: 20)
            var items: [FeedItem] = []
            while items.count < 31, let item = try await subscription.next() { items.append(item) }
            #expect(items.compactMap(\.seq) == Array(21...50))
            #expect(items.last == .caughtUp(replayed: 30))
            try await append(51...60, pool, feed)
            let seen = try await take(10, from: subscription)
            #expect(seen == Array(51...60))
        }
    }

    @Test func `reconnecting with a cursor under load loses and repeats nothing`() async throws {
        let database = try await database()
        try await withFeed(database) { options in
            options.page = 20
            options.bufferedEvents = 10
        } _: { pool, feed in
            let total = 1_000
            let loop = pool.loop
            let writer = loop.startTask { () -> Bool in
                do {
                    for start in stride(from: 1, through: total, by: 5) {
                        try await append(start...(start + 4), pool, feed)
                    }
                    return true
                } catch { return false }
            }
            let seen = try await withThrowingTaskGroup(of: [Int].self) { group in
                for reader in 0..<10 {
                    group.addTask {
                        var seen: [Int] = []
                        while seen.count < total {
                            let subscription = try await feed.subscribe(to: "room:1", after: seen.last ?? 0)
                            let stretch = min(total - seen.count, 5 + (seen.count + reader) % 23)
                            seen += try await take(stretch, from: subscription)
                            subscription.cancel()
                        }
                        return seen
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(await writer.value)
            #expect(seen.allSatisfy { $0 == Array(1...total) })
        }
    }

    @Test func `a cursor that is too old or from elsewhere is told to begin anew`() async throws {
        let database = try await database()
        try await withFeed(database) { pool, feed in
            try await append(1...10, pool, feed)
            // As when a partition is dropped.
            try TestCluster.execute(
                "DELETE FROM events; UPDATE event_topics SET purged_through = last_seq",
                on: database
            )
            let old = try await feed.subscribe(to: "room:1", after: 3)
            let elsewhere = try await feed.subscribe(to: "room:1", after: 4_711)
            #expect(try await old.next() == .resyncRequired(seq: 10))
            #expect(try await elsewhere.next() == .resyncRequired(seq: 10))
            try await append(11...12, pool, feed)
            let seen = try await take(2, from: old)
            #expect(seen == [11, 12])
        }
    }

    @Test func `a lost notification costs time and no event`() async throws {
        let database = try await database()
        try await withFeed(database) { options in
            options.pollInterval = .milliseconds(50)
        } _: { pool, feed in
            let subscription = try await feed.subscribe(to: "room:1")
            // Nobody tells of these.
            try TestCluster.execute("SELECT append_event('room:1', 'k', '{}') FROM generate_series(1, 3)", on: database)
            let seen = try await take(3, from: subscription)
            #expect(seen == [1, 2, 3])
        }
    }

    @Test func `what is announced before there is a connection is told when there is one`() async throws {
        let database = try await database()
        try await withFeed(database) { options in
            options.pollInterval = .seconds(600)
        } _: { pool, feed in
            let subscription = try await feed.subscribe(to: "room:1")
            // By then it listens: what it hears is what others tell.
            try await append(1...1, pool, feed)
            #expect(try await take(1, from: subscription) == [1])
            var options = EventFeed.Options()
            options.coalescing = .zero
            options.pollInterval = .seconds(600)
            let other = EventFeed(pool, options)
            defer { other.close() }
            try await append(2...2, pool, other)
            #expect(try await take(1, from: subscription) == [2])
        }
    }

    @Test func `a feed outlives its connections`() async throws {
        let database = try await database()
        try await withFeed(database) { options in
            options.pollInterval = .milliseconds(100)
        } _: { pool, feed in
            let subscription = try await feed.subscribe(to: "room:1")
            for round in 0..<3 {
                try await append((round * 10 + 1)...(round * 10 + 10), pool, feed)
                try TestCluster.execute(
                    """
                    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                    WHERE application_name = 'atrium' AND datname = current_database()
                    """,
                    on: database
                )
            }
            // Whoever asks while they are being lost may hear so, and asks again.
            var seen: [Int] = []
            while seen.count < 30 {
                do { seen += try await take(1, from: subscription) } catch PostgresError.connectionLost {}
            }
            #expect(seen == Array(1...30))
        }
    }

    @Test func `a cancelled subscriber ends`() async throws {
        try await withFeed(try await database()) { pool, feed in
            let hasBegun = Atomic(false)
            let task = pool.loop.startTask { () -> FeedItem? in
                guard let subscription = try? await feed.subscribe(to: "room:1") else {
                    return .resyncRequired(seq: -1)
                }
                hasBegun.store(true, ordering: .relaxed)
                return try? await subscription.next()
            }
            try await eventually { hasBegun.load(ordering: .relaxed) }
            task.cancel()
            #expect(await task.value == nil)
        }
    }

    @Test func `what goes with events holds them up for a while, and no longer`() async throws {
        try await withFeed(try await database()) { options in
            options.readAheadTime = .milliseconds(20)
            options.pollInterval = .seconds(600)
        } _: { pool, feed in
            var read: [Int] = []
            feed.readAhead { events in
                read += events.map(\.seq)
                guard events.contains(where: { $0.seq > 2 }) else { return }
                try? await pool.loop.sleep(for: .seconds(600))
            }
            let subscription = try await feed.subscribe(to: "room:1")
            try await append(1...2, pool, feed)
            #expect(try await take(2, from: subscription) == [1, 2])
            #expect(feed.metrics.aheadOfReaders == 0)
            try await append(3...4, pool, feed)
            #expect(try await take(2, from: subscription) == [3, 4])
            #expect(read == [1, 2, 3, 4] && feed.metrics.aheadOfReaders == 2)
        }
    }

    private func append(_ numbers: ClosedRange<Int>, _ pool: PostgresPool, _ feed: EventFeed) async throws {
        try await pool.transaction { transaction in
            try await transaction.append(numbers.map { event("room:1", $0) }, waking: feed)
        }
    }

    private func take(_ count: Int, from subscription: EventSubscription) async throws -> [Int] {
        var seen: [Int] = []
        while seen.count < count, let item = try await subscription.next() {
            if let seq = item.seq { seen.append(seq) }
        }
        return seen
    }

    private func withFeed<Value: Sendable>(
        _ database: String,
        _ configure: @escaping @Sendable (inout EventFeed.Options) -> Void = { _ in },
        _ body: @escaping @Sendable (PostgresPool, EventFeed) async throws -> Value
    ) async throws -> Value {
        try await withPool(database) { pool in
            var options = EventFeed.Options()
            configure(&options)
            let feed = EventFeed(pool, options)
            defer { feed.close() }
            return try await body(pool, feed)
        }
    }

    @Test func `what was told is not kept for whoever never quite catches up`() async throws {
        try await withFeed(try await database()) { options in
            options.bufferedEvents = 10
        } _: { pool, feed in
            let subscription = try await feed.subscribe(to: "room:1")
            #expect(try await subscription.nextIfReady() == nil)
            try await append(1...1, pool, feed)
            var most = 0
            for number in 2...100 {
                // There is always one more than was taken.
                try await append(number...number, pool, feed)
                try await eventually { feed.metrics.delivered >= number }
                #expect(try await take(1, from: subscription) == [number - 1])
                most = max(most, subscription.held)
            }
            #expect(most <= 20)
            #expect(feed.metrics.overflows == 0)
        }
    }

    @Test func `what is told while somebody comes to listen is not left to the poll`() async throws {
        let slow = Statement<Int>("SELECT 1 FROM pg_sleep(2)")
        let isAsleep = """
            SELECT count(*) FROM pg_stat_activity
            WHERE datname = current_database() AND state = 'active' AND query = 'SELECT 1 FROM pg_sleep(2)'
            """
        let database = try await database()
        try await withFeed(database) { options in
            options.pollInterval = .seconds(600)
        } _: { pool, feed in
            try await append(1...1, pool, feed)
            try await eventually { feed.metrics.notifications != 0 }
            // Both go to the server in one message, and so come their answers: the place is known two seconds late.
            let coming = pool.loop.startTask { try? await feed.subscribe(to: "room:1") }
            let sleeping = pool.loop.startTask { try? await pool.session().one(slow) }
            try await eventually { try TestCluster.execute(isAsleep, on: database) == "1" }
            try await append(2...2, pool, feed)
            _ = await sleeping.value
            #expect(feed.metrics.notifications == 2)
            let subscription = try #require(await coming.value)
            let taking = pool.loop.startTask { try? await take(1, from: subscription) }
            let patience = pool.loop.timer { taking.cancel() }
            patience.set(after: 5_000_000_000)
            #expect(await taking.value == [2])
            patience.cancel()
        }
    }

    private static let untold = "SELECT append_event('room:1', 'k', '{}') FROM generate_series(1, 2)"

    @Test func `what was read for somebody who has left is no step of whoever came in his place`() async throws {
        let database = try await database()
        try await withFeed(database) { options in
            options.pollInterval = .seconds(600)
        } _: { pool, feed in
            try await append(1...1, pool, feed)
            while feed.metrics.notifications == 0 { try await pool.loop.sleep(for: .milliseconds(5)) }
            let subscription = try await feed.subscribe(to: "room:1")
            #expect(try await subscription.nextIfReady() == nil)
            // Nobody tells of these, and the other one had the first of them.
            try TestCluster.execute(Self.untold, on: database)
            let late = try await pool.session().events(after: [("room:1", 2)], limit: 10, total: 10)
            feed.deliver(late, readFrom: ["room:1": 2])
            try await append(4...4, pool, feed)
            let seen = try await take(3, from: subscription)
            #expect(seen == [2, 3, 4])
        }
    }

    @Test func `whoever listens hears that the log was cut before him`() async throws {
        let database = try await database()
        try await withFeed(database) { options in
            options.pollInterval = .seconds(600)
        } _: { pool, feed in
            try await append(1...1, pool, feed)
            while feed.metrics.notifications == 0 { try await pool.loop.sleep(for: .milliseconds(5)) }
            let subscription = try await feed.subscribe(to: "room:1")
            #expect(try await subscription.nextIfReady() == nil)
            try TestCluster.execute("\(Self.untold); DELETE FROM events WHERE seq = 2", on: database)
            try await append(4...4, pool, feed)
            #expect(try await subscription.next() == .resyncRequired(seq: 2))
            #expect(try await take(2, from: subscription) == [3, 4])
        }
    }

    @Test func `many topics with much that is new are read in portions`() async throws {
        let database = try await database()
        try await withFeed(database) { options in
            // Nothing but that it was not all leads from one portion to the next.
            options.pollInterval = .seconds(600)
            options.eventsAtOnce = 10
        } _: { pool, feed in
            try await append(1...1, pool, feed)
            while feed.metrics.notifications == 0 { try await pool.loop.sleep(for: .milliseconds(5)) }
            var subscriptions: [EventSubscription] = []
            for number in 1...5 {
                let subscription = try await feed.subscribe(to: "room:\(number)")
                #expect(try await subscription.nextIfReady() == nil)
                subscriptions.append(subscription)
            }
            try TestCluster.execute(
                "SELECT append_event('room:' || n % 5 + 1, 'k', '{}') FROM generate_series(1, 35) n",
                on: database
            )
            feed.announce((1...5).map { "room:\($0)" })
            for (number, subscription) in subscriptions.enumerated() {
                let seen = try await take(7, from: subscription)
                // The first had one before.
                #expect(seen == (number == 0 ? Array(2...8) : Array(1...7)))
            }
            #expect(feed.metrics.reads >= 4)
        }
    }

    @Test(arguments: ["force_custom_plan", "force_generic_plan"])
    func `a portion of many topics costs no more than it gives`(mode: String) async throws {
        let database = try await database()
        try TestCluster.execute(
            "SELECT append_event('room:' || n % 40, 'k', '{}') FROM generate_series(1, 2000) n; ANALYZE",
            on: database
        )
        let topics = (0..<40).map { "room:\($0)" }.joined(separator: ",")
        let places = (0..<40).map { _ in "0" }.joined(separator: ",")
        let plan = try TestCluster.execute(
            """
            SET plan_cache_mode = \(mode);
            PREPARE p (text[], bigint[], bigint, bigint) AS \(EventStatements.after.text.sql);
            EXPLAIN (ANALYZE, FORMAT JSON) EXECUTE p('{\(topics)}', '{\(places)}', 50, 120);
            """,
            on: database
        )
        // Fifty are in each of them.
        let loops = try #require(plan).matches(of: /"Actual Loops": (\d+)/).compactMap { Int($0.1) }
        #expect(loops.max() == 3, "\(plan ?? "")")
    }

    @Test func `a topic that has lost its end is begun anew`() async throws {
        let database = try await database()
        try await withFeed(database) { options in
            options.pollInterval = .milliseconds(50)
        } _: { pool, feed in
            try await append(1...5, pool, feed)
            let subscription = try await feed.subscribe(to: "room:1", after: 0)
            #expect(try await take(5, from: subscription) == [1, 2, 3, 4, 5])
            #expect(try await subscription.next() == .caughtUp(replayed: 5))
            // What a standby had that took over.
            try TestCluster.execute(
                "DELETE FROM events WHERE seq > 3; UPDATE event_topics SET last_seq = 3",
                on: database
            )
            #expect(try await subscription.next() == .resyncRequired(seq: 3))
            try await append(4...4, pool, feed)
            #expect(try await take(1, from: subscription) == [4])
        }
    }
}

extension FeedItem {
    fileprivate var seq: Int? {
        if case .event(let event) = self { event.seq } else { nil }
    }
}
