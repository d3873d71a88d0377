import Actions
import Data
import EventLoop
import FileStore
import Foundation
import OutboundHTTP
import PostgresClient
import PostgresTesting
import SocketTesting
import Testing

@testable import Server

@Suite(.timeLimit(.minutes(3))) struct HealthTests {
    private static let health = "{ health { status checks { name status latencyMilliseconds message } at } }"

    private func with(
        _ providers: [HealthCheckup.Provider] = [],
        limits: RequestLimits = RequestLimits(),
        keptFor: Duration = .zero,
        limit: Duration = .seconds(2),
        _ body: (APIServer) async throws -> Void
    ) async throws {
        var options = HealthCheckup.Options()
        options.keptFor = keptFor
        options.limit = limit
        let server = try await APIServer(limits: limits, healthProviders: providers, checkup: options)
        do { try await body(server) } catch {
            await server.stop()
            throw error
        }
        await server.stop()
    }

    /// The status of each check by its name.
    private func checks(_ answer: APIAnswer) -> [String: String] {
        var checks: [String: String] = [:]
        for index in 0..<answer.count("data.health.checks") {
            let path = "data.health.checks.\(index)"
            checks[answer["\(path).name"] ?? ""] = answer["\(path).status"]
        }
        return checks
    }

    @Test func `anybody is told that all is well`() async throws {
        try await with { server in
            let answer = try server.ask(Self.health)
            #expect(answer["data.health.status"] == "PASS", "\(answer.text)")
            #expect(checks(answer) == ["database": "PASS", "jobs": "PASS", "files": "PASS"])
            #expect(Double(answer["data.health.checks.0.latencyMilliseconds"] ?? "") ?? -1 >= 0)
        }
    }

    @Test func `jobs that wait too long, and folders that are not there, are told`() async throws {
        try await with { server in
            try server.sql(
                """
                INSERT INTO jobs (queue, name, priority, run_at) SELECT 'queue' || n % 3, 'none', n % 5 - 2,
                    now() + interval '1 hour' FROM generate_series(1, 200) AS n
                """
            )
            #expect(checks(try server.ask(Self.health))["jobs"] == "PASS")
            try server.sql(
                "INSERT INTO jobs (queue, name, priority, run_at) VALUES ('queue1', 'x', -1, now() - interval '30 s')"
            )
            let late = try server.ask(Self.health)
            #expect(checks(late)["jobs"] == "PASS" && late.text.contains("the oldest has waited for 3"))
            try server.sql(
                "INSERT INTO jobs (queue, name, priority, run_at) VALUES ('queue2', 'x', -2, now() - interval '90 s')"
            )
            let answer = try server.ask(Self.health)
            #expect(checks(answer)["jobs"] == "WARN" && answer["data.health.status"] == "WARN", "\(answer.text)")
            try FileManager.default.removeItem(atPath: server.fileFolder)
            let broken = try server.ask(Self.health)
            #expect(checks(broken)["files"] == "FAIL" && broken["data.health.status"] == "FAIL", "\(broken.text)")
        }
    }

    @Test func `files that hang are told in time, and keep nobody from being ready`() async throws {
        try await with(limit: .milliseconds(300)) { server in
            let pool = server.files.storage.pool
            let gate = DispatchSemaphore(value: 0)
            let checkup = HealthCheckup(server.identity, server.files.storage, server.outbound)
            let hung = (0..<2).map { _ in Task { try await pool.run { gate.wait() } } }
            for _ in 0..<3 {
                let answer = try server.ask(Self.health)
                #expect(checks(answer)["files"] == "FAIL" && checks(answer)["database"] == "PASS", "\(answer.text)")
                #expect(try await server.group.loops[0].start { await checkup.canServe() })
            }
            // It was asked once in all that time.
            #expect(pool.metrics.queued == 1)
            for _ in hung { gate.signal() }
            for one in hung { try await one.value }
            #expect(checks(try server.ask(Self.health))["files"] == "PASS")
        }
    }

    @Test func `a database that has too much to do is not away`() async throws {
        try await with(limit: .milliseconds(300)) { server in
            let (loop, database) = (server.group.loops[0], server.database)
            async let held: Void = loop.start {
                try await database.pool.transaction { transaction in
                    try await transaction.execute(PlainCommand("LOCK TABLE jobs IN ACCESS EXCLUSIVE MODE"))
                    try await loop.sleep(for: .seconds(2))
                }
            }
            try await Task.sleep(for: .milliseconds(300))
            let answer = try server.ask(Self.health)
            // What is asked on the same connection waits behind it.
            #expect(checks(answer)["jobs"] == "WARN" && checks(answer)["database"] != "FAIL", "\(answer.text)")
            #expect(answer.text.contains("is busy") && answer["data.health.status"] == "WARN")
            try await held
        }
    }

    @Test func `a service that is left alone is told by its name, and not by its host`() async throws {
        let nobody = "http://127.0.0.1:1"
        try await with([HealthCheckup.Provider("mail", nobody), HealthCheckup.Provider("bucket", "http://127.0.0.1:2")])
        {
            server in
            #expect(checks(try server.ask(Self.health))["mail"] == "PASS")
            try await server.group.loops[0].start { [outbound = server.outbound] in
                var request = OutboundRequest("GET", nobody + "/")
                request.reach = .anywhere
                for _ in 0..<5 { _ = try? await outbound.send(request) }
            }
            let answer = try server.ask(Self.health)
            #expect(checks(answer)["mail"] == "WARN" && checks(answer)["bucket"] == "PASS", "\(answer.text)")
            #expect(answer["data.health.status"] == "WARN" && !answer.text.contains("127.0.0.1"))
        }
    }

    @Test func `a database that is away is told at once, and by nothing that strangers could use`() async throws {
        try await with { server in
            #expect(try server.ask(Self.health)["data.health.status"] == "PASS")
            let name = try #require(try server.sql("SELECT current_database()"))
            let rename = "ALTER DATABASE \(name) WITH ALLOW_CONNECTIONS false"
            try TestCluster.execute(rename, on: try TestCluster.database())
            try TestCluster.execute(
                "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = '\(name)'",
                on: try TestCluster.database()
            )
            let answer = try server.ask(Self.health)
            #expect(answer["data.health.status"] == "FAIL", "\(answer.text)")
            #expect(checks(answer)["database"] == "FAIL" && checks(answer)["files"] == "PASS")
            #expect(answer.text.contains("cannot be reached") && !answer.text.contains(name))
            try TestCluster.execute(
                "ALTER DATABASE \(name) WITH ALLOW_CONNECTIONS true",
                on: try TestCluster.database()
            )
        }
    }

    @Test func `an address may ask sixty times a minute, and the database has to do with it once a second`()
        async throws
    {
        var limits = RequestLimits()
        limits.options = RequestLimiter.Options()
        limits.options?.anonymousOperations = 1_000
        try await with(limits: limits, keptFor: .seconds(600)) { server in
            _ = try server.ask(Self.health)
            let before = try await server.allStatements()
            var admitted = 1
            var answer = try server.ask(Self.health)
            // Those of a second come back while it asks.
            while answer.errorCode == nil, admitted < 1_000 {
                admitted += 1
                answer = try server.ask(Self.health)
            }
            #expect((60..<300).contains(admitted), "\(admitted)")
            #expect(answer.errorCode == "RATE_LIMITED" && answer["errors.0.extensions.retryAfterSeconds"] == "1")
            #expect(try await server.allStatements() <= before + 12)
            server.pass(seconds: 2)
            #expect(try server.ask(Self.health)["data.health.status"] == "PASS")
        }
    }

    @Test func `many who ask at once wait for one look`() async throws {
        try await with(keptFor: .seconds(600)) { server in
            let sockets = try (0..<20).map { _ in try server.socket() }
            let before = try await server.statements()
            for socket in sockets { try socket.send(server.request(Self.health, [:])) }
            for socket in sockets { #expect(try APIAnswer(from: socket)["data.health.status"] == "PASS") }
            #expect(try await server.statements() == before + 2)
        }
    }
}
