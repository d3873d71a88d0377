import EventLoop
import PostgresClient
import PostgresTesting
import Testing
import WaitTesting

@testable import Data

/// What two do at once of which only one may be done, or the last one counts.
@Suite(.timeLimit(.minutes(3))) struct ChatRaceTests {
    private func user(_ number: Int) throws -> UUID {
        try #require(UUID("10000000-0000-7000-8000-00000000000\(number)"))
    }

    private func database() async throws -> String {
        let database = try await migratedDatabase()
        try TestCluster.execute(
            """
            SET session_replication_role = replica;
            INSERT INTO users (id, email, username, name) SELECT
                ('10000000-0000-7000-8000-00000000000' || n)::uuid, 'u' || n || '@example.org', 'user' || n, 'x'
                FROM generate_series(1, 3) n;
            INSERT INTO messages (id, room_id, seq) SELECT
                ('40000000-0000-7000-8000-00000000000' || n)::uuid, '30000000-0000-7000-8000-000000000001', n
                FROM generate_series(1, 2) n
            """,
            on: database
        )
        return database
    }

    @Test func `two stars at once do not both take the last place`() async throws {
        let ida = try user(1)
        let messages = try (1...2).map { try #require(UUID("40000000-0000-7000-8000-00000000000\($0)")) }
        try await withPool(try await database()) { pool in
            let second = try await pool.transaction { first in
                #expect(try await first.star(messages[0], by: ida, limit: 1))
                let second = pool.loop.startTask {
                    try? await pool.transaction { try await $0.star(messages[1], by: ida, limit: 1) }
                }
                // It waits, or it is done already.
                let isOver = Statement<Bool>(
                    """
                    SELECT count(*) > 0 FROM pg_stat_activity WHERE datname = current_database()
                        AND (wait_event_type = 'Lock' OR query LIKE 'COMMIT%')
                    """
                )
                try await eventually { try await pool.session().one(isOver) }
                return second
            }
            #expect(await second.value == false)
        }
    }

    @Test func `whoever comes back while it is written that they went is there`() async throws {
        let (ida, ben) = (try user(1), try user(2))
        let leases = Statement<UUID>("SELECT user_id FROM presence_leases ORDER BY user_id")
        let waits = Statement<Int>(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        try await withPool(try await database()) { pool in
            var options = EventFeed.Options()
            options.presence.grace = .zero
            options.presence.renewal = .seconds(1)
            let feed = EventFeed(pool, options)
            defer { feed.close() }
            feed.presence.connected(ida)
            feed.presence.connected(ben)
            try await eventually { try await pool.session().rows(leases) == [ida, ben] }
            try await pool.transaction { other in
                _ = try await other.one(
                    Statement<UUID, UUID>("SELECT user_id FROM presence_leases WHERE user_id = $1 FOR UPDATE"),
                    ida
                )
                feed.presence.disconnected(ida)
                feed.presence.disconnected(ben)
                // That both are gone is being written, and waits for the first.
                try await eventually { try await pool.session().one(waits) != 0 }
                feed.presence.connected(ben)
                try await pool.loop.sleep(for: .milliseconds(50))
            }
            try await eventually { try await !pool.session().rows(leases).contains(ida) }
            // Behind what was due, which one more who comes is.
            feed.presence.connected(try user(3))
            try await eventually { try await pool.session().rows(leases).contains(try user(3)) }
            #expect(try await pool.session().rows(leases).contains(ben))
        }
    }

    @Test func `a throttle that is full forgets what is over, and nothing else`() async throws {
        try await onLoop { loop in
            let throttle = SignalThrottle(mostKeys: 2)
            func admits(_ key: String, _ window: Duration) -> Bool { throttle.admits(key, 1, per: window, on: loop) }
            #expect(admits("a", .seconds(60)))
            #expect(admits("b", .milliseconds(1)))
            try await loop.sleep(for: .milliseconds(5))
            // Asking with a short window does not end those of a minute.
            #expect(admits("c", .milliseconds(1)))
            #expect(!admits("a", .seconds(60)))
            try await loop.sleep(for: .milliseconds(5))
            #expect(admits("d", .seconds(60)))
            // All are of use: nobody new gets in, and nobody gets out.
            #expect(!admits("e", .milliseconds(1)))
            #expect(!admits("a", .seconds(60)))
            #expect(try #require(throttle.left(of: "a", on: loop)) > 50_000_000_000)
        }
    }
}
