import EventLoop
import PostgresClient
import PostgresTesting
import Testing

@Suite(.timeLimit(.minutes(3))) struct StatementStatisticsTests {
    private static let numbers = Statement<Int, Int>("SELECT n FROM generate_series(1, $1) AS n")
    private static let sleep = Statement<Bool>("SELECT pg_sleep(0.05) IS NOT NULL")
    private static let add = Command<Int>("INSERT INTO things SELECT n FROM generate_series(1, $1) AS n")
    private static let broken = Statement<Int, Int>("SELECT 1 / $1::int8")

    private func database() throws -> String {
        let database = try TestCluster.database()
        try TestCluster.execute("CREATE TABLE things (n int8)", on: database)
        return database
    }

    private func entry(_ pool: PostgresPool, _ name: String) -> StatementStatistics.Entry? {
        pool.statistics.all.first { $0.name == name }
    }

    @Test func `what a statement took is told by its name, however it ran`() async throws {
        try await withPool(try database()) { pool in
            for count in [3, 4] { _ = try await pool.session().rows(Self.numbers, count) }
            let numbers = try #require(entry(pool, Self.numbers.text.name))
            #expect(numbers.durations.count == 2 && numbers.rows == 7 && numbers.errors == 0)
            #expect(numbers.name.hasPrefix("PostgresClientTests/StatementStatisticsTests.swift:"))

            _ = try await pool.session().one(Self.sleep)
            let sleep = try #require(entry(pool, Self.sleep.text.name))
            #expect(sleep.durations.longest >= 49_000_000 && sleep.durations.longest < 5_000_000_000)
            #expect(sleep.classes.counts.reduce(0, +) == 1)

            // By itself, in a transaction and in one message with COMMIT.
            try await pool.write().execute(Self.add, 2)
            try await pool.transaction { transaction in
                try await transaction.execute(Self.add, 3)
                transaction.lastly.execute(Self.add, 5)
            }
            let add = try #require(entry(pool, Self.add.text.name))
            #expect(add.durations.count == 3 && add.rows == 10)

            await #expect(throws: PostgresError.self) { try await pool.session().one(Self.broken, 0) }
            let broken = try #require(entry(pool, Self.broken.text.name))
            #expect(broken.errors == 1 && broken.rows == 0 && broken.durations.count >= 1)
            #expect(pool.statistics.untold == 0)
        }
    }

    @Test func `statements beyond the limit are counted together`() async throws {
        try await withPool(try database()) { options in
            options.measuredStatements = 1
        } _: { pool in
            for _ in 0..<3 { _ = try await pool.session().rows(Self.numbers, 1) }
            #expect(pool.statistics.all.count <= 1 && pool.statistics.untold >= 3)
        }
    }

    @Test func `several loops are told as one`() async throws {
        let database = try database()
        let first = try await withPool(database) { pool in
            _ = try await pool.session().rows(Self.numbers, 3)
            return pool.statistics.all
        }
        let second = try await withPool(database) { pool in
            _ = try await pool.session().rows(Self.numbers, 4)
            _ = try await pool.session().one(Self.sleep)
            return pool.statistics.all
        }
        let merged = [StatementStatistics.Entry].merged([first, second])
        #expect(Set(merged.map(\.name)).count == merged.count)
        #expect(merged.first { $0.name == Self.numbers.text.name }?.rows == 7)
        #expect(merged.contains { $0.name == Self.sleep.text.name })
    }
}
