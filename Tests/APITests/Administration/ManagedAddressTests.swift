import Mail
import Testing

/// Addresses that those who manage accounts give to others.
@Suite(.timeLimit(.minutes(3))) struct ManagedAddressTests {
    /// Ida, whose account a thief has given another address, and who may give it back.
    private func stolen(_ server: APIServer) async throws -> String {
        try server.register("boss", as: "ADMIN")
        let thief = try server.register("ida")
        try server.sql("UPDATE users SET email_verified_at = now(), status = 'ACTIVE'")
        server.pass(seconds: 2)
        await server.runJobs()
        try await server.changeEmail(of: thief, to: "thief@example.org")
        _ = try await server.mail(to: "ida@example.org", "Your address was changed")
        return try server.userID(thief)
    }

    private let giveBack = "adminUserUpdate(input: {id: $user, email: \"ida@example.org\", emailVerified: true})"

    /// The links by which the thief could have the account again.
    private func linksOfThief(_ server: APIServer) async throws -> [String] {
        try await server.untilMailsAreDone()
        return try await server.mailFolder.mails().filter { $0.to == "thief@example.org" }.flatMap(\.links)
            .filter { $0.contains("undo-email-change") }
    }

    @Test func `whose address is given back is not given to the thief again`() async throws {
        try await APIServer.with { server in
            let id = try await stolen(server)
            #expect(try server.manage(giveBack, id, by: server.signIn("boss")).codes("r") == [])
            #expect(try await linksOfThief(server) == [])
            let living = "SELECT count(*) FROM one_time_tokens WHERE purpose = 'EMAIL_UNDO' AND used_at IS NULL"
            #expect(try server.sql(living) == "0")
            #expect(try server.sql("SELECT email FROM users WHERE username = 'ida'") == "ida@example.org")
        }
    }

    @Test func `nor when the owner's own link was over`() async throws {
        try await APIServer.with { server in
            let id = try await stolen(server)
            try server.sql("UPDATE one_time_tokens SET expires_at = now() - interval '1 second'")
            #expect(try server.manage(giveBack, id, by: server.signIn("boss")).codes("r") == [])
            let told = try await server.mail(to: "thief@example.org", "Your account has another address")
            #expect(told.links == [])
            #expect(try await linksOfThief(server) == [])
            let row = "SELECT email || ' ' || status FROM users WHERE username = 'ida'"
            #expect(try server.sql(row) == "ida@example.org ACTIVE")
        }
    }

    @Test func `nor by what was changed before`() async throws {
        try await APIServer.with { server in
            let id = try await stolen(server)
            try server.sql("UPDATE one_time_tokens SET expires_at = now() - interval '1 second'")
            try await server.changeEmail(of: server.signIn("ida"), to: "second@example.org")
            _ = try await server.mail(to: "thief@example.org", "Your address was changed")
            let living =
                "SELECT count(*) FROM one_time_tokens WHERE purpose = 'EMAIL_UNDO' AND used_at IS NULL AND expires_at > now()"
            #expect(try server.sql(living) == "1")
            #expect(try server.manage(giveBack, id, by: server.signIn("boss")).codes("r") == [])
            #expect(try server.sql(living) == "0")
        }
    }

    @Test(arguments: ["", ", emailVerified: true"])
    func `an account to be hears at its right address how to begin`(verified: String) async throws {
        try await APIServer.with { server in
            let admin = try server.register("boss", as: "ADMIN")
            await server.runJobs()
            let made = try server.ask(
                """
                mutation { adminUserCreate(input: {email: "idaa@example.org", displayName: "Ida"}) { user { id } } }
                """,
                token: admin.access
            )
            let id = try #require(made["data.adminUserCreate.user.id"], "\(made.text)")
            let wrong = try await server.mailedToken(to: "idaa@example.org", "Your new account")
            let update = "adminUserUpdate(input: {id: $user, email: \"ida@example.org\"\(verified)})"
            #expect(try server.manage(update, id, by: admin).codes("r") == [])
            let right = try await server.mailedToken(to: "ida@example.org", "Your new account")
            let reset = "mutation ($in: PasswordResetInput!) { passwordReset(input: $in) { userErrors { code } } }"
            func codes(_ token: String) throws -> [String] {
                try server.ask(reset, ["in": ["token": token, "newPassword": password]]).codes("passwordReset")
            }
            #expect(try codes(wrong) == ["TOKEN_INVALID"])
            #expect(try codes(right) == [])
            #expect(try server.viewer(server.signIn("ida@example.org").access) != nil)
            // Whoever can sign in is asked whether the next one is theirs.
            let next = "adminUserUpdate(input: {id: $user, email: \"next@example.org\"})"
            #expect(try server.manage(next, id, by: admin).codes("r") == [])
            _ = try await server.mail(to: "next@example.org", "Confirm your address")
        }
    }
}
