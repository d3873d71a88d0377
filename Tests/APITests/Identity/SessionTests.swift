import Actions
import Testing

@Suite(.timeLimit(.minutes(3))) struct SessionTests {
    @Test func `from registration over two devices to sign-out`() async throws {
        try await APIServer.with { server in
            let laptop = try server.register("ida")
            #expect(try server.viewer(laptop.access) == "ida")
            let phone = try server.signIn("IDA@example.org", userAgent: "phone")
            let list = "{ viewer { authSessions { id userAgent isCurrent ipAddress } } }"
            let sessions = try server.ask(list, token: laptop.access)
            #expect(sessions.count("data.viewer.authSessions") == 2)
            #expect(sessions["data.viewer.authSessions.0.userAgent"] == "phone")
            #expect(sessions["data.viewer.authSessions.0.isCurrent"] == "0")
            #expect(sessions["data.viewer.authSessions.0.ipAddress"] == "127.0.0.1")
            let revoke = "mutation ($id: ID!) { authSessionRevoke(id: $id) { sessionId userErrors { code path } } }"
            let revoked = try server.ask(revoke, ["id": phone.session], token: laptop.access)
            #expect(revoked["data.authSessionRevoke.sessionId"] == phone.session)
            #expect(try server.viewer(phone.access) == nil)
            #expect(try server.askRefresh(phone.refresh).codes("sessionRefresh") == ["TOKEN_INVALID"])
            let renewed = try server.tokens(server.askRefresh(laptop.refresh), "data.sessionRefresh")
            #expect(renewed.session == laptop.session)
            #expect(try server.viewer(renewed.access) == "ida")
            let out = try server.ask("mutation { signOut { sessionId } }", token: renewed.access)
            #expect(out["data.signOut.sessionId"] == laptop.session)
            #expect(try server.viewer(renewed.access) == nil)
            #expect(try server.viewer(laptop.access) == nil)
            #expect(
                try server.sql("SELECT string_agg(action || ' ' || outcome, ', ' ORDER BY sequence) FROM audit_logs")
                    == """
                    account.register SUCCEEDED, session.create SUCCEEDED, session.revoke SUCCEEDED, \
                    session.revoke SUCCEEDED
                    """
            )
        }
    }

    @Test func `nobody ends the sessions of others, nor learns of them`() async throws {
        try await APIServer.with { server in
            let (ida, eve) = (try server.register("ida"), try server.register("eve"))
            let revoke = "mutation ($id: ID!) { authSessionRevoke(id: $id) { sessionId userErrors { code path } } }"
            for id in [ida.session, "ses_00000000000000000000000000", "usr_x", "'; DROP TABLE users; --"] {
                let answer = try server.ask(revoke, ["id": id], token: eve.access)
                #expect(answer.codes("authSessionRevoke") == ["NOT_FOUND"])
                #expect(
                    try server.ask("query ($id: ID!) { node(id: $id) { id } }", ["id": id], token: eve.access).text
                        == #"{"data":{"node":null}}"#
                )
            }
            #expect(try server.viewer(ida.access) == "ida")
        }
    }

    @Test func `all other sessions end at once`() async throws {
        try await APIServer.with { server in
            let first = try server.register("ida")
            let others = try (0..<3).map { _ in try server.signIn("ida") }
            for other in others { #expect(try server.viewer(other.access) == "ida") }
            let answer = try server.ask("mutation { signOutEverywhere { revokedCount } }", token: first.access)
            #expect(answer["data.signOutEverywhere.revokedCount"] == "3")
            for other in others { #expect(try server.viewer(other.access) == nil) }
            #expect(try server.viewer(first.access) == "ida")
        }
    }

    @Test func `a session that another process has ended is known a second later`() async throws {
        try await APIServer.with { server in
            let ida = try server.register("ida")
            #expect(try server.viewer(ida.access) == "ida")
            try server.sql("UPDATE auth_sessions SET revoked_at = now()")
            server.pass(seconds: 1)
            #expect(try server.viewer(ida.access) == nil)
        }
    }

    @Test func `raising the epoch of an account ends its access tokens`() async throws {
        try await APIServer.with { server in
            let ida = try server.register("ida")
            try server.sql("UPDATE users SET session_epoch = session_epoch + 1")
            server.pass(seconds: 1)
            #expect(try server.viewer(ida.access) == nil)
            #expect(
                try server.viewer(server.tokens(server.askRefresh(ida.refresh), "data.sessionRefresh").access) == "ida"
            )
        }
    }

    @Test func `an access token ends, and the session goes on with a new one`() async throws {
        try await APIServer.with { server in
            let ida = try server.register("ida")
            server.pass(seconds: 900 + 31)
            #expect(try server.viewer(ida.access) == nil)
            #expect(
                try server.viewer(server.tokens(server.askRefresh(ida.refresh), "data.sessionRefresh").access) == "ida"
            )
        }
    }

    @Test func `beyond the limit the session not used for longest ends`() async throws {
        try await APIServer.with(options: { $0.sessionLimit = 2 }) { server in
            let first = try server.register("ida")
            let second = try server.signIn("ida")
            #expect(try server.viewer(first.access) == "ida")
            let third = try server.signIn("ida")
            #expect(try server.viewer(first.access) == nil)
            for session in [second, third] { #expect(try server.viewer(session.access) == "ida") }
        }
    }
}
