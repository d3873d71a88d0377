import Actions
import Mail
import Testing

/// Links that somebody has asked for and nobody has followed yet, when the account is made safe.
@Suite struct PendingLinkTests {
    private let change = "mutation ($e: String!) { emailChange(newEmail: $e) { pendingEmail userErrors { code } } }"
    private let confirm = "mutation ($t: String!) { emailChangeConfirm(token: $t) { isChanged userErrors { code } } }"
    private let newPassword = "quite another sentence"

    private func ask(_ server: APIServer, _ email: String, _ tokens: TestTokens) throws {
        let answer = try server.ask(change, ["e": email], token: tokens.access)
        #expect(answer["data.emailChange.pendingEmail"] == email, "\(answer.text)")
    }

    private func changePassword(_ server: APIServer, _ tokens: TestTokens) throws {
        let answer = try server.ask(
            "mutation ($in: PasswordChangeInput!) { passwordChange(input: $in) { revokedSessions userErrors { code } } }",
            ["in": ["currentPassword": password, "newPassword": newPassword]],
            token: tokens.access
        )
        #expect(answer.codes("passwordChange") == [], "\(answer.text)")
    }

    /// What owners do who have seen a sign-in that was not theirs.
    enum Defence: CaseIterable {
        case reset, newPassword, signOutEverywhere, endOfTheSession, tokenUsedTwice
    }

    private func defend(_ defence: Defence, _ server: APIServer, _ owner: TestTokens, _ thief: TestTokens) async throws
    {
        switch defence {
        case .reset:
            _ = try server.ask("mutation { passwordResetRequest(email: \"ida@example.org\") { accepted } }")
            let token = try await server.mailedToken(to: "ida@example.org", "Choose")
            let answer = try server.ask(
                "mutation ($in: PasswordResetInput!) { passwordReset(input: $in) { userErrors { code } } }",
                ["in": ["token": token, "newPassword": newPassword]]
            )
            #expect(answer.codes("passwordReset") == [])
        case .newPassword: try changePassword(server, owner)
        case .signOutEverywhere:
            _ = try server.ask("mutation { signOutEverywhere { revokedCount } }", token: owner.access)
        case .endOfTheSession:
            _ = try server.ask(
                "mutation ($id: ID!) { authSessionRevoke(id: $id) { userErrors { code } } }",
                ["id": thief.session],
                token: owner.access
            )
        case .tokenUsedTwice:
            _ = try server.askRefresh(thief.refresh)
            #expect(
                try server.askRefresh(thief.refresh, userAgent: "another").codes("sessionRefresh") == ["TOKEN_REUSED"]
            )
        }
    }

    @Test(arguments: Defence.allCases) func `a change of address ends with the sessions that are ended for safety`(
        defence: Defence
    ) async throws {
        try await APIServer.with { server in
            let owner = try server.register("ida")
            try server.sql("UPDATE users SET email_verified_at = now(), status = 'ACTIVE'")
            await server.runJobs()
            let thief = try server.signIn("ida")
            try ask(server, "thief@example.org", thief)
            let token = try await server.mailedToken(to: "thief@example.org", "Confirm your new")
            try await defend(defence, server, owner, thief)
            #expect(try server.ask(confirm, ["t": token]).codes("emailChangeConfirm") == ["TOKEN_INVALID"])
            #expect(try server.sql("SELECT email FROM users") == "ida@example.org")
        }
    }

    @Test func `whoever signs out has not taken back what they asked for`() async throws {
        try await APIServer.with { server in
            let ida = try server.register("ida")
            await server.runJobs()
            try ask(server, "new@example.org", ida)
            let token = try await server.mailedToken(to: "new@example.org", "Confirm your new")
            _ = try server.ask("mutation { signOut { userErrors { code } } }", token: ida.access)
            #expect(try server.ask(confirm, ["t": token])["data.emailChangeConfirm.isChanged"] == "1")
        }
    }

    @Test func `a mail that waited while its reason ended is not sent`() async throws {
        try await APIServer.with { server in
            let ida = try server.register("ida")
            try ask(server, "thief@example.org", ida)
            _ = try server.ask("mutation { passwordResetRequest(email: \"ida@example.org\") { accepted } }")
            try changePassword(server, ida)
            await server.runJobs()
            try await server.untilMailsAreDone()
            let subjects = try await server.mailFolder.mails().map(\.subject).sorted()
            #expect(subjects == ["Confirm your address", "Your password was changed"])
            let waited =
                "SELECT string_agg(status, ' ') FROM email_messages WHERE template_key IN ('email_change', 'password_reset')"
            #expect(try server.sql(waited) == "SUPPRESSED SUPPRESSED")
        }
    }

    @Test func `of two changes that wait to be mailed the newer counts`() async throws {
        try await APIServer.with { server in
            let ida = try server.register("ida")
            try ask(server, "first@example.org", ida)
            try ask(server, "second@example.org", ida)
            await server.runJobs()
            let token = try await server.mailedToken(to: "second@example.org", "Confirm your new")
            try await server.untilMailsAreDone()
            #expect(try await server.mailFolder.mails().allSatisfy { $0.to != "first@example.org" })
            #expect(try server.ask(confirm, ["t": token])["data.emailChangeConfirm.isChanged"] == "1")
        }
    }

    @Test func `a mail that is sent again has another secret, and the one before counts no more`() async throws {
        try await APIServer.with { server in
            let ida = try server.register("ida")
            await server.runJobs()
            try ask(server, "new@example.org", ida)
            let first = try await server.mailedToken(to: "new@example.org", "Confirm your new")
            try await server.untilMailsAreDone()
            // As after a process that was lost between sending it and noting so.
            try server.sql(
                """
                UPDATE email_messages SET status = 'SENDING' WHERE template_key = 'email_change';
                UPDATE jobs SET status = 'QUEUED', finished_at = NULL, run_at = now()
                WHERE name = 'mail.send' AND payload ->> 'message' = (
                    SELECT id::text FROM email_messages WHERE template_key = 'email_change'
                )
                """
            )
            // Wakes whoever sends.
            _ = try server.ask("mutation { passwordResetRequest(email: \"ida@example.org\") { accepted } }")
            var second = first
            for _ in 0..<1_000 where second == first {
                try await Task.sleep(for: .milliseconds(10))
                second = try await server.mailedToken(to: "new@example.org", "Confirm your new")
            }
            #expect(try server.ask(confirm, ["t": first]).codes("emailChangeConfirm") == ["TOKEN_INVALID"])
            #expect(try server.ask(confirm, ["t": second])["data.emailChangeConfirm.isChanged"] == "1")
        }
    }
}
