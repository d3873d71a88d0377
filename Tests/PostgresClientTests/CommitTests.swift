import EventLoop
import PostgresClient
import PostgresEmbedded
import PostgresTesting
import Testing

/// What becomes of a COMMIT whose answer does not come: the server has done it, and waits for a standby that is not there.
@Suite(.serialized, .timeLimit(.minutes(3))) struct CommitTests {
    private static let add = Command<Int>("INSERT INTO things (n) VALUES ($1)")
    private static let quickly = PlainCommand("SET LOCAL synchronous_commit = off")
    private static let things = Statement<Int>("SELECT n FROM things ORDER BY n")

    /// Used on one loop.
    private final class Log: @unchecked Sendable {
        var afterwards = 0
        var isCancelled = false
    }

    private typealias Body =
        @Sendable (PostgresPool, EmbeddedPostgres, _ waiting: (EventLoop) async throws -> Void) async throws -> Void

    private func withServer(_ body: @escaping Body) async throws {
        let cluster = try TestCluster.start("commits")
        defer { cluster.stop() }
        try TestCluster.execute(
            "DROP TABLE IF EXISTS things; CREATE TABLE things (n int8 PRIMARY KEY)",
            on: cluster.connectionString
        )
        try await withPool(cluster.connectionString) { options in
            options.transactionConnections = 1
        } _: { pool in
            try await withUnansweredCommits(cluster) { try await body(pool, cluster, $0) }
        }
    }

    @Test func `a commit whose connection is lost may have happened`() async throws {
        try await withServer { pool, cluster, waiting in
            let log = Log()
            let commit = pool.loop.startTask { () -> PostgresError? in
                do {
                    try await pool.transaction { transaction in
                        try await transaction.execute(Self.add, 1)
                        transaction.afterCommit { log.afterwards += 1 }
                    }
                } catch { return error as? PostgresError }
                return nil
            }
            try await waiting(pool.loop)
            try TestCluster.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event = 'SyncRep'",
                on: cluster.connectionString
            )
            #expect(await commit.value == .commitUnknown)
            #expect(log.afterwards == 0)
            #expect(pool.transactionMetrics.commitsUnknown == 1)
            #expect(pool.transactionMetrics.transactionRetries == 0)
            #expect(try await pool.session().rows(Self.things) == [1])
        }
    }

    @Test func `a commit that is answered too late may have happened, and its connection goes on`() async throws {
        try await withServer { pool, _, _ in
            await #expect(throws: PostgresError.commitUnknown) {
                try await pool.transaction(within: .milliseconds(300)) { _ = try await $0.execute(Self.add, 1) }
            }
            try await pool.transaction { transaction in
                try await transaction.execute(Self.quickly)
                try await transaction.execute(Self.add, 2)
            }
            #expect(try await pool.session().rows(Self.things) == [1, 2])
            #expect(pool.transactionMetrics.connects == 1)
        }
    }

    @Test func `whoever is cancelled while he commits hears what has happened`() async throws {
        try await withServer { pool, cluster, waiting in
            let log = Log()
            let commit = pool.loop.startTask { () -> Int? in
                try? await pool.transaction { transaction in
                    try await transaction.execute(Self.add, 1)
                    transaction.afterCommit { log.afterwards += 1 }
                    return 1
                }
            }
            try await waiting(pool.loop)
            commit.cancel()
            try await pool.loop.sleep(for: .milliseconds(50))
            try TestCluster.execute(
                "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE wait_event = 'SyncRep'",
                on: cluster.connectionString
            )
            #expect(await commit.value == 1)
            #expect(log.afterwards == 1)
            #expect(try await pool.session().rows(Self.things) == [1])
        }
    }

    @Test func `whoever is cancelled before he commits has changed nothing`() async throws {
        try await withServer { pool, _, _ in
            let log = Log()
            let task = pool.loop.startTask { () -> Bool in
                do {
                    try await pool.transaction { transaction in
                        try await transaction.execute(Self.quickly)
                        try await transaction.execute(Self.add, 1)
                        while !log.isCancelled { try? await pool.loop.sleep(for: .milliseconds(5)) }
                    }
                } catch is CancellationError { return true } catch {}
                return false
            }
            try await pool.loop.sleep(for: .milliseconds(50))
            task.cancel()
            log.isCancelled = true
            #expect(await task.value)
            #expect(try await pool.session().rows(Self.things) == [])
        }
    }
}

/// Runs `body` while the cluster answers no commit of a change. What it is given waits until one is waited for.
func withUnansweredCommits(
    _ cluster: EmbeddedPostgres,
    _ body: ((EventLoop) async throws -> Void) async throws -> Void
) async throws {
    let place = cluster.connectionString
    func set(_ standby: String) throws {
        try TestCluster.execute("ALTER SYSTEM SET synchronous_standby_names = '\(standby)'", on: place)
        try TestCluster.execute("SELECT pg_reload_conf()", on: place)
        // The checkpointer tells the others, when it has heard of it itself.
        for _ in 0..<1_000 {
            if try TestCluster.execute("SHOW synchronous_standby_names", on: place) == standby { break }
        }
        try TestCluster.execute("CHECKPOINT", on: place)
    }
    try set("nobody")
    defer { try? set("") }
    try await body { loop in
        for _ in 0..<1_000 {
            let waiting = try TestCluster.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep'",
                on: place
            )
            if waiting != "0" { return }
            try await loop.sleep(for: .milliseconds(10))
        }
    }
}
