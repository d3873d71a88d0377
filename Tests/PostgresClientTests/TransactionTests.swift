import EventLoop
import PostgresClient
import PostgresTesting
import Testing

@Suite(.timeLimit(.minutes(3))) struct TransactionTests {
    private static let insert = Command<Int>("INSERT INTO things (n) VALUES ($1)")
    private static let count = Statement<Int>("SELECT count(*) FROM things")

    private struct Refused: Error {}

    private func database() throws -> String {
        try TestCluster.database(template: "things") {
            try TestCluster.execute(
                "CREATE TABLE things (n int8 PRIMARY KEY); CREATE TABLE counters (id int8 PRIMARY KEY, n int8 NOT NULL)",
                on: $0
            )
        }
    }

    @Test func `a transaction happens as a whole`() async throws {
        try await withPool(try database()) { pool in
            let changed = try await pool.transaction { transaction in
                try await transaction.execute(Self.insert, 1)
                    + transaction.execute(Command<[Int]>("INSERT INTO things SELECT unnest($1)"), [2, 3])
            }
            #expect(changed == 3)
            let count = try await pool.session().one(Self.count)
            #expect(count == 3)
        }
    }

    @Test func `a transaction that throws leaves nothing`() async throws {
        try await withPool(try database()) { pool in
            await #expect(throws: Refused.self) {
                try await pool.transaction { transaction in
                    try await transaction.execute(Self.insert, 1)
                    let seen = try await transaction.session.one(Self.count)
                    #expect(seen == 1)
                    throw Refused()
                }
            }
            let count = try await pool.session().one(Self.count)
            #expect(count == 0)
        }
    }

    @Test func `a violation names its constraint and its connection is fit for the next`() async throws {
        try await withPool(try database()) { options in
            options.transactionConnections = 1
        } _: { pool in
            for _ in 0..<3 {
                let error = await #expect(throws: PostgresError.self) {
                    try await pool.transaction { transaction in
                        try await transaction.execute(Self.insert, 1)
                        try await transaction.execute(Self.insert, 1)
                    }
                }
                #expect(error?.fault?.state == .uniqueViolation)
                #expect(error?.fault?.constraint == "things_pkey")
                #expect(error?.description == "the database refused with 23505 by things_pkey")
            }
            try await pool.transaction { _ = try await $0.execute(Self.insert, 1) }
            #expect(pool.transactionMetrics.connections == 1)
            #expect(pool.transactionMetrics.connects == 1)
        }
    }

    @Test func `an error that is passed over cannot be committed`() async throws {
        try await withPool(try database()) { pool in
            let error = await #expect(throws: PostgresError.self) {
                try await pool.transaction { transaction in
                    try await transaction.execute(Self.insert, 1)
                    _ = try? await transaction.execute(Self.insert, 1)
                }
            }
            #expect(error?.fault?.state == SQLState("25P02"))
            let count = try await pool.session().one(Self.count)
            #expect(count == 0)
        }
    }

    @Test func `a savepoint undoes its own part`() async throws {
        try await withPool(try database()) { pool in
            try await pool.transaction { transaction in
                try await transaction.execute(Self.insert, 1)
                await #expect(throws: PostgresError.self) {
                    try await transaction.savepoint { inner in
                        try await inner.execute(Self.insert, 2)
                        try await inner.execute(Self.insert, 1)
                    }
                }
                try await transaction.savepoint { outer in
                    try await outer.execute(Self.insert, 3)
                    await #expect(throws: Refused.self) {
                        try await outer.savepoint { inner in
                            try await inner.execute(Self.insert, 4)
                            throw Refused()
                        }
                    }
                }
            }
            let kept = try await pool.session().rows(Statement<Int>("SELECT n FROM things ORDER BY n"))
            #expect(kept == [1, 3])
        }
    }

    @Test func `a transaction that lost a race is run again`() async throws {
        try await withPool(try database()) { options in
            options.transactionAttempts = 100
        } _: { pool in
            try await pool.transaction {
                _ = try await $0.execute(Command<Int>("INSERT INTO counters VALUES (1, $1)"), 0)
            }
            let read = Statement<Int>("SELECT n FROM counters WHERE id = 1")
            let write = Command<Int>("UPDATE counters SET n = $1 WHERE id = 1")
            _ = try await all(0..<20) { _ in
                try await pool.transaction(.serializable) { transaction in
                    let n = try await transaction.one(read)
                    // Others read the same meanwhile, and all of them but one lose.
                    try await pool.loop.sleep(for: .milliseconds(10))
                    try await transaction.execute(write, n + 1)
                }
            }
            let n = try await pool.session().one(read)
            #expect(n == 20)
            #expect(pool.transactionMetrics.transactionRetries > 0)
        }
    }

    @Test func `a deadlock is run again`() async throws {
        let database = try database()
        try TestCluster.execute("INSERT INTO counters VALUES (1, 0), (2, 0)", on: database)
        try await withPool(database) { pool in
            let add = Command<Int>("UPDATE counters SET n = n + 1 WHERE id = $1")
            _ = try await all(0..<2) { number in
                try await pool.transaction { transaction in
                    try await transaction.execute(add, 1 + number)
                    try await pool.loop.sleep(for: .milliseconds(50))
                    try await transaction.execute(add, 2 - number)
                }
            }
            let sums = try await pool.session().rows(Statement<Int>("SELECT n FROM counters ORDER BY id"))
            #expect(sums == [2, 2])
            #expect(pool.transactionMetrics.transactionRetries >= 1)
        }
    }

    @Test func `a cancelled transaction is undone and its connection settles`() async throws {
        try await withPool(try database()) { options in
            options.transactionConnections = 1
        } _: { pool in
            let task = pool.loop.startTask { () -> Bool in
                do {
                    try await pool.transaction { transaction in
                        try await transaction.execute(Self.insert, 1)
                        _ = try await transaction.one(Statement<Int>("SELECT 1 FROM pg_sleep(60)"))
                    }
                } catch is CancellationError { return true } catch {}
                return false
            }
            try await pool.loop.sleep(for: .milliseconds(100))
            task.cancel()
            #expect(await task.value)
            for number in 10..<20 { try await pool.transaction { _ = try await $0.execute(Self.insert, number) } }
            let count = try await pool.session().one(Self.count)
            #expect(count == 10)
        }
    }

    @Test func `those who wait are served in their order`() async throws {
        try await withPool(try database()) { options in
            options.transactionConnections = 1
        } _: { pool in
            _ = try await all(0..<50) { number in
                try await pool.transaction { transaction in
                    try await transaction.execute(
                        Command<Int>("INSERT INTO counters SELECT count(*), $1 FROM counters"),
                        number
                    )
                }
            }
            let order = try await pool.session().rows(Statement<Int>("SELECT n FROM counters ORDER BY id"))
            #expect(order == Array(0..<50))
        }
    }

    @Test func `a queue that is full refuses, and one that is slow gives up`() async throws {
        try await withPool(try database()) { options in
            options.transactionConnections = 1
            options.queueLimit = 2
            options.queueDeadline = .milliseconds(100)
        } _: { pool in
            let hold = Statement<Int>("SELECT 1 FROM pg_sleep(0.5)")
            try await pool.transaction { _ = try await $0.execute(Self.insert, 0) }
            let answers = try await all(0..<5) { number -> String in
                do { return try await pool.transaction { try await "\($0.one(hold))" } } catch { return "\(error)" }
            }
            #expect(answers.filter { $0 == "1" }.count == 1)
            #expect(answers.filter { $0 == PostgresError.queueTimeout.description }.count == 2)
            #expect(answers.filter { $0 == PostgresError.queueFull.description }.count == 2)
            #expect(pool.transactionMetrics.queueTimeouts == 2)
            #expect(pool.transactionMetrics.queueRefusals == 2)
        }
    }

    private static let shapes: [Statement<Int>] = [
        Statement("SELECT n AS a FROM shapes"), Statement("SELECT n AS b FROM shapes"),
        Statement("SELECT n AS c FROM shapes"), Statement("SELECT n AS d FROM shapes"),
        Statement("SELECT n AS e FROM shapes"), Statement("SELECT n AS f FROM shapes"),
        Statement("SELECT n AS g FROM shapes"), Statement("SELECT n AS h FROM shapes"),
    ]

    @Test func `a transaction of many statements whose tables have changed is run again once`() async throws {
        let database = try TestCluster.database()
        try TestCluster.execute("CREATE TABLE shapes AS SELECT 1 AS n", on: database)
        try await withPool(database) { options in
            options.transactionConnections = 1
        } _: { pool in
            for round in 0..<3 {
                let sum = try await pool.transaction { transaction in
                    var sum = 0
                    for statement in Self.shapes { sum += try await transaction.one(statement) }
                    return sum
                }
                #expect(sum == 8)
                #expect(pool.transactionMetrics.transactionRetries == UInt64(round))
                let type = ["int8", "int2", "int4"][round]
                try TestCluster.execute("ALTER TABLE shapes ALTER n TYPE \(type)", on: database)
            }
            let batched = try await pool.transaction { transaction in
                Self.shapes.map { transaction.lastly.one($0) }
            }
            let values = try batched.map { try $0.get() }
            #expect(values == Array(repeating: 1, count: 8))
            #expect(pool.transactionMetrics.transactionRetries == 3)
        }
    }

    @Test func `what the server cannot do is not tried again`() async throws {
        let database = try TestCluster.database()
        try TestCluster.execute(
            """
            CREATE FUNCTION cannot() RETURNS int8 LANGUAGE plpgsql AS
                $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '0A000'; END $$
            """,
            on: database
        )
        let cannot = Statement<Int>("SELECT cannot()")
        try await withPool(database) { pool in
            for _ in 0..<3 {
                await #expect(throws: PostgresError.self) { try await pool.transaction { try await $0.one(cannot) } }
                let error = await #expect(throws: PostgresError.self) { try await pool.session().one(cannot) }
                #expect(error?.fault?.state == .featureNotSupported)
            }
            #expect(pool.transactionMetrics.transactionRetries == 0)
            #expect(pool.readMetrics.statements.preparations == 1)
        }
    }

    @Test func `a transaction that has ended runs nothing`() async throws {
        try await withPool(try database()) { pool in
            let kept = try await pool.transaction { transaction in
                try await transaction.execute(Self.insert, 1)
                return transaction
            }
            await #expect(throws: PostgresError.closed) { try await kept.execute(Self.insert, 2) }
        }
    }

    @Test func `a savepoint undoes what it wanted done last and afterwards`() async throws {
        try await withPool(try database()) { pool in
            let log = Log()
            try await pool.transaction { transaction in
                transaction.lastly.execute(Self.insert, 1)
                transaction.afterCommit { log.told.append(1) }
                await #expect(throws: Refused.self) {
                    try await transaction.savepoint { inner in
                        inner.lastly.execute(Self.insert, 2)
                        inner.afterCommit { log.told.append(2) }
                        throw Refused()
                    }
                }
                try await transaction.savepoint { inner in
                    inner.lastly.execute(Self.insert, 3)
                    inner.afterCommit { log.told.append(3) }
                }
            }
            let kept = try await pool.session().rows(Statement<Int>("SELECT n FROM things ORDER BY n"))
            #expect(kept == [1, 3])
            #expect(log.told == [1, 3])
        }
    }

    /// Used on one loop.
    private final class Log: @unchecked Sendable {
        var told: [Int] = []
    }
}
