import EventLoop
import PostgresClient
import PostgresEmbedded
import PostgresTesting
import Testing

/// Behind a pooler that gives each transaction another connection, with fewer to the server than there are clients.
@Suite(.serialized, .timeLimit(.minutes(3))) struct PoolerTests {
    private static let echo = Statement<Int, Int>("SELECT $1")
    private static let process = Statement<Int>("SELECT pg_backend_pid()::int8")
    private static let add = Command<Int>("INSERT INTO things VALUES ($1)")
    private static let things = Statement<Int>("SELECT n FROM things ORDER BY n")
    private static let sleep = Statement<Int>("SELECT 1 FROM pg_sleep(60)")

    private func withPooler<Value: Sendable>(
        _ body: @escaping @Sendable (PostgresPool, EmbeddedPostgres) async throws -> Value
    ) async throws -> Value {
        let cluster = try TestCluster.start("pooled")
        defer { cluster.stop() }
        try TestCluster.execute(
            "DROP TABLE IF EXISTS things; CREATE TABLE things (n int8 PRIMARY KEY)",
            on: cluster.connectionString
        )
        let pooler = try TestPooler(cluster)
        defer { pooler.stop() }
        return try await withPool(pooler.connectionString) { options in
            options.primary.preparesStatements = false
        } _: {
            try await body($0, cluster)
        }
    }

    @Test func `many reads and transactions share few connections of the server`() async throws {
        try await withPooler { pool, _ in
            let answers = try await all(0..<200) { number -> Int in
                if number % 4 == 0 { try await pool.transaction { _ = try await $0.execute(Self.add, number) } }
                return try await pool.session().one(Self.echo, number)
            }
            #expect(answers == Array(0..<200))
            #expect(try await pool.session().rows(Self.things) == stride(from: 0, to: 200, by: 4).map { $0 })
            let processes = try await all(0..<40) { _ in
                try await pool.transaction { try await $0.one(Self.process) }
            }
            #expect(Set(processes).count <= 3)
        }
    }

    @Test func `an error behind the pooler is that of its statement, and a transaction is one`() async throws {
        struct Refused: Error {}
        try await withPooler { pool, _ in
            try await pool.transaction { _ = try await $0.execute(Self.add, 1) }
            let error = await #expect(throws: PostgresError.self) {
                try await pool.transaction { transaction in
                    try await transaction.execute(Self.add, 2)
                    try await transaction.execute(Self.add, 1)
                }
            }
            #expect(error?.fault?.constraint == "things_pkey")
            await #expect(throws: Refused.self) {
                try await pool.transaction { transaction in
                    try await transaction.execute(Self.add, 3)
                    throw Refused()
                }
            }
            #expect(try await pool.session().rows(Self.things) == [1])
        }
    }

    @Test func `a deadline stops what runs behind the pooler`() async throws {
        try await withPooler { pool, cluster in
            await #expect(throws: PostgresError.deadlineExceeded) {
                try await pool.session(within: .milliseconds(200)).one(Self.sleep)
            }
            let answers = try await all(0..<20) { try await pool.session().one(Self.echo, $0) }
            #expect(answers == Array(0..<20))
            let running = try TestCluster.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(60)' AND state = 'active'",
                on: cluster.connectionString
            )
            #expect(running == "0")
        }
    }

    /// The pooler says in the server's place that it is gone, which is no refusal.
    @Test func `what the pooler has lost on the way is read again, and a commit is unknown`() async throws {
        try await withPooler { pool, cluster in
            let terminate = """
                SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                WHERE datname = 'atrium' AND pid <> pg_backend_pid()
                """
            _ = try await pool.session().one(Self.echo, 1)
            for number in 0..<3 {
                try TestCluster.execute(terminate, on: cluster.connectionString)
                #expect(try await pool.session().one(Self.echo, number) == number)
            }
            try await withUnansweredCommits(cluster) { waiting in
                let commit = pool.loop.startTask { () -> PostgresError? in
                    do { try await pool.transaction { _ = try await $0.execute(Self.add, 7) } } catch {
                        return error as? PostgresError
                    }
                    return nil
                }
                try await waiting(pool.loop)
                try TestCluster.execute(terminate, on: cluster.connectionString)
                #expect(await commit.value == .commitUnknown)
            }
            #expect(try await pool.session().rows(Self.things) == [7])
        }
    }
}
