import SocketTesting
import Testing

@testable import Server

/// Every error has a code for programs, and operators see how many there are of each.
@Suite(.timeLimit(.minutes(3))) struct ErrorCodeTests {
    private func count(_ code: String, _ server: APIServer) throws -> Int {
        let text = try server.metricsText()
        let line = text.split(whereSeparator: \.isNewline).first {
            $0.hasPrefix("atrium_graphql_errors_total{code=\"\(code)\"} ")
        }
        return line.flatMap { $0.split(separator: " ").last }.flatMap { Int($0) } ?? 0
    }

    @Test func `what keeps a request from being executed has a code, and is counted once`() async throws {
        let deep = "{ node(id: \(String(repeating: "[", count: 300))\(String(repeating: "]", count: 300))) { id } }"
        try await APIServer.with { server in
            for (query, code) in [
                ("{ viewer {", "GRAPHQL_PARSE_FAILED"), ("{ nothing }", "GRAPHQL_VALIDATION_FAILED"),
                ("query A { __typename } query B { __typename }", "GRAPHQL_VALIDATION_FAILED"),
                ("query ($a: String!) { usernameAvailable(username: $a) }", "BAD_USER_INPUT"),
                (deep, "QUERY_TOO_DEEP"), ("{ viewer { user { id } } }", "UNAUTHENTICATED"),
            ] {
                let before = try count(code, server)
                #expect(
                    try server.ask(query, token: code == "UNAUTHENTICATED" ? "none" : nil).errorCode == code,
                    "\(query)"
                )
                #expect(try count(code, server) == before + 1, "\(query)")
            }
        }
    }

    @Test func `a request that is none is BAD_REQUEST`() async throws {
        try await APIServer.with { server in
            for (body, type) in [
                ("{", "application/json"), ("[]", "application/json"), ("{}", "application/json"), ("{}", "text/plain"),
            ] {
                let before = try count("BAD_REQUEST", server)
                let socket = try server.socket()
                try socket.send(
                    "POST /graphql HTTP/1.1\r\nhost: test\r\ncontent-type: \(type)\r\ncontent-length: \(body.count)\r\n\r\n\(body)"
                )
                #expect(try APIAnswer(from: socket).errorCode == "BAD_REQUEST", "\(body)")
                #expect(try count("BAD_REQUEST", server) == before + 1)
            }
        }
    }

    @Test func `fields are counted by what their clients see`() async throws {
        try await APIServer.with { server in
            let ida = try server.register("ida")
            #expect(
                try server.ask("{ viewer { securityLog(first: -1) { nodes { action } } } }", token: ida.access)
                    .errorCode
                    == "BAD_USER_INPUT"
            )
            #expect(try count("BAD_USER_INPUT", server) == 1)
            let create = "mutation ($s: String!) { teamCreate(input: {name: $s, slug: $s}) { team { id } } }"
            var codes: [String] = []
            // Ten are let in at once, and more as time goes by.
            for number in 0..<60 where codes.count < 2 {
                if let code = try server.ask(create, ["s": "team-\(number)"], token: ida.access).errorCode {
                    codes.append(code)
                }
            }
            #expect(codes == ["RATE_LIMITED", "RATE_LIMITED"])
            #expect(try count("RATE_LIMITED", server) == 2 && count("INTERNAL", server) == 0)
        }
    }

    @Test func `operationMetrics tells how often an operation was refused`() async throws {
        try await APIServer.with { server in
            let ida = try server.register("ida")
            try server.sql("INSERT INTO user_roles (user_id, role) SELECT id, 'SUPPORT' FROM users")
            server.pass(seconds: 2)
            let ask = "query Free($name: String!) { usernameAvailable(username: $name) }"
            // Of what was never executed nothing is kept.
            _ = try server.ask("query Never($name: String!) { usernameAvailable(username: $name) }")
            _ = try server.ask(ask, ["name": "bob"])
            for _ in 0..<2 { _ = try server.ask(ask) }
            let told = try server.ask(
                "{ operationMetrics(range: LAST_HOUR, first: 100) { operationName count errorCount refusedCount } }",
                token: ida.access
            )
            let all = (0..<told.count("data.operationMetrics")).map { "data.operationMetrics.\($0)" }
            let free = try #require(all.first { told["\($0).operationName"] == "Free" }, "\(told.text)")
            #expect(told["\(free).count"] == "1" && told["\(free).errorCount"] == "0", "\(told.text)")
            #expect(told["\(free).refusedCount"] == "2" && !told.text.contains("Never"))
        }
    }
}
