import EventLoop
import Glibc
import PostgresClient
import PostgresEmbedded
import PostgresTesting
import Testing

/// A server that refuses changes for a while: as a standby, or because somebody has set it so.
@Suite(.serialized, .timeLimit(.minutes(3))) struct StandbyTests {
    private static let add = Command<Int>("INSERT INTO things (n) VALUES ($1)")
    private static let things = Statement<Int>("SELECT n FROM things ORDER BY n")

    private func prepare(_ cluster: EmbeddedPostgres) throws {
        try TestCluster.execute(
            "DROP TABLE IF EXISTS things; CREATE TABLE things (n int8 PRIMARY KEY)",
            on: cluster.connectionString
        )
    }

    private func refusal(_ pool: PostgresPool) async -> SQLState? {
        do {
            try await pool.transaction { _ = try await $0.execute(Self.add, 100) }
            return nil
        } catch { return (error as? PostgresError)?.fault?.state }
    }

    @Test func `a standby reads, refuses changes as such, and takes them when it is promoted`() async throws {
        let first = try TestCluster.start("standby")
        try prepare(first)
        let place = first.connectionString
        try await withPool(place) { options in
            options.breakerThreshold = 1_000
        } _: { pool in
            try await pool.transaction { _ = try await $0.execute(Self.add, 1) }
            first.stop()
            close(open("\(first.folder)/data/standby.signal", O_CREAT | O_WRONLY, 0o644))
            let standby = try TestCluster.start("standby")
            #expect(try await pool.session().rows(Self.things) == [1])
            #expect(await refusal(pool) == .readOnly)
            #expect(
                await #expect(throws: PostgresError.self) { try await pool.write().execute(Self.add, 100) }?.fault?
                    .state
                    == .readOnly
            )
            // A connection to a standby is of no use for changes: the next one may find a primary.
            #expect(pool.transactionMetrics.connections == 0)
            try TestCluster.execute("SELECT pg_promote()", on: place)
            try await pool.transaction { _ = try await $0.execute(Self.add, 2) }
            #expect(try await pool.session().rows(Self.things) == [1, 2])
            standby.stop()
        }
    }

    @Test func `a database that is set to read only is left so, and used again when it is not`() async throws {
        let database = try TestCluster.database()
        try TestCluster.execute("CREATE TABLE things (n int8 PRIMARY KEY)", on: database)
        try await withPool(database) { pool in
            try await pool.transaction { _ = try await $0.execute(Self.add, 1) }
            let name = try await pool.session().one(Statement<String>("SELECT current_database()"))
            try TestCluster.execute("ALTER DATABASE \(name) SET default_transaction_read_only = on", on: database)
            // Connections have it from their beginning.
            try TestCluster.execute(
                """
                SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                WHERE datname = current_database() AND pid <> pg_backend_pid()
                """,
                on: database
            )
            #expect(await refusal(pool) == .readOnly)
            #expect(try await pool.session().rows(Self.things) == [1])
            try TestCluster.execute(
                "BEGIN READ WRITE; ALTER DATABASE \(name) RESET default_transaction_read_only; COMMIT",
                on: database
            )
            #expect(await refusal(pool) == nil)
        }
    }
}
