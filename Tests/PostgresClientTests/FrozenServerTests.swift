import EventLoop
import Glibc
import PostgresClient
import PostgresTesting
import Testing
import WaitTesting

/// Server processes that are stopped for a while: they answer late, or too late, as behind a network that is cut.
@Suite(.serialized, .timeLimit(.minutes(3))) struct FrozenServerTests {
    private static let echo = Statement<Int, Int>("SELECT $1")
    private static let process = Statement<Int>("SELECT pg_backend_pid()::int8")

    @Test func `an answer that comes too late reaches nobody, and those behind it their own`() async throws {
        try await withPool(try TestCluster.database()) { options in
            options.readConnections = 1
        } _: { pool in
            let process = Int32(try await pool.session().one(Self.process))
            kill(process, SIGSTOP)
            defer { kill(process, SIGCONT) }
            let late = try await all(0..<20) { number in
                do { return try await "\(pool.session(within: .milliseconds(200)).one(Self.echo, number))" } catch {
                    return "\(error)"
                }
            }
            #expect(Set(late) == [PostgresError.deadlineExceeded.description])
            kill(process, SIGCONT)
            let answers = try await all(100..<150) { try await pool.session().one(Self.echo, $0) }
            #expect(answers == Array(100..<150))
            #expect(pool.readMetrics.connects == 1)
        }
    }

    @Test func `a connection that does not come back is given up, and another one made`() async throws {
        try await withPool(try TestCluster.database()) { options in
            options.readConnections = 1
            options.primary.cancelGrace = .milliseconds(100)
        } _: { pool in
            let process = try await pool.session().one(Self.process)
            kill(Int32(process), SIGSTOP)
            defer { kill(Int32(process), SIGCONT) }
            await #expect(throws: PostgresError.deadlineExceeded) {
                try await pool.session(within: .milliseconds(100)).one(Self.echo, 1)
            }
            #expect(try await pool.session().one(Self.process) != process)
            #expect(pool.readMetrics.connectionsLost == 1)
        }
    }

    @Test func `a quiet connection is asked whether it still works, and replaced when it does not`() async throws {
        try await withPool(try TestCluster.database()) { options in
            options.healthCheckInterval = .milliseconds(100)
            options.primary.connectTimeout = .milliseconds(500)
        } _: { pool in
            let process = try await pool.session().one(Self.process)
            let statements = pool.readMetrics.statements.statements
            try await eventually { pool.readMetrics.statements.statements > statements }
            #expect(pool.readMetrics.connections == 1)
            kill(Int32(process), SIGSTOP)
            defer { kill(Int32(process), SIGCONT) }
            try await eventually { pool.readMetrics.connections == 0 }
            #expect(try await pool.session().one(Self.process) != process)
        }
    }

    @Test func `a listener whose connection is silent for good listens over another one`() async throws {
        let database = try TestCluster.database()
        try await onLoop { loop in
            let heard = Heard()
            var options = ConnectionOptions(database)
            options.listenerCheckInterval = .milliseconds(100)
            options.connectTimeout = .milliseconds(500)
            let listener = NotificationListener(["things"], options, on: loop) {
                heard.gaps += 1
            } onNotification: {
                heard.payloads.append("\($0) \($1)")
            }
            defer { listener.stop() }
            try await eventually { heard.gaps == 1 }
            let listening = try TestCluster.execute(
                "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'atrium'",
                on: database
            )
            let process = try #require(listening.flatMap { Int32($0) })
            kill(process, SIGSTOP)
            defer { kill(process, SIGCONT) }
            try await eventually { heard.gaps == 2 }
            try TestCluster.execute("NOTIFY things, 'again'", on: database)
            try await eventually { heard.payloads == ["things again"] }
        }
    }

    private final class Heard {
        var gaps = 0
        var payloads: [String] = []
    }
}
