import EventLoop
import PostgresClient
import PostgresTesting
import Testing
import WaitTesting

/// Statements that go to the server together.
@Suite(.timeLimit(.minutes(3))) struct StatementBatchTests {
    private static let insert = Command<Int>("INSERT INTO things (n) VALUES ($1)")
    private static let count = Statement<Int>("SELECT count(*) FROM things")
    private static let echo = Statement<Int, Int>("SELECT $1")
    private static let lock = Statement<Int>("SELECT n FROM things WHERE n = 1 FOR UPDATE")

    private struct Refused: Error {}

    private func database() throws -> String {
        try TestCluster.database(template: "batches") {
            try TestCluster.execute("CREATE TABLE things (n int8 PRIMARY KEY); INSERT INTO things VALUES (1)", on: $0)
        }
    }

    @Test func `a transaction of two batches goes to the server twice`() async throws {
        try await withPool(try database()) { pool in
            // What is prepared goes before its first use, in the same message.
            for round in 0..<2 {
                let before = pool.transactionMetrics.statements.synchronisations
                let last = try await pool.transaction { transaction in
                    var batch = StatementBatch()
                    let (one, two) = (batch.one(Self.echo, 1), batch.rows(Self.echo, 2))
                    let none = batch.first(Statement<Int>("SELECT n FROM things WHERE false"))
                    try await transaction.run(batch)
                    #expect(try one.get() == 1)
                    #expect(try two.get() == [2])
                    #expect(try none.get() == nil)
                    let changed = transaction.lastly.execute(Self.insert, 10 + round)
                    let last = transaction.lastly.one(Self.count)
                    #expect(throws: PostgresError.closed) { try changed.get() }
                    return last
                }
                #expect(try last.get() == 2 + round)
                #expect(pool.transactionMetrics.statements.synchronisations - before == 2)
            }
        }
    }

    @Test func `the first that fails ends the transaction, and what is behind it does not run`() async throws {
        try await withPool(try database()) { options in
            options.transactionConnections = 1
        } _: { pool in
            for isLast in [false, true] {
                let error = await #expect(throws: PostgresError.self) {
                    try await pool.transaction { transaction in
                        var batch = StatementBatch()
                        batch.execute(Self.insert, 2)
                        batch.execute(Self.insert, 1)
                        _ = batch.one(Statement<Int, Int>("SELECT 1 / $1"), 0)
                        if isLast { transaction.lastly = batch } else { try await transaction.run(batch) }
                    }
                }
                #expect(error?.fault?.state == .uniqueViolation)
                let count = try await pool.session().one(Self.count)
                #expect(count == 1)
            }
            // The connection is fit for the next.
            try await pool.transaction { $0.lastly.execute(Self.insert, 2) }
            let count = try await pool.session().one(Self.count)
            #expect(count == 2)
            #expect(pool.transactionMetrics.connects == 1)
        }
    }

    @Test func `what cannot be prepared fails as itself`() async throws {
        try await withPool(try database()) { pool in
            let error = await #expect(throws: PostgresError.self) {
                try await pool.transaction { transaction in
                    var batch = StatementBatch()
                    batch.execute(Self.insert, 2)
                    _ = batch.one(Statement<Int>("SELECT n FROM nowhere"))
                    try await transaction.run(batch)
                }
            }
            #expect(error?.fault?.state == SQLState("42P01"))
            let count = try await pool.session().one(Self.count)
            #expect(count == 1)
        }
    }

    @Test func `a transaction that throws runs nothing of what was to be last`() async throws {
        try await withPool(try database()) { pool in
            await #expect(throws: Refused.self) {
                try await pool.transaction { transaction in
                    transaction.lastly.execute(Self.insert, 2)
                    throw Refused()
                }
            }
            let count = try await pool.session().one(Self.count)
            #expect(count == 1)
        }
    }

    @Test func `rows that are not as they were meant are told when they are looked at`() async throws {
        try await withPool(try database()) { pool in
            try await pool.transaction { transaction in
                var batch = StatementBatch()
                let none = batch.one(Statement<Int>("SELECT n FROM things WHERE false"))
                let good = batch.one(Self.count)
                try await transaction.run(batch)
                #expect(throws: PostgresError.rowCount(0)) { try none.get() }
                #expect(try good.get() == 1)
            }
        }
    }

    @Test func `what follows a lock sees what was committed while it was waited for`() async throws {
        try await withPool(try database()) { pool in
            let waiter = try await pool.transaction { first in
                _ = try await first.one(Self.lock)
                let second = pool.loop.startTask {
                    try? await pool.transaction { transaction in
                        var batch = StatementBatch()
                        _ = batch.one(Self.lock)
                        let count = batch.one(Self.count)
                        try await transaction.run(batch)
                        return try count.get()
                    }
                }
                try await Self.untilSomebodyWaits(pool)
                try await first.execute(Self.insert, 2)
                return second
            }
            #expect(await waiter.value == 2)
        }
    }

    @Test func `a batch that is cancelled stops waiting, and so does the server`() async throws {
        try await withPool(try database()) { pool in
            try await pool.transaction { first in
                _ = try await first.one(Self.lock)
                let second = pool.loop.startTask { () -> (any Error)? in
                    do {
                        try await pool.transaction { transaction in
                            var batch = StatementBatch()
                            _ = batch.one(Self.lock)
                            _ = batch.one(Self.count)
                            try await transaction.run(batch)
                        }
                        return nil
                    } catch { return error }
                }
                try await Self.untilSomebodyWaits(pool)
                second.cancel()
                #expect(await second.value is CancellationError)
                try await Self.untilNobodyWaits(pool)
            }
            // Its connection was given back.
            _ = try await all(0..<8) { _ in try await pool.transaction { try await $0.one(Self.lock) } }
        }
    }

    private static let waiting = Statement<Int>(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )

    private static func untilSomebodyWaits(_ pool: PostgresPool) async throws {
        try await eventually { try await pool.session().one(waiting) > 0 }
    }

    private static func untilNobodyWaits(_ pool: PostgresPool) async throws {
        try await eventually { try await pool.session().one(waiting) == 0 }
    }
}
