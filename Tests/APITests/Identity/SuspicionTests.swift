import Actions
import PostgresClient
import SocketTesting
import Synchronization
import Testing

@testable import Server

/// What operators hear of those who try to get in, or ask for too much.
@Suite(.timeLimit(.minutes(3))) struct SuspicionTests {
    private func count(_ metric: String, _ server: APIServer) throws -> String? {
        let lines = try server.metricsText().split(whereSeparator: \.isNewline)
        return lines.first { $0.hasPrefix(metric + " ") }.map { String($0.dropFirst(metric.count + 1)) }
    }

    @Test func `an address that tries five accounts is told once, and no name is`() async throws {
        try await APIServer.with { server in
            try server.register("ida")
            for name in ["ida", "bob", "eve", "joe"] { _ = try server.askSignIn(name, "wrong horse battery") }
            #expect(server.suspicions.kinds == [])
            _ = try server.askSignIn("sue@example.org", "wrong horse battery")
            // Five failures lock an address, too.
            #expect(server.suspicions.kinds == [.accountsTried, .addressLocked])
            for _ in 0..<4 { _ = try server.askSignIn("ann", "wrong horse battery") }
            #expect(server.suspicions.kinds.count == 2)
            _ = try server.askSignIn("ann", "wrong horse battery")
            #expect(server.suspicions.kinds == [.accountsTried, .addressLocked, .signInsRefused])
            #expect(server.suspicions.all.withLock { $0.allSatisfy { $0.actor == nil && $0.client.address != nil } })
            #expect(try count("atrium_sign_ins_refused_total{reason=\"wrong_password\"}", server) == "5")
            #expect(try count("atrium_sign_ins_refused_total{reason=\"locked\"}", server) == "5")
            #expect(try count("atrium_suspicions_total{what=\"accounts_tried\"}", server) == "1")
            // Ten minutes later it begins anew.
            server.pass(seconds: 601)
            for _ in 0..<10 { _ = try server.askSignIn("ann", "wrong horse battery") }
            #expect(server.suspicions.kinds.filter { $0 == .signInsRefused }.count == 2)
        }
    }

    @Test func `an account that gets locked is told by its id`() async throws {
        try await APIServer.with { server in
            try server.register("ida")
            for _ in 0..<6 { _ = try server.askSignIn("ida", "wrong horse battery") }
            #expect(server.suspicions.kinds == [.accountLocked, .addressLocked])
            let actor = server.suspicions.all.withLock { $0[0].actor }
            #expect(try server.sql("SELECT id FROM users") == actor.map { "\($0)" })
        }
    }

    @Test func `who mistypes and gets in then is nobody's business`() async throws {
        try await APIServer.with { server in
            try server.register("ida")
            for _ in 0..<4 { _ = try server.askSignIn("ida", "wrong horse battery") }
            #expect(try server.askSignIn("ida", password).codes("signIn") == [])
            #expect(server.suspicions.kinds == [])
        }
    }

    @Test func `too many attempts are counted as refused`() async throws {
        try await APIServer.with(options: { $0.signInsPerMinute = 2 }) { server in
            for _ in 0..<4 { _ = try server.askSignIn("nobody", "wrong horse battery") }
            #expect(try count("atrium_sign_ins_refused_total{reason=\"limited\"}", server) == "2")
        }
    }

    @Test func `a key that does not count is told once a minute, and counted once a request`() async throws {
        try await APIServer.with { server in
            let ida = try server.register("ida")
            let created = try server.ask(
                """
                mutation { apiKeyCreate(input: {name: "robot", scopes: [PROFILE_READ]}) {
                    secret apiKey { id } userErrors { code } } }
                """,
                token: ida.access
            )
            let secret = try #require(created["data.apiKeyCreate.secret"], "\(created.text)")
            let id = try #require(created["data.apiKeyCreate.apiKey.id"])
            let query = "{ a: viewer { user { id } } b: viewer { user { id } } }"
            #expect(try server.ask(query, token: secret).errorCode == nil)
            #expect(server.suspicions.kinds == [])
            let wrong = String(secret.dropLast(4)) + (secret.hasSuffix("AAAA") ? "BBBB" : "AAAA")
            for _ in 0..<2 { #expect(try server.ask(query, token: wrong).errorCode == "UNAUTHENTICATED") }
            #expect(server.suspicions.kinds == [.keyRefused])
            _ = try server.ask(
                "mutation ($id: ID!) { apiKeyRevoke(id: $id) { userErrors { code } } }",
                ["id": id],
                token: ida.access
            )
            server.pass(seconds: 61)
            #expect(try server.ask(query, token: secret).errorCode == "UNAUTHENTICATED")
            #expect(server.suspicions.kinds == [.keyRefused, .keyRefused])
            let refused = "atrium_keys_refused_total"
            let unknown = try #require(try count(refused + "{reason=\"unknown\"}", server).flatMap(Int.init))
            let mismatched = try #require(try count(refused + "{reason=\"wrong_secret\"}", server).flatMap(Int.init))
            #expect(unknown + mismatched == 2)
            #expect(try count(refused + "{reason=\"over\"}", server) == "1")
        }
    }

    @Test func `operations beyond a limit are told once a minute`() async throws {
        let deep = "{ node(id: \(String(repeating: "[", count: 300))\(String(repeating: "]", count: 300))) { id } }"
        let dear = "{" + (0..<300).map { " a\($0): groups(first: 100) { nodes { name } }" }.joined() + " }"
        try await APIServer.with { server in
            #expect(try server.ask(deep).errorCode == "QUERY_TOO_DEEP")
            #expect(try server.ask(dear).errorCode?.hasPrefix("QUERY_TOO_") == true)
            _ = try server.ask("{ nothing }")
            #expect(server.suspicions.kinds == [.operationTooLarge])
            server.pass(seconds: 61)
            _ = try server.ask(deep)
            #expect(server.suspicions.kinds == [.operationTooLarge, .operationTooLarge])
            #expect(try count("atrium_suspicions_total{what=\"operation_too_large\"}", server) == "2")
        }
    }
}
