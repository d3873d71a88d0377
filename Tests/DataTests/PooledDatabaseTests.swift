import Data
import EventLoop
import PostgresClient
import PostgresEmbedded
import PostgresTesting
import Testing

/// What cannot go over a pooler goes past it.
@Suite(.timeLimit(.minutes(3))) struct PooledDatabaseTests {
    @Test func `migrations and notifications go past the pooler, all else through it`() async throws {
        let cluster = try TestCluster.start("pooled")
        defer { cluster.stop() }
        let pooler = try TestPooler(cluster)
        defer { pooler.stop() }
        let place = pooler.connectionString
        let direct = cluster.connectionString
        let group = try EventLoopGroup(count: 2)
        var primary = ConnectionOptions(place)
        primary.preparesStatements = false
        var options = PoolOptions(primary)
        options.direct = ConnectionOptions(direct)
        var events = EventFeed.Options()
        // Nothing comes but by notifications.
        events.pollInterval = .seconds(600)
        let database = try await Database.open(options, on: group, events: events)
        // The session that migrated has gone, with its lock.
        #expect(try TestCluster.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'", on: direct) == "0")
        let seen = try await group.loops[0].start {
            let subscription = try await database.events.subscribe(to: "room:1")
            // The writer is on another loop, with a feed of its own.
            try await group.loops[1].start {
                for number in 1...20 {
                    try await database.pool.transaction { transaction in
                        let event = NewEvent(topic: "room:1", kind: "counted", payload: JSONText("{\"n\": \(number)}"))
                        try await transaction.append([event], waking: database.events)
                    }
                }
            }
            var seen: [Int] = []
            while seen.count < 20, let item = try await subscription.next() {
                if case .event(let event) = item { seen.append(event.seq) }
            }
            return seen
        }
        #expect(seen == Array(1...20))
        await database.close()
    }
}
