import SocketTesting
import Testing

@testable import Server

/// What those may ask who keep the server running.
@Suite(.timeLimit(.minutes(3))) struct MetricsFieldTests {
    private func supporter(_ server: APIServer) throws -> String {
        let ida = try server.register("ida")
        try server.sql("INSERT INTO user_roles (user_id, role) SELECT id, 'SUPPORT' FROM users")
        server.pass(seconds: 2)
        return ida.access
    }

    @Test func `the process tells what it takes and does`() async throws {
        try await APIServer.with { server in
            let token = try supporter(server)
            _ = try server.ask(
                "mutation ($in: SignInInput!) { signIn(input: $in) { userErrors { code } } }",
                ["in": ["identifier": "ida", "password": "not hers at all"]]
            )
            let socket = try server.socket()
            let answer = try server.ask(
                """
                { systemMetrics { uptimeSeconds residentMemoryBytes cpuPercent loopPercent openConnections openSockets
                    activeSubscriptions poolInUse poolSize poolWaiting authFailures rateLimitViolations auditEvents jobsTaken
                    jobsFailed errorRate requestsPerSecond } }
                """,
                token: token
            )
            func number(_ field: String) -> Double { Double(answer["data.systemMetrics.\(field)"] ?? "") ?? -1 }
            #expect(number("residentMemoryBytes") > 1_000_000, "\(answer.text)")
            #expect(number("cpuPercent") > 0 && number("loopPercent") > 0 && number("loopPercent") <= 100)
            #expect(number("openConnections") >= 1 && number("openSockets") == 0)
            #expect(number("poolSize") >= 1 && number("poolInUse") >= 0 && number("poolWaiting") == 0)
            #expect(number("authFailures") >= 1 && number("auditEvents") >= 2)
            #expect(number("requestsPerSecond") > 0 && number("errorRate") == 0)
            #expect(number("uptimeSeconds") >= 0 && number("jobsTaken") == 0 && number("activeSubscriptions") == 0)
            _ = socket
        }
    }

    @Test func `operations and statements are told by their names, the costly ones first`() async throws {
        try await APIServer.with { server in
            let token = try supporter(server)
            for _ in 0..<3 { _ = try server.ask("query Me { viewer { permissions } }", token: token) }
            _ = try server.ask(#"query Nobody { team(id: "x") { id } }"#)
            let operations = try server.ask(
                """
                { operationMetrics(range: SINCE_START, first: 100) { operationName kind documentSha256 count errorCount
                    meanMilliseconds p50Milliseconds p95Milliseconds p99Milliseconds } }
                """,
                token: token
            )
            let named = (0..<operations.count("data.operationMetrics")).map { "data.operationMetrics.\($0)" }
            let me = try #require(named.first { operations["\($0).operationName"] == "Me" }, "\(operations.text)")
            #expect(operations["\(me).count"] == "3" && operations["\(me).errorCount"] == "0")
            #expect(operations["\(me).documentSha256"]?.count == 64 && operations["\(me).kind"] == "query")
            func time(_ field: String) -> Double { Double(operations["\(me).\(field)"] ?? "") ?? -1 }
            #expect(time("p50Milliseconds") > 0 && time("p50Milliseconds") <= time("p95Milliseconds"))
            #expect(time("p95Milliseconds") <= time("p99Milliseconds"))
            let nobody = try #require(named.first { operations["\($0).operationName"] == "Nobody" })
            #expect(operations["\(nobody).errorCount"] == "1")
            #expect(
                try server.ask("{ operationMetrics(first: 1) { count } }", token: token).count("data.operationMetrics")
                    == 1
            )

            let statements = try server.ask(
                """
                { slowQueries(first: 500) { fingerprint calls errorCount rows meanMilliseconds p95Milliseconds maxMilliseconds
                    totalMilliseconds } }
                """,
                token: token
            )
            let count = statements.count("data.slowQueries")
            #expect(count > 5)
            let totals = (0..<count).map { Double(statements["data.slowQueries.\($0).totalMilliseconds"] ?? "") ?? -1 }
            #expect(totals == totals.sorted(by: >))
            let users = (0..<count).first {
                statements["data.slowQueries.\($0).fingerprint"]?.hasPrefix("Data/UserWrites.swift:") == true
            }
            #expect(users != nil, "\(statements.text)")
        }
    }

    @Test func `nobody else is told`() async throws {
        try await APIServer.with { server in
            let ida = try server.register("ida")
            for field in ["systemMetrics { cpuPercent }", "operationMetrics { count }", "slowQueries { calls }"] {
                #expect(try server.ask("{ \(field) }").errorCode == "UNAUTHENTICATED")
                #expect(try server.ask("{ \(field) }", token: ida.access).errorCode == "FORBIDDEN")
            }
            #expect(try server.ask("{ slowQueries(first: 501) { calls } }", token: ida.access).errorCode != nil)
        }
    }

    @Test func `Prometheus is told of statements, the process and the audit log`() async throws {
        try await APIServer.with { server in
            _ = try server.register("ida")
            let text = try server.metricsText()
            for line in [
                "process_resident_memory_bytes ", "process_cpu_seconds_total ", "process_open_fds ",
                "process_start_time_seconds ", "atrium_database_connections_idle ", "atrium_jobs_died_total 0",
                "atrium_audit_entries_total{action=\"account.register\",outcome=\"succeeded\"} ",
                "atrium_graphql_operations_told ", "atrium_subscriptions_open 0",
            ] { #expect(text.contains("\n" + line), "\(line)") }
            let statement =
                /\natrium_database_statement_seconds_bucket\{statement="Data\/[A-Za-z+]+\.swift:[0-9]+",le="0.0001"\} [0-9]+\n/
            #expect(text.firstMatch(of: statement) != nil, "\(text)")
        }
    }
}
