import Actions
import Mail
import Testing

@Suite(.timeLimit(.minutes(3))) struct RecoveryTests {
    private let verify =
        "mutation ($t: String!) { emailVerify(token: $t) { viewer { emailVerified } userErrors { code path } } }"
    private let request = "mutation ($e: String!) { passwordResetRequest(email: $e) { accepted userErrors { code } } }"
    private let reset =
        "mutation ($in: PasswordResetInput!) { passwordReset(input: $in) { revokedSessions userErrors { code path } } }"
    private let newPassword = "quite another sentence"

    private func resetToken(_ server: APIServer, _ email: String = "ida@example.org") async throws -> String {
        #expect(try server.ask(request, ["e": email])["data.passwordResetRequest.accepted"] == "1")
        return try await server.mailedToken(to: email, "Choose")
    }

    // MARK: Confirming an address

    @Test func `the link of the mail confirms an address, once`() async throws {
        try await APIServer.with { server in
            let tokens = try server.register("ida")
            await server.runJobs()
            let token = try await server.mailedToken(to: "ida@example.org", "Confirm")
            let answer = try server.ask(verify, ["t": token], token: tokens.access)
            #expect(answer["data.emailVerify.viewer.emailVerified"] == "1", "\(answer.text)")
            #expect(try server.sql("SELECT status FROM users") == "ACTIVE")
            #expect(try server.ask(verify, ["t": token]).codes("emailVerify") == ["TOKEN_INVALID"])
            let again = try server.ask("mutation { emailVerificationSend { sentTo } }", token: tokens.access)
            #expect(again["data.emailVerificationSend.sentTo"] == nil && again.errorCode == nil)
        }
    }

    @Test func `a link works where nobody is signed in, and tells nothing of the account`() async throws {
        try await APIServer.with { server in
            try server.register("ida")
            await server.runJobs()
            let token = try await server.mailedToken(to: "ida@example.org", "Confirm")
            let other = try server.register("bob")
            let answer = try server.ask(verify, ["t": token], token: other.access)
            #expect(answer.codes("emailVerify") == [] && answer["data.emailVerify.viewer.emailVerified"] == nil)
            #expect(
                try server.sql("SELECT string_agg(status, ' ' ORDER BY username) FROM users")
                    == "PENDING_VERIFICATION ACTIVE"
            )
        }
    }

    @Test func `a link ends after a day, and with the address it was sent to`() async throws {
        try await APIServer.with { server in
            try server.register("ida")
            try server.register("bob")
            await server.runJobs()
            let ida = try await server.mailedToken(to: "ida@example.org", "Confirm")
            let bob = try await server.mailedToken(to: "bob@example.org", "Confirm")
            try server.sql("UPDATE users SET email = 'new@example.org' WHERE username = 'bob'")
            #expect(try server.ask(verify, ["t": bob]).codes("emailVerify") == ["TOKEN_INVALID"])
            server.pass(seconds: 86_401)
            #expect(try server.ask(verify, ["t": ida]).codes("emailVerify") == ["TOKEN_EXPIRED"])
            #expect(try server.sql("SELECT count(*) FROM users WHERE email_verified_at IS NOT NULL") == "0")
        }
    }

    @Test(arguments: ["", "mv_", "mv_" + String(repeating: "A", count: 43), "mp_x", "mv_' OR 1=1 --", "\0"])
    func `what is no token confirms nothing`(token: String) async throws {
        try await APIServer.with { server in
            let answer = try server.ask(verify, ["t": token])
            #expect(answer.codes("emailVerify") == ["TOKEN_INVALID"])
        }
    }

    // MARK: A password that was forgotten

    @Test func `a new password ends all sessions, and the old one is of no use`() async throws {
        try await APIServer.with { server in
            let (first, second) = (try server.register("ida"), try server.signIn("ida"))
            await server.runJobs()
            let token = try await resetToken(server)
            let answer = try server.ask(reset, ["in": ["token": token, "newPassword": newPassword]])
            #expect(answer["data.passwordReset.revokedSessions"] == "2", "\(answer.text)")
            for tokens in [first, second] {
                #expect(try server.viewer(tokens.access) == nil)
                #expect(try server.askRefresh(tokens.refresh).codes("sessionRefresh") == ["TOKEN_INVALID"])
            }
            #expect(try server.askSignIn("ida", password).codes("signIn") == ["INVALID_CREDENTIALS"])
            #expect(try server.askSignIn("ida", newPassword).codes("signIn") == [])
            _ = try await server.mail(to: "ida@example.org", "Your password was changed")
            // Who reads the mails of the address has shown whose it is.
            #expect(try server.sql("SELECT status FROM users") == "ACTIVE")
            #expect(
                try server.ask(reset, ["in": ["token": token, "newPassword": newPassword]]).codes("passwordReset")
                    == ["TOKEN_INVALID"]
            )
        }
    }

    @Test func `with a new password by mail all keys of programs end, and the mail tells what else leads in`()
        async throws
    {
        try await APIServer.with { server in
            let tokens = try server.register("ida")
            let make = """
                mutation { apiKeyCreate(input: {name: "robot", scopes: [PROFILE_READ]}) { secret userErrors { code } } }
                """
            let key = try #require(try server.ask(make, token: tokens.access)["data.apiKeyCreate.secret"])
            #expect(try server.viewer(key) == "ida")
            try server.sql(
                "INSERT INTO oauth_identities (provider, subject, user_id) SELECT 'GITHUB', '1', id FROM users"
            )
            await server.runJobs()
            let token = try await resetToken(server)
            let answer = try server.ask(
                """
                mutation ($in: PasswordResetInput!) { passwordReset(input: $in) { revokedApiKeys userErrors { code } } }
                """,
                ["in": ["token": token, "newPassword": newPassword]]
            )
            #expect(answer["data.passwordReset.revokedApiKeys"] == "1", "\(answer.text)")
            #expect(try server.viewer(key) == nil)
            #expect(try server.sql("SELECT status FROM api_keys") == "REVOKED")
            let mail = try await server.mail(to: "ida@example.org", "Your password was changed")
            #expect(mail.text.contains("Keys of programs that were revoked: 1."))
            #expect(mail.text.contains("Accounts elsewhere can be used to sign in as well: GitHub."))
        }
    }

    @Test func `a password that its owner replaces leaves keys of programs, and the mail says how many`() async throws {
        try await APIServer.with { server in
            let tokens = try server.register("ida")
            let make = "mutation { apiKeyCreate(input: {name: \"robot\", scopes: [PROFILE_READ]}) { secret } }"
            let key = try #require(try server.ask(make, token: tokens.access)["data.apiKeyCreate.secret"])
            await server.runJobs()
            _ = try server.ask(
                "mutation ($in: PasswordChangeInput!) { passwordChange(input: $in) { userErrors { code } } }",
                ["in": ["currentPassword": password, "newPassword": newPassword]],
                token: tokens.access
            )
            let mail = try await server.mail(to: "ida@example.org", "Your password was changed")
            #expect(mail.text.contains("Keys of programs that go on: 1."))
            #expect(try server.viewer(key) == "ida")
        }
    }

    @Test func `of several links the use of one ends all`() async throws {
        try await APIServer.with { server in
            try server.register("ida")
            await server.runJobs()
            let first = try await resetToken(server)
            var second = first
            _ = try server.ask(request, ["e": "ida@example.org"])
            while second == first { second = try await newest(server) }
            _ = try server.ask(reset, ["in": ["token": first, "newPassword": newPassword]])
            let answer = try server.ask(reset, ["in": ["token": second, "newPassword": "yet another sentence"]])
            #expect(answer.codes("passwordReset") == ["TOKEN_INVALID"])
        }
    }

    /// Of mails of one second any may be listed first.
    private func newest(_ server: APIServer) async throws -> String {
        try await server.untilMailsAreDone()
        let mails = try await server.mailFolder.mails().filter { $0.subject.hasPrefix("Choose") }
        return mails.randomElement()?.links.first?.split(separator: "token=").last.map(String.init) ?? ""
    }

    @Test func `a password that is refused leaves the token as it is`() async throws {
        try await APIServer.with { server in
            try server.register("ida")
            await server.runJobs()
            let token = try await resetToken(server)
            let weak = try server.ask(reset, ["in": ["token": token, "newPassword": "short"]])
            #expect(weak.codes("passwordReset") == ["WEAK_PASSWORD"])
            #expect(weak["data.passwordReset.userErrors.0.path.1"] == "newPassword")
            #expect(
                try server.ask(reset, ["in": ["token": token, "newPassword": newPassword]]).codes("passwordReset") == []
            )
        }
    }

    @Test func `a link for a password ends after an hour`() async throws {
        try await APIServer.with { server in
            try server.register("ida")
            await server.runJobs()
            let token = try await resetToken(server)
            server.pass(seconds: 3_601)
            let answer = try server.ask(reset, ["in": ["token": token, "newPassword": newPassword]])
            #expect(answer.codes("passwordReset") == ["TOKEN_EXPIRED"])
            #expect(try server.askSignIn("ida", password).codes("signIn") == [])
        }
    }

    @Test func `a token of one purpose does nothing for another`() async throws {
        try await APIServer.with { server in
            try server.register("ida")
            await server.runJobs()
            let verifying = try await server.mailedToken(to: "ida@example.org", "Confirm")
            let resetting = try await resetToken(server)
            let crossed = [verifying, "mp_" + verifying.dropFirst(3)]
            for token in crossed {
                let answer = try server.ask(reset, ["in": ["token": token, "newPassword": newPassword]])
                #expect(answer.codes("passwordReset") == ["TOKEN_INVALID"])
            }
            for token in [resetting, "mv_" + resetting.dropFirst(3)] {
                #expect(try server.ask(verify, ["t": token]).codes("emailVerify") == ["TOKEN_INVALID"])
            }
        }
    }

    @Test func `whether an address has an account is told by the mail alone`() async throws {
        try await APIServer.with { server in
            try server.register("ida")
            let known = try server.ask(request, ["e": "IDA@example.org"])
            let unknown = try server.ask(request, ["e": "nobody@example.org"])
            #expect(known.text == unknown.text)
            func cost(_ email: String) async throws -> UInt64 {
                let before = try await server.allStatements()
                _ = try server.ask(request, ["e": email])
                return try await server.allStatements() - before
            }
            #expect(try await cost("ida@example.org") == cost("nobody@example.org"))
            await server.runJobs()
            try await server.untilMailsAreDone()
            #expect(try await server.mailFolder.mails().filter { $0.to != "ida@example.org" } == [])
            #expect(try server.ask(request, ["e": "no address"]).codes("passwordResetRequest") == ["INVALID_INPUT"])
        }
    }

    @Test func `nobody's mailbox is filled`() async throws {
        try await APIServer.with(options: { $0.mailsPerHour = 2 }) { server in
            let tokens = try server.register("ida")
            for _ in 0..<2 { _ = try server.ask(request, ["e": "ida@example.org"]) }
            #expect(try server.ask(request, ["e": "ida@example.org"]).errorCode == "RATE_LIMITED")
            for _ in 0..<2 { _ = try server.ask("mutation { emailVerificationSend { sentTo } }", token: tokens.access) }
            let third = try server.ask("mutation { emailVerificationSend { sentTo } }", token: tokens.access)
            #expect(third.errorCode == "RATE_LIMITED")
            #expect(try server.sql("SELECT count(*) FROM rate_buckets WHERE key LIKE '%ida%'") == "0")
        }
    }

    @Test func `a closed account is opened by a new password, and a lock is`() async throws {
        try await APIServer.with { server in
            try server.register("ida")
            await server.runJobs()
            for _ in 0..<6 { _ = try server.askSignIn("ida", "wrong password") }
            try server.sql("UPDATE users SET status = 'DEACTIVATED'")
            let token = try await resetToken(server)
            _ = try server.ask(reset, ["in": ["token": token, "newPassword": newPassword]])
            // The address is locked by its own count still; the account is not.
            try server.sql("UPDATE sign_in_failures SET locked_until = NULL WHERE failures > 0")
            #expect(try server.askSignIn("ida", newPassword).codes("signIn") == [])
        }
    }

    // MARK: Invitations

    @Test func `an invitation comes by mail, and its link lets in`() async throws {
        try await APIServer.with { server in
            let (ida, bob) = (try server.register("ida"), try server.register("bob"))
            try server.sql("UPDATE users SET status = 'ACTIVE', email_verified_at = now()")
            let made = try server.ask(
                "mutation { teamCreate(input: {name: \"Crew\"}) { team { id } userErrors { code message } } }",
                token: ida.access
            )
            let team = try #require(made["data.teamCreate.team.id"], "\(made.text)")
            let invite = try server.ask(
                "mutation ($in: TeamInviteCreateInput!) { teamInviteCreate(input: $in) { invite { id } userErrors { code message } } }",
                ["in": ["teamId": team, "email": "bob@example.org", "message": "Come <in>\n> now"]],
                token: ida.access
            )
            #expect(invite.codes("teamInviteCreate") == [], "\(invite.text)")
            await server.runJobs()
            let mail = try await server.mail(to: "bob@example.org", "Join Crew")
            #expect(mail.html.contains("Come &lt;in&gt;<br>&gt; now"))
            #expect(mail.text.contains("> Come <in>\n> > now"))
            let token = try await server.mailedToken(to: "bob@example.org", "Join Crew")
            let joined = try server.ask(
                "mutation ($t: String!) { teamInviteAccept(by: {token: $t}) { userErrors { code message } } }",
                ["t": token],
                token: bob.access
            )
            #expect(joined.errorCode == nil && joined.codes("teamInviteAccept") == [], "\(joined.text)")
            #expect(try server.sql("SELECT count(*) FROM team_members") == "2")
        }
    }

    @Test func `an invitation that was taken back sends no mail`() async throws {
        try await APIServer.with { server in
            let ida = try server.register("ida")
            try server.sql("UPDATE users SET status = 'ACTIVE', email_verified_at = now()")
            let made = try server.ask(
                "mutation { teamCreate(input: {name: \"Crew\"}) { team { id } } }",
                token: ida.access
            )
            _ = try server.ask(
                "mutation ($in: TeamInviteCreateInput!) { teamInviteCreate(input: $in) { invite { id } } }",
                ["in": ["teamId": try #require(made["data.teamCreate.team.id"]), "email": "new@example.org"]],
                token: ida.access
            )
            try server.sql("UPDATE team_invites SET status = 'REVOKED'")
            await server.runJobs()
            try await server.untilMailsAreDone()
            #expect(
                try server.sql("SELECT status FROM email_messages WHERE to_address = 'new@example.org'") == "SUPPRESSED"
            )
        }
    }
}
