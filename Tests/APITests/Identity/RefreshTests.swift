import Actions
import SocketTesting
import Testing

@Suite(.timeLimit(.minutes(3))) struct RefreshTests {
    @Test func `a token that is used again ends its session`() async throws {
        try await APIServer.with(options: { $0.refreshGraceSeconds = 0 }) { server in
            let first = try server.register("ida")
            let second = try server.tokens(server.askRefresh(first.refresh), "data.sessionRefresh")
            #expect(try server.askRefresh(first.refresh).codes("sessionRefresh") == ["TOKEN_REUSED"])
            #expect(server.suspicions.kinds == [.tokenReused])
            // Neither the thief nor the owner goes on.
            #expect(try server.askRefresh(second.refresh).codes("sessionRefresh") == ["TOKEN_INVALID"])
            #expect(try server.viewer(second.access) == nil)
            #expect(try server.sql("SELECT revoke_reason FROM auth_sessions") == "TOKEN_REUSED")
            #expect(
                try server.sql("SELECT error_code FROM audit_logs WHERE action = 'session.refresh'") == "TOKEN_REUSED"
            )
        }
    }

    @Test func `who lost the answer gets the same token again, from the same device and for a moment`() async throws {
        try await APIServer.with { server in
            let first = try server.register("ida")
            let second = try server.tokens(server.askRefresh(first.refresh), "data.sessionRefresh")
            let again = try server.tokens(server.askRefresh(first.refresh), "data.sessionRefresh")
            #expect(again.refresh == second.refresh)
            #expect(
                try server.askRefresh(first.refresh, userAgent: "other").codes("sessionRefresh") == ["TOKEN_REUSED"]
            )
        }
    }

    @Test func `once the successor was used, the token before it is a replay`() async throws {
        try await APIServer.with { server in
            let first = try server.register("ida")
            let second = try server.tokens(server.askRefresh(first.refresh), "data.sessionRefresh")
            _ = try server.tokens(server.askRefresh(second.refresh), "data.sessionRefresh")
            #expect(try server.askRefresh(first.refresh).codes("sessionRefresh") == ["TOKEN_REUSED"])
        }
    }

    @Test func `of many who use one token at once all get the same one`() async throws {
        try await APIServer.with { server in
            let first = try server.register("ida")
            let sockets = try (0..<20).map { _ in try server.socket() }
            for socket in sockets {
                try socket.send(server.request(APIServer.refresh, ["in": ["refreshToken": first.refresh]]))
            }
            let answers = try sockets.map { try server.tokens(APIAnswer(from: $0), "data.sessionRefresh") }
            #expect(Set(answers.map(\.refresh)).count == 1)
            #expect(try server.sql("SELECT count(*) FROM refresh_tokens") == "2")
        }
    }

    @Test func `a session that was not used for long has ended`() async throws {
        try await APIServer.with { server in
            let ida = try server.register("ida")
            server.pass(seconds: 30 * 86_400 + 1)
            #expect(try server.askRefresh(ida.refresh).codes("sessionRefresh") == ["TOKEN_EXPIRED"])
        }
    }

    @Test(arguments: ["", "mr_", "mr_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "' OR 1=1 --", "\u{0}"])
    func `what is no token of ours is refused`(token: String) async throws {
        try await APIServer.with { server in
            let answer = try server.askRefresh(token)
            #expect(answer.codes("sessionRefresh") == ["TOKEN_INVALID"])
        }
    }

    @Test func `a suspended account gets no new tokens, and its old ones end`() async throws {
        try await APIServer.with { server in
            let ida = try server.register("ida")
            try server.sql("UPDATE users SET status = 'SUSPENDED'")
            server.pass(seconds: 1)
            #expect(try server.viewer(ida.access) == nil)
            #expect(try server.askRefresh(ida.refresh).codes("sessionRefresh") == ["TOKEN_INVALID"])
        }
    }
}
