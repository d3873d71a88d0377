import EventLoop
import PostgresClient
import PostgresTesting
import Testing
import WaitTesting

/// Those who wait for a connection, and those who do not have to.
@Suite(.timeLimit(.minutes(3))) struct WaitingTests {
    private static let echo = Statement<Int, Int>("SELECT $1")
    private static let sleep = Statement<Int, Double>("SELECT 1 FROM pg_sleep($1)")

    /// Used on one loop.
    private final class Hold: @unchecked Sendable {
        var isHolding = true
        var isTaken = false
    }

    @Test func `whoever is cancelled while he waits goes at once, and the next one is served`() async throws {
        try await withPool(try TestCluster.database()) { options in
            options.transactionConnections = 1
        } _: { pool in
            let hold = Hold()
            let first = pool.loop.startTask { () -> Int? in
                try? await pool.transaction { transaction in
                    hold.isTaken = true
                    while hold.isHolding { try await pool.loop.sleep(for: .milliseconds(2)) }
                    return try await transaction.one(Self.echo, 1)
                }
            }
            try await eventually { hold.isTaken }
            let waiting = (2...4).map { number in
                pool.loop.startTask { () -> Int? in
                    do { return try await pool.transaction { try await $0.one(Self.echo, number) } } catch {
                        return error is CancellationError ? nil : -1
                    }
                }
            }
            #expect(pool.transactionMetrics.waiting == 3)
            waiting[0].cancel()
            #expect(await waiting[0].value == nil)
            #expect(hold.isHolding && pool.transactionMetrics.waiting == 2)
            hold.isHolding = false
            #expect(await first.value == 1)
            #expect(await waiting[1].value == 3)
            #expect(await waiting[2].value == 4)
            #expect(pool.transactionMetrics.connects == 1)
        }
    }

    @Test func `a slow read holds up those beside it, and nobody who comes later`() async throws {
        try await withPool(try TestCluster.database()) { options in
            options.readConnections = 2
        } _: { pool in
            let hold = Hold()
            let slow = pool.loop.startTask {
                defer { hold.isHolding = false }
                return (try? await pool.session().one(Self.sleep, 60)) == nil
            }
            try await eventually { pool.readMetrics.statements.statements > 0 }
            let answers = try await all(0..<50) { try await pool.session().one(Self.echo, $0) }
            #expect(answers == Array(0..<50))
            #expect(hold.isHolding)
            #expect(pool.readMetrics.connections == 2)
            slow.cancel()
            #expect(await slow.value)
        }
    }

    @Test func `where no further connection can be had, reads wait behind the slow one`() async throws {
        let database = try TestCluster.database()
        try TestCluster.execute("DROP ROLE IF EXISTS single; CREATE ROLE single LOGIN CONNECTION LIMIT 1", on: database)
        try await withPool("\(database) user=single") { options in
            options.readConnections = 2
        } _: { pool in
            let slow = pool.loop.startTask { try? await pool.session().one(Self.sleep, 0.5) }
            try await eventually { pool.readMetrics.statements.statements > 0 }
            let answers = try await all(0..<50) { try await pool.session().one(Self.echo, $0) }
            #expect(answers == Array(0..<50))
            #expect(await slow.value == 1)
            #expect(pool.readMetrics.connectFailures >= 1)
            #expect(pool.readMetrics.connections == 1)
        }
    }
}
