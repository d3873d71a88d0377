import Actions
import Mail
import Testing

/// The mail by which somebody chooses a password, sent by those who manage accounts.
@Suite(.timeLimit(.minutes(3))) struct ManagedPasswordTests {
    private let send = "adminUserPasswordReset(userId: $user)"
    private let reset = "mutation ($in: PasswordResetInput!) { passwordReset(input: $in) { userErrors { code } } }"

    @Test func `somebody is sent the link to a new password, and has the old one until then`() async throws {
        try await APIServer.with { server in
            let admin = try server.register("boss", as: "ADMIN")
            let ida = try server.register("ida")
            await server.runJobs()
            let answer = try server.manage(send, server.userID(ida), by: admin, "user { username }")
            #expect(answer["data.r.user.username"] == "ida", "\(answer.text)")
            #expect(try server.viewer(server.signIn("ida").access) == "ida")
            let token = try await server.mailedToken(to: "ida@example.org", "Choose a new password")
            let done = try server.ask(reset, ["in": ["token": token, "newPassword": "quite another sentence"]])
            #expect(done.codes("passwordReset") == [], "\(done.text)")
            #expect(try server.askSignIn("ida", password).codes("signIn") == ["INVALID_CREDENTIALS"])
            let log = "SELECT string_agg(outcome, ' ') FROM audit_logs WHERE action = 'user.password_reset'"
            #expect(try server.sql(log) == "SUCCEEDED")
        }
    }

    @Test func `an account that was made without a mail gets its own`() async throws {
        try await APIServer.with { server in
            let admin = try server.register("boss", as: "ADMIN")
            await server.runJobs()
            let made = try server.ask(
                """
                mutation { adminUserCreate(input: {email: "ida@example.org", displayName: "Ida", sendInvite: false}) {
                    user { id } } }
                """,
                token: admin.access
            )
            let id = try #require(made["data.adminUserCreate.user.id"], "\(made.text)")
            #expect(try server.manage(send, id, by: admin).codes("r") == [])
            let token = try await server.mailedToken(to: "ida@example.org", "Your new account")
            let done = try server.ask(reset, ["in": ["token": token, "newPassword": password]])
            #expect(done.codes("passwordReset") == [], "\(done.text)")
            #expect(try server.viewer(server.signIn("ida@example.org").access) != nil)
        }
    }

    @Test func `nobody's mailbox is filled`() async throws {
        try await APIServer.with(options: { $0.mailsPerHour = 2 }) { server in
            let admin = try server.register("boss", as: "ADMIN")
            let id = try server.userID(server.register("ida"))
            for _ in 1...2 { #expect(try server.manage(send, id, by: admin).codes("r") == []) }
            #expect(try server.manage(send, id, by: admin).errorCode == "RATE_LIMITED")
            let mails = "SELECT count(*) FROM email_messages WHERE template_key = 'password_reset'"
            #expect(try server.sql(mails) == "2")
        }
    }
}
