import Actions
import Data
import Mail
import Testing

@testable import Credentials

/// An account that somebody has taken over, when its owner takes the former address back.
@Suite struct AccountRecoveryTests {
    private let undo =
        "mutation ($t: String!) { emailChangeUndo(token: $t) { revokedSessions revokedApiKeys userErrors { code } } }"
    private let reset = "mutation ($in: PasswordResetInput!) { passwordReset(input: $in) { userErrors { code } } }"
    private let newPassword = "quite another sentence"

    /// Ida's account, in the hands of who knows her password.
    private func takenOver(_ server: APIServer) async throws -> TestTokens {
        let tokens = try server.register("ida")
        try server.sql("UPDATE users SET email_verified_at = now(), status = 'ACTIVE'")
        server.pass(seconds: 2)
        await server.runJobs()
        return tokens
    }

    private func undoToken(_ server: APIServer, _ former: String = "ida@example.org") async throws -> String {
        try await server.mailedToken(to: former, "Your address was changed")
    }

    private func takeBack(_ server: APIServer, _ token: String) throws {
        let answer = try server.ask(undo, ["t": token])
        #expect(answer.codes("emailChangeUndo") == [] && answer.errorCode == nil, "\(answer.text)")
    }

    private func address(_ server: APIServer) throws -> String? {
        try server.sql("SELECT email FROM users WHERE username = 'ida'")
    }

    private func choosePassword(_ server: APIServer) async throws {
        let token = try await server.mailedToken(to: "ida@example.org", "Choose")
        let answer = try server.ask(reset, ["in": ["token": token, "newPassword": newPassword]])
        #expect(answer.codes("passwordReset") == [], "\(answer.text)")
    }

    @Test func `the password that was known signs in no more, and a new one is chosen by mail`() async throws {
        try await APIServer.with { server in
            let thief = try await takenOver(server)
            try await server.changeEmail(of: thief, to: "thief@example.org")
            let make = "mutation { apiKeyCreate(input: {name: \"robot\", scopes: [PROFILE_READ]}) { secret } }"
            let key = try #require(try server.ask(make, token: thief.access)["data.apiKeyCreate.secret"])
            let answer = try server.ask(undo, ["t": try await undoToken(server)])
            #expect(answer["data.emailChangeUndo.revokedSessions"] == "1", "\(answer.text)")
            #expect(answer["data.emailChangeUndo.revokedApiKeys"] == "1")
            #expect(try server.viewer(key) == nil && server.viewer(thief.access) == nil)
            #expect(try server.askSignIn("ida", password).codes("signIn") == ["INVALID_CREDENTIALS"])
            let mail = try await server.mail(to: "ida@example.org", "Choose")
            #expect(mail.text.contains("Sessions that have ended: 1."))
            #expect(mail.text.contains("Keys of programs that were revoked: 1."))
            try await choosePassword(server)
            #expect(try server.askSignIn("ida@example.org", newPassword).codes("signIn") == [])
        }
    }

    @Test func `an account elsewhere that was linked by the thief signs in no more`() async throws {
        try await APIServer.withProvider { server, provider in
            let thief = try await takenOver(server)
            provider.behave { $0.claims = ["email": .string("ida@example.org")] }
            // Hers, of long ago, and the thief's, before the address was changed.
            try server.sql(
                """
                INSERT INTO oauth_identities (provider, subject, user_id, linked_at)
                SELECT 'GITHUB', '77', id, now() - interval '4 days' FROM users
                """
            )
            #expect(try server.signInBy(intent: "LINK", token: thief.access).codes("oauthComplete") == [])
            try await server.changeEmail(of: thief, to: "thief@example.org")
            #expect(try server.signInBy()["data.oauthComplete.outcome.__typename"] == "SignInSuccess")
            try takeBack(server, try await undoToken(server))
            #expect(try server.signInBy().codes("oauthComplete") == ["EMAIL_TAKEN"])
            #expect(try server.sql("SELECT string_agg(provider, ' ') FROM oauth_identities") == "GITHUB")
            let mail = try await server.mail(to: "ida@example.org", "Choose")
            #expect(mail.text.contains("Accounts elsewhere that were unlinked: Google."))
            let log = """
                SELECT string_agg(change ->> 'field', ' ' ORDER BY change ->> 'field') FROM audit_logs,
                    jsonb_array_elements(changes) AS change WHERE action = 'account.email_change_undo'
                """
            #expect(try server.sql(log) == "email oauthIdentities password")
        }
    }

    @Test func `a link that the thief has begun is not ended afterwards`() async throws {
        try await APIServer.withProvider { server, provider in
            let thief = try await takenOver(server)
            try await server.changeEmail(of: thief, to: "thief@example.org")
            let attempt = try server.startOAuth(intent: "LINK", token: thief.access)
            try takeBack(server, try await undoToken(server))
            #expect(try TestBrowser(server).open(attempt.address).status == 400)
            #expect(try server.sql("SELECT count(*) FROM oauth_attempts") == "0")
        }
    }

    @Test func `nobody is asked for the codes of the thief's authenticator`() async throws {
        try await APIServer.with { server in
            let thief = try await takenOver(server)
            _ = try TestAuthenticator.enroll(thief, server)
            try await server.changeEmail(of: thief, to: "thief@example.org")
            try takeBack(server, try await undoToken(server))
            #expect(try server.sql("SELECT count(*) FROM mfa_factors") == "0")
            let mail = try await server.mail(to: "ida@example.org", "Choose")
            #expect(mail.text.contains("Authenticators that were removed: “phone”."))
            try await choosePassword(server)
            let answer = try server.askSignIn("ida", newPassword)
            #expect(answer["data.signIn.outcome.__typename"] == "SignInSuccess", "\(answer.text)")
        }
    }

    @Test func `an authenticator of long ago stays, and a second step that waited does not go on`() async throws {
        try await APIServer.with { server in
            let owner = try await takenOver(server)
            let authenticator = try TestAuthenticator.enroll(owner, server)
            let older = "created_at = created_at - interval '4 days', confirmed_at = confirmed_at - interval '4 days'"
            try server.sql("UPDATE mfa_factors SET \(older)")
            try await server.changeEmail(of: owner, to: "thief@example.org")
            let waiting = try server.ask(
                """
                mutation ($in: SignInInput!) { signIn(input: $in) { outcome { ... on MfaChallenge { challengeToken } } } }
                """,
                ["in": ["identifier": "ida", "password": password]]
            )
            let challenge = try #require(waiting["data.signIn.outcome.challengeToken"], "\(waiting.text)")
            try takeBack(server, try await undoToken(server))
            let verify = "mutation ($in: MfaVerifyInput!) { mfaVerify(input: $in) { userErrors { code } } }"
            let code = ["challengeToken": challenge, "code": authenticator.code(server)]
            #expect(try server.ask(verify, ["in": code]).codes("mfaVerify") == ["TOKEN_EXPIRED"])
            try await choosePassword(server)
            let answer = try server.askSignIn("ida", newPassword)
            #expect(answer["data.signIn.outcome.__typename"] == "MfaChallenge", "\(answer.text)")
        }
    }

    @Test func `of two changes the older one's link wins, also after the newer one's`() async throws {
        try await APIServer.with { server in
            let thief = try await takenOver(server)
            try await server.changeEmail(of: thief, to: "thief@example.org")
            let owners = try await undoToken(server)
            try await server.changeEmail(of: thief, to: "thief2@example.org")
            let thiefs = try await undoToken(server, "thief@example.org")
            try takeBack(server, thiefs)
            #expect(try address(server) == "thief@example.org")
            // The new password that the thief may choose is of no use, either.
            let token = try await server.mailedToken(to: "thief@example.org", "Choose")
            #expect(
                try server.ask(reset, ["in": ["token": token, "newPassword": "of the thief alone"]]).codes(
                    "passwordReset"
                ) == []
            )
            try takeBack(server, owners)
            #expect(try address(server) == "ida@example.org")
            #expect(try server.askSignIn("ida", "of the thief alone").codes("signIn") == ["INVALID_CREDENTIALS"])
            for used in [owners, thiefs] {
                #expect(try server.ask(undo, ["t": used]).codes("emailChangeUndo") == ["TOKEN_INVALID"])
            }
        }
    }

    /// The account goes from ida@ to the thief's, and from there to one of hers by a session she has.
    private func wonBack(_ server: APIServer, to address: String) async throws -> (owners: String, thiefs: String?) {
        let thief = try await takenOver(server)
        let owner = try server.signIn("ida")
        try await server.changeEmail(of: thief, to: "thief@example.org")
        let owners = try await undoToken(server)
        server.pass(seconds: 86_400)
        try server.sql("UPDATE auth_sessions SET verified_at = now() + interval '1 day'")
        let again = try server.tokens(try server.askRefresh(owner.refresh), "data.sessionRefresh")
        try await server.changeEmail(of: again, to: address)
        try await server.untilMailsAreDone()
        let mails = try await server.mailFolder.mails()
        let told = mails.contains { $0.to == "thief@example.org" && $0.subject.hasPrefix("Your address was changed") }
        return (owners, told ? try await undoToken(server, "thief@example.org") : nil)
    }

    @Test func `a thief who waits for the owner's link to end does not win by their own`() async throws {
        try await APIServer.with { server in
            let links = try await wonBack(server, to: "other@example.org")
            let thiefs = try #require(links.thiefs)
            // The owner's is four days old, and ends no sooner than the thief's.
            server.pass(seconds: 3 * 86_400 - 600)
            try takeBack(server, thiefs)
            #expect(try address(server) == "thief@example.org")
            _ = try await server.mail(to: "other@example.org", "The change of your address was undone")
            // Once it was used, there are three days to answer that.
            server.pass(seconds: 2 * 86_400)
            try takeBack(server, links.owners)
            #expect(try address(server) == "ida@example.org")
        }
    }

    @Test func `a change back to the former address gives no link to who had it between`() async throws {
        try await APIServer.with { server in
            let links = try await wonBack(server, to: "ida@example.org")
            #expect(links.thiefs == nil)
            #expect(try address(server) == "ida@example.org")
            #expect(
                try server.sql("SELECT count(*) FROM one_time_tokens WHERE purpose = 'EMAIL_UNDO' AND used_at IS NULL")
                    == "0"
            )
        }
    }

    @Test func `a link that was mailed late undoes nothing of what was taken back`() async throws {
        try await APIServer.with { server in
            let thief = try await takenOver(server)
            try await server.changeEmail(of: thief, to: "thief@example.org")
            let owners = try await undoToken(server)
            // The mail about the second change waits.
            await server.database.stopJobs(within: .seconds(5))
            try server.sql(
                """
                INSERT INTO email_messages (id, to_address, template_key, subject, provider)
                VALUES ('00000000-0000-4000-8000-000000000001', 'thief@example.org', 'email_changed', '', '');
                INSERT INTO one_time_tokens (token_hash, purpose, user_id, data, expires_at, mail_id)
                SELECT '\\x01', 'EMAIL_UNDO', id, '{"email": "thief@example.org"}', now() + interval '3 days',
                    '00000000-0000-4000-8000-000000000001' FROM users;
                INSERT INTO jobs (name, payload) SELECT 'mail.send', jsonb_build_object('message',
                    '00000000-0000-4000-8000-000000000001', 'values', jsonb_build_object('user', id)) FROM users
                """
            )
            try takeBack(server, owners)
            await server.runJobs()
            try await server.untilMailsAreDone()
            let waited = "SELECT status FROM email_messages WHERE id = '00000000-0000-4000-8000-000000000001'"
            #expect(try server.sql(waited) == "SUPPRESSED")
        }
    }
}
