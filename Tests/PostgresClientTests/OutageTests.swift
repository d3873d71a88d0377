import EventLoop
import Glibc
import PostgresClient
import PostgresEmbedded
import PostgresTesting
import Testing

/// A server that is killed, stopped or full, and what its clients make of it.
@Suite(.serialized, .timeLimit(.minutes(3))) struct OutageTests {
    private static let add = Command<Int>("INSERT INTO things (n) VALUES ($1) ON CONFLICT DO NOTHING")
    private static let all = Statement<Int>("SELECT n FROM things ORDER BY n")
    private static let echo = Statement<Int, Int>("SELECT $1")

    private func withCluster(_ body: (EmbeddedPostgres) async throws -> Void) async throws {
        let cluster = try TestCluster.start("outage")
        try TestCluster.execute(
            "DROP TABLE IF EXISTS things; CREATE TABLE things (n int8 PRIMARY KEY, xmin_seen text)",
            on: cluster.connectionString
        )
        try await body(cluster)
        cluster.stop()
    }

    @Test func `no acknowledged write is lost when the server is killed under load`() async throws {
        try await withCluster { cluster in
            let rounds = 10
            let killer = Killer(cluster)
            let (acknowledged, kept) = try await withPool(cluster.connectionString) { options in
                options.queueDeadline = .seconds(30)
                options.statementDeadline = .seconds(30)
                options.longestBackOff = .milliseconds(200)
                options.breakerThreshold = 1_000
                options.transactionAttempts = 50
            } _: { pool in
                let written = try await withThrowingTaskGroup(of: [Int].self) { group in
                    for writer in 0..<8 {
                        group.addTask {
                            var written: [Int] = []
                            var number = writer
                            while killer.count < rounds {
                                // The same number again is the same write: a commit that may have happened is repeated.
                                do {
                                    try await pool.transaction { _ = try await $0.execute(Self.add, number) }
                                } catch PostgresError.commitUnknown { continue }
                                written.append(number)
                                number += 8
                            }
                            return written
                        }
                    }
                    group.addTask {
                        while killer.count < rounds {
                            try await pool.loop.sleep(for: .milliseconds(300))
                            killer.kill()
                        }
                        return []
                    }
                    return try await group.reduce(into: []) { $0 += $1 }
                }
                return (written.sorted(), try await pool.session().rows(Self.all))
            }
            #expect(killer.count == rounds)
            #expect(Set(acknowledged).subtracting(kept).count == 0)
            #expect(Set(acknowledged).count == acknowledged.count)
            #expect(acknowledged.count > 100)
        }
    }

    /// Kills the server's main process, when it has one.
    private final class Killer: @unchecked Sendable {
        private let cluster: EmbeddedPostgres
        private(set) var count = 0
        var runs = 0

        init(_ cluster: EmbeddedPostgres) { self.cluster = cluster }

        func kill() {
            guard let process = cluster.serverProcess, process != last else { return }
            last = process
            if Glibc.kill(process, SIGKILL) == 0 { count += 1 }
        }

        private var last: Int32 = 0
    }

    @Test func `reads go on by themselves after their connection was ended`() async throws {
        try await withCluster { cluster in
            try await withPool(cluster.connectionString) { pool in
                let session = pool.session()
                _ = try await session.one(Self.echo, 1)
                for number in 0..<5 {
                    try TestCluster.execute(
                        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = 'atrium'",
                        on: cluster.connectionString
                    )
                    let answer = try await session.one(Self.echo, number)
                    #expect(answer == number)
                }
                #expect(pool.readMetrics.connects >= 2)
            }
        }
    }

    @Test func `a server that is gone is refused at once after some attempts, and used again when it is back`()
        async throws
    {
        let cluster = try TestCluster.start("outage")
        let connectionString = cluster.connectionString
        cluster.stop()
        try await withPool(connectionString) { options in
            options.breakerThreshold = 3
            options.firstBackOff = .milliseconds(10)
            options.longestBackOff = .milliseconds(400)
        } _: { pool in
            let session = pool.session()
            let first = await #expect(throws: PostgresError.self) { try await session.one(Self.echo, 1) }
            guard case .unavailable(retryAfterSeconds: 1, let reason) = first else {
                Issue.record("\(String(describing: first))")
                return
            }
            #expect(reason.contains("No such file or directory"))
            let begin = EventLoop.monotonicTime()
            var refused = 0
            for _ in 0..<100 where (try? await session.one(Self.echo, 1)) == nil { refused += 1 }
            #expect(refused == 100)
            #expect(EventLoop.monotonicTime() - begin < 2_000_000_000)
            #expect(pool.readMetrics.breakerRefusals > 50)

            let again = try TestCluster.start("outage")
            var answer: Int?
            for _ in 0..<600 where answer == nil {
                answer = try? await session.one(Self.echo, 7)
                if answer == nil { try await pool.loop.sleep(for: .milliseconds(50)) }
            }
            #expect(answer == 7)
            again.stop()
        }
    }

    @Test func `a replica answers while it can, the primary when it cannot`() async throws {
        try await withCluster { cluster in
            let other = try TestCluster.start("replica")
            let replica = other.connectionString
            try await withPool(cluster.connectionString) { options in
                options.replica = ConnectionOptions(replica)
                options.breakerThreshold = 1
            } _: { pool in
                let place = Statement<String>("SELECT current_setting('unix_socket_directories')")
                let primaryPlace = try await pool.session().one(place)
                let before = try await pool.session(mayBeOld: true).one(place)
                #expect(before != primaryPlace)
                other.stop()
                let after = try await pool.session(mayBeOld: true).one(place)
                #expect(after == primaryPlace)
            }
        }
    }

    @Test func `a read that the replica had to give up is the primary's to answer`() async throws {
        try await withCluster { cluster in
            let other = try TestCluster.start("replica")
            let replica = other.connectionString
            let primary = cluster.connectionString
            let conflict = "BEGIN RAISE 'conflict with recovery' USING ERRCODE = '40001'; END"
            for (server, body) in [(primary, "BEGIN RETURN 7; END"), (replica, conflict)] {
                try TestCluster.execute(
                    "CREATE OR REPLACE FUNCTION seven() RETURNS int8 LANGUAGE plpgsql AS $$ \(body) $$",
                    on: server
                )
            }
            try await withPool(cluster.connectionString) { options in
                options.replica = ConnectionOptions(replica)
            } _: { pool in
                let seven = try await pool.session(mayBeOld: true).one(Statement<Int>("SELECT seven()"))
                #expect(seven == 7)
                #expect(pool.replicaMetrics?.statements.statements == 1)
            }
            other.stop()
        }
    }

    @Test func `a transaction whose connection ends before its commit is run again`() async throws {
        try await withCluster { cluster in
            try await withPool(cluster.connectionString) { pool in
                let runs = Killer(cluster)
                try await pool.transaction { transaction in
                    _ = try await transaction.execute(Self.add, 5)
                    runs.runs += 1
                    if runs.runs == 1 {
                        try TestCluster.execute(
                            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE state = 'idle in transaction'",
                            on: cluster.connectionString
                        )
                    }
                    _ = try await transaction.execute(Self.add, 6)
                }
                #expect(runs.runs == 2)
                #expect(try await pool.session().rows(Self.all) == [5, 6])
                #expect(pool.transactionMetrics.transactionRetries == 1)
            }
        }
    }

    @Test func `a server without room for more connections is waited for`() async throws {
        let cluster = try TestCluster.start("outage")
        try TestCluster.execute("DROP ROLE IF EXISTS few", on: cluster.connectionString)
        try TestCluster.execute("CREATE ROLE few LOGIN CONNECTION LIMIT 2", on: cluster.connectionString)
        try await withPool("\(cluster.connectionString) user=few") { options in
            options.transactionConnections = 4
            options.breakerThreshold = 2
        } _: { pool in
            let answers = try await PostgresClientTests.all(0..<20) { number in
                try await pool.transaction { transaction in
                    // The two that have room keep it until a third was refused.
                    for _ in 0..<1_000 where pool.transactionMetrics.connectFailures == 0 {
                        try await pool.loop.sleep(for: .milliseconds(5))
                    }
                    return try await transaction.one(Self.echo, number)
                }
            }
            #expect(answers == Array(0..<20))
            #expect(pool.transactionMetrics.connectFailures > 0)
        }
        cluster.stop()
    }

    @Test func `what cannot be reached is said`() async throws {
        await #expect(throws: PostgresError.self) {
            try await onLoop { loop in
                try await PostgresConnection.connect(ConnectionOptions("host=/nowhere user=x"), on: loop).close()
            }
        }
        let silent = try SilentServer()
        let error = await #expect(throws: PostgresError.self) {
            try await onLoop { loop in
                var options = ConnectionOptions("host=127.0.0.1 port=\(silent.port) user=x sslmode=disable")
                options.connectTimeout = .milliseconds(100)
                try await PostgresConnection.connect(options, on: loop).close()
            }
        }
        #expect(error == .cannotConnect("no answer in time"))
    }

    @Test func `attempts of one moment that fail are one failure`() async throws {
        let cluster = try TestCluster.start("outage")
        let connectionString = cluster.connectionString
        cluster.stop()
        try await withPool(connectionString) { options in
            options.breakerThreshold = 5
            options.firstBackOff = .seconds(10)
            options.longestBackOff = .seconds(10)
            options.queueDeadline = .milliseconds(300)
        } _: { pool in
            let errors = await withTaskGroup(of: PostgresError?.self) { group in
                for number in 0..<8 {
                    group.addTask {
                        do { try await pool.transaction { _ = try await $0.one(Self.echo, number) } } catch {
                            return error as? PostgresError
                        }
                        return nil
                    }
                }
                return await group.reduce(into: []) { $0.append($1) }
            }
            #expect(errors == Array(repeating: .queueTimeout, count: 8))
            #expect(pool.transactionMetrics.breakerOpenings == 0)
            #expect(pool.transactionMetrics.connectFailures >= 1)
        }
    }
}

/// Accepts connections and says nothing.
private final class SilentServer: Sendable {
    private let descriptor: Int32
    let port: UInt16

    init() throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let descriptor = descriptor
        let isBound = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, length) == 0 && listen(descriptor, 8) == 0
                    && getsockname(descriptor, $0, &length) == 0
            }
        }
        try #require(isBound)
        port = UInt16(bigEndian: address.sin_port)
    }

    deinit { close(descriptor) }
}
