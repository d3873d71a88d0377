import Actions
import Data
import Mail
import SocketTesting
import Testing

@testable import Credentials

/// Which account somebody gets into by an account elsewhere.
@Suite(.timeLimit(.minutes(3))) struct OAuthAccountTests {
    private let path = "data.oauthComplete.outcome"

    private func tell(_ provider: TestProvider, _ claims: [String: JSONValue]) {
        provider.behave { $0.claims = claims }
    }

    private func unlink(_ server: APIServer, _ token: String, _ provider: String = "GOOGLE") throws -> APIAnswer {
        try server.ask(
            """
            mutation ($p: OAuthProvider!) { oauthUnlink(provider: $p) {
                viewer { oauthIdentities { provider } } userErrors { code }
            } }
            """,
            ["p": provider],
            token: token
        )
    }

    /// Somebody with a password whose address is confirmed.
    private func confirmed(_ name: String, _ server: APIServer) throws -> TestTokens {
        let tokens = try server.register(name)
        try server.sql(
            "UPDATE users SET email_verified_at = now(), status = 'ACTIVE' WHERE username = '\(name)'"
        )
        return tokens
    }

    @Test(arguments: [true, false])
    func `an account of the same address is not taken over, whether it was confirmed here or not`(
        isConfirmed: Bool
    ) async throws {
        try await APIServer.withProvider { server, provider in
            if isConfirmed { _ = try confirmed("ida", server) } else { try server.register("ida") }
            for email in ["ida@example.org", "IDA@Example.org"] {
                tell(provider, ["email": .string(email)])
                #expect(try server.signInBy().codes("oauthComplete") == ["EMAIL_TAKEN"])
            }
            #expect(try server.sql("SELECT count(*) FROM oauth_identities") == "0")
            #expect(try server.sql("SELECT count(*) FROM auth_sessions") == "1")
        }
    }

    @Test func `what is linked signs in whatever its address becomes`() async throws {
        try await APIServer.withProvider { server, provider in
            let tokens = try confirmed("ida", server)
            let linked = try server.signInBy(intent: "LINK", token: tokens.access)
            #expect(linked["data.oauthComplete.identity.provider"] == "GOOGLE", "\(linked.text)")
            #expect(linked["data.oauthComplete.outcome"] == nil)
            tell(provider, ["email": .string("other@example.org"), "name": .string("Somebody Else")])
            let answer = try server.signInBy()
            #expect(answer["\(path).viewer.user.username"] == "ida", "\(answer.text)")
            // The account keeps the address and the name it has here.
            #expect(answer["\(path).viewer.email"] == "ida@example.org")
            #expect(answer["\(path).viewer.user.displayName"] == "ida")
            tell(provider, ["email_verified": .boolean(false)])
            #expect(try server.signInBy()["\(path).viewer.user.username"] == "ida")
            // Who has the address elsewhere, but is somebody else there, does not get in.
            tell(provider, ["sub": .string("2002")])
            #expect(try server.signInBy().codes("oauthComplete") == ["EMAIL_TAKEN"])
        }
    }

    @Test func `linking asks for a recent proof, and for a person`() async throws {
        try await APIServer.withProvider { server, _ in
            #expect(try server.askOAuthStart(intent: "LINK").errorCode == "UNAUTHENTICATED")
            let tokens = try confirmed("ida", server)
            server.pass(seconds: 601)
            let answer = try server.askOAuthStart(intent: "LINK", token: tokens.access)
            #expect(answer["errors.0.extensions.reason"] == "REAUTHENTICATION_REQUIRED", "\(answer.text)")
        }
    }

    @Test func `nothing is linked with an account whose address is not confirmed`() async throws {
        try await APIServer.withProvider { server, provider in
            let tokens = try server.register("ida")
            let refused = try server.signInBy(intent: "LINK", token: tokens.access)
            #expect(refused.codes("oauthComplete") == ["EMAIL_UNVERIFIED"], "\(refused.text)")
            let other = try confirmed("max", server)
            tell(provider, ["email_verified": .boolean(false)])
            let unconfirmed = try server.signInBy(intent: "LINK", token: other.access)
            #expect(unconfirmed.codes("oauthComplete") == ["EMAIL_UNVERIFIED"])
            #expect(try server.sql("SELECT count(*) FROM oauth_identities") == "0")
        }
    }

    @Test func `a link is ended by whoever began it, and by nobody else`() async throws {
        try await APIServer.withProvider { server, provider in
            let (ida, max) = (try confirmed("ida", server), try confirmed("max", server))
            for token in [nil, max.access] {
                let attempt = try server.startOAuth(intent: "LINK", token: ida.access)
                let browser = TestBrowser(server)
                let back = try browser.open(provider.agree(at: #require(try browser.open(attempt.address)["location"])))
                let answer = try server.askOAuthComplete(attempt.state, #require(back.query()["code"]), token: token)
                #expect(answer.codes("oauthComplete") == ["OAUTH_STATE_INVALID"], "\(answer.text)")
            }
            #expect(try server.sql("SELECT count(*) FROM oauth_identities") == "0")
        }
    }

    @Test func `an account elsewhere belongs to one account here, and of each provider there is one`() async throws {
        try await APIServer.withProvider { server, provider in
            let (ida, max) = (try confirmed("ida", server), try confirmed("max", server))
            #expect(try server.signInBy(intent: "LINK", token: ida.access).codes("oauthComplete") == [])
            // Once more changes nothing.
            #expect(try server.signInBy(intent: "LINK", token: ida.access).codes("oauthComplete") == [])
            #expect(try server.signInBy(intent: "LINK", token: max.access).codes("oauthComplete") == ["ALREADY_EXISTS"])
            tell(provider, ["sub": .string("2002")])
            #expect(try server.signInBy(intent: "LINK", token: ida.access).codes("oauthComplete") == ["ALREADY_EXISTS"])
            #expect(try server.sql("SELECT count(*) FROM oauth_identities") == "1")
            let entries = "SELECT count(*) FROM audit_logs WHERE action = 'account.oauth_link' AND outcome = 'REFUSED'"
            #expect(try server.sql(entries) == "2")
        }
    }

    @Test func `what was linked can be unlinked while there is a password`() async throws {
        try await APIServer.withProvider { server, _ in
            let tokens = try confirmed("ida", server)
            #expect(try unlink(server, tokens.access).codes("oauthUnlink") == ["NOT_FOUND"])
            _ = try server.signInBy(intent: "LINK", token: tokens.access)
            #expect(try unlink(server, tokens.access, "GITHUB").codes("oauthUnlink") == ["NOT_FOUND"])
            let answer = try unlink(server, tokens.access)
            #expect(answer.codes("oauthUnlink") == [] && answer.count("data.oauthUnlink.viewer.oauthIdentities") == 0)
            #expect(try server.signInBy().codes("oauthComplete") == ["EMAIL_TAKEN"])
        }
    }

    @Test func `the last way to sign in stays`() async throws {
        try await APIServer.withProvider { server, _ in
            let tokens = try server.tokens(try server.signInBy(), path)
            #expect(try unlink(server, tokens.access).codes("oauthUnlink") == ["LAST_SIGN_IN_METHOD"])
            // With another provider there are two.
            _ = try server.signInBy("GITHUB", intent: "LINK", token: tokens.access)
            #expect(try unlink(server, tokens.access).codes("oauthUnlink") == [])
            #expect(try unlink(server, tokens.access, "GITHUB").codes("oauthUnlink") == ["LAST_SIGN_IN_METHOD"])
            #expect(try server.sql("SELECT count(*) FROM oauth_identities") == "1")
        }
    }

    @Test func `a provider by whom nobody signs in any more is no way to sign in`() async throws {
        try await APIServer.withProvider(kinds: [.google]) { server, _ in
            let tokens = try server.tokens(try server.signInBy(), path)
            try server.sql(
                "INSERT INTO oauth_identities (provider, subject, user_id) SELECT 'GITHUB', '7', id FROM users"
            )
            #expect(try unlink(server, tokens.access).codes("oauthUnlink") == ["LAST_SIGN_IN_METHOD"])
            #expect(try unlink(server, tokens.access, "GITHUB").codes("oauthUnlink") == [])
        }
    }

    @Test func `a sign-in that waits for its code ends with the account elsewhere that began it`() async throws {
        try await APIServer.withProvider { server, _ in
            let tokens = try confirmed("ida", server)
            server.pass(seconds: 2)
            _ = try server.signInBy(intent: "LINK", token: tokens.access)
            let authenticator = try TestAuthenticator.enroll(tokens, server)
            let challenge = try #require(try server.signInBy()["\(path).challengeToken"])
            #expect(try unlink(server, tokens.access).codes("oauthUnlink") == [])
            let answer = try server.ask(
                "mutation ($in: MfaVerifyInput!) { mfaVerify(input: $in) { userErrors { code } } }",
                ["in": ["challengeToken": challenge, "code": authenticator.code(server)]]
            )
            #expect(answer.codes("mfaVerify") == ["TOKEN_EXPIRED"], "\(answer.text)")
        }
    }

    @Test func `two that unlink at once leave one`() async throws {
        try await APIServer.withProvider { server, _ in
            let tokens = try server.tokens(try server.signInBy(), path)
            _ = try server.signInBy("GITHUB", intent: "LINK", token: tokens.access)
            let query = "mutation ($p: OAuthProvider!) { oauthUnlink(provider: $p) { userErrors { code } } }"
            let sockets = try ["GOOGLE", "GITHUB", "GOOGLE", "GITHUB"].map { provider in
                let socket = try server.socket()
                try socket.send(server.request(query, ["p": provider], token: tokens.access))
                return socket
            }
            for socket in sockets { _ = try APIAnswer(from: socket) }
            #expect(try server.sql("SELECT count(*) FROM oauth_identities") == "1")
        }
    }

    @Test func `somebody without a password signs in by nothing else, until they choose one by mail`() async throws {
        try await APIServer.withProvider { server, _ in
            _ = try server.signInBy()
            for guess in ["", "null", password] {
                #expect(try server.askSignIn("ida@example.org", guess).codes("signIn") == ["INVALID_CREDENTIALS"])
            }
        }
    }

    @Test func `the accounts that cannot be signed in to by password cannot be so otherwise`() async throws {
        try await APIServer.withProvider { server, _ in
            let name = try #require(try server.signInBy()["\(path).viewer.user.username"])
            for (status, code) in [("SUSPENDED", "ACCOUNT_SUSPENDED"), ("DEACTIVATED", "INVALID_CREDENTIALS")] {
                try server.sql("UPDATE users SET status = '\(status)'")
                #expect(try server.signInBy().codes("oauthComplete") == [code])
            }
            try server.sql("UPDATE users SET status = 'ACTIVE'")
            for _ in 0..<5 { _ = try server.askSignIn(name, "wrong password") }
            #expect(try server.signInBy().codes("oauthComplete") == ["ACCOUNT_LOCKED"])
            #expect(try server.sql("SELECT count(*) FROM auth_sessions") == "1")
        }
    }

    @Test func `the second step is asked for`() async throws {
        try await APIServer.withProvider { server, _ in
            let tokens = try server.tokens(try server.signInBy(), path)
            let authenticator = try TestAuthenticator.enroll(tokens, server)
            let answer = try server.signInBy()
            #expect(answer["\(path).__typename"] == "MfaChallenge", "\(answer.text)")
            let challenge = try #require(answer["\(path).challengeToken"])
            let verified = try server.ask(
                """
                mutation ($in: MfaVerifyInput!) { mfaVerify(input: $in) {
                    \(tokenFields) viewer { authentication { method } } userErrors { code }
                } }
                """,
                ["in": ["challengeToken": challenge, "code": authenticator.code(server)]]
            )
            #expect(verified["data.mfaVerify.viewer.authentication.method"] == "OAUTH", "\(verified.text)")
        }
    }

    @Test func `where nobody can make an account, nobody does so by an account elsewhere`() async throws {
        try await APIServer.withProvider { server, provider in
            _ = try server.signInBy()
            try server.sql("INSERT INTO settings (key, value) VALUES ('registration.open', 'false')")
            #expect(try server.signInBy()["\(path).__typename"] == "SignInSuccess")
            tell(provider, ["sub": .string("2002"), "email": .string("max@example.org")])
            #expect(try server.signInBy()["errors.0.extensions.reason"] == "REGISTRATION_CLOSED")
            #expect(try server.sql("SELECT count(*) FROM users") == "1")
            let refusals = """
                SELECT string_agg(action || ' ' || error_code, ', ') FROM audit_logs WHERE outcome = 'REFUSED'
                """
            #expect(try server.sql(refusals) == "session.oauth REGISTRATION_CLOSED")
        }
    }

    @Test func `accounts are made no faster than by registering`() async throws {
        try await APIServer.withProvider(options: { $0.registrationsPerHour = 1 }) { server, provider in
            _ = try server.signInBy()
            tell(provider, ["sub": .string("2002"), "email": .string("max@example.org")])
            #expect(try server.signInBy().errorCode == "RATE_LIMITED")
            tell(provider, [:])
            #expect(try server.signInBy()["\(path).__typename"] == "SignInSuccess")
        }
    }

    @Test func `the owner is told of each link, in the application and by mail`() async throws {
        try await APIServer.withProvider { server, _ in
            await server.runJobs()
            let tokens = try confirmed("ida", server)
            _ = try server.signInBy(intent: "LINK", token: tokens.access)
            _ = try unlink(server, tokens.access)
            let mail = try await server.mail(to: "ida@example.org", "An account was linked")
            #expect(mail.text.contains("An account of Google can be used to sign in since it was linked."))
            _ = try await server.mail(to: "ida@example.org", "An account was unlinked")
            let types =
                "SELECT string_agg(title, ', ' ORDER BY created_at) FROM notifications WHERE type = 'account.access'"
            #expect(try server.sql(types) == "An account was linked, An account was unlinked")
        }
    }

    @Test func `one that somebody is just signing in by is unlinked after that, or before`() async throws {
        try await APIServer.withProvider { server, provider in
            let tokens = try confirmed("ida", server)
            _ = try server.signInBy(intent: "LINK", token: tokens.access)
            let attempt = try server.startOAuth()
            let browser = TestBrowser(server)
            let back = try browser.open(provider.agree(at: #require(try browser.open(attempt.address)["location"])))
            #expect(try unlink(server, tokens.access).codes("oauthUnlink") == [])
            let answer = try server.askOAuthComplete(attempt.state, try #require(back.query()["code"]))
            #expect(answer.codes("oauthComplete") == ["EMAIL_TAKEN"], "\(answer.text)")
        }
    }
}
