import Data
import EventLoop
import PostgresClient
import Testing

@testable import Actions

@Suite struct UserAdministrationTests {
    private static let create = """
        mutation ($in: AdminUserCreateInput!) { adminUserCreate(input: $in) { user { id roles status } userErrors { code path } } }
        """

    @Test func `an account that was made for somebody is theirs by the link of a mail`() async throws {
        try await APIServer.with { server in
            let admin = try server.register("boss", as: "ADMIN")
            await server.runJobs()
            let answer = try server.ask(
                Self.create,
                ["in": ["email": "new@example.org", "displayName": "New", "roles": ["MODERATOR"]]],
                token: admin.access
            )
            #expect(answer["data.adminUserCreate.user.status"] == "PENDING_VERIFICATION", "\(answer.text)")
            #expect(answer["data.adminUserCreate.user.roles.1"] == "MODERATOR")
            let token = try await server.mailedToken(to: "new@example.org", "Your new account")
            let reset = try server.ask(
                "mutation ($in: PasswordResetInput!) { passwordReset(input: $in) { userErrors { code } } }",
                ["in": ["token": token, "newPassword": password]]
            )
            #expect(reset.codes("passwordReset") == [], "\(reset.text)")
            let theirs = try server.signIn("new@example.org")
            let seen = try server.ask("{ viewer { emailVerified user { status } } }", token: theirs.access)
            #expect(seen["data.viewer.user.status"] == "ACTIVE" && seen["data.viewer.emailVerified"] == "1")
            let log =
                "SELECT string_agg(outcome || ' ' || (resource_id IS NOT NULL), ',') FROM audit_logs WHERE action = 'user.create'"
            #expect(try server.sql(log) == "SUCCEEDED true")
        }
    }

    @Test func `what is wrong with an account to be is told at once`() async throws {
        try await APIServer.with { server in
            let admin = try server.register("boss", as: "ADMIN")
            func codes(_ input: [String: Any]) throws -> [String] {
                try server.ask(Self.create, ["in": input], token: admin.access).codes("adminUserCreate")
            }
            #expect(
                try codes(["email": "x", "displayName": "\u{202E}", "roles": ["ADMIN"]])
                    == ["INVALID_INPUT", "INVALID_INPUT", "FORBIDDEN"]
            )
            #expect(try codes(["email": "BOSS@example.org", "displayName": "B"]) == ["EMAIL_TAKEN"])
            #expect(
                try codes(["email": "a@example.org", "displayName": "A", "roles": ["SUPER_ADMIN"]]) == ["FORBIDDEN"]
            )
            #expect(try server.sql("SELECT count(*) FROM users") == "1")
        }
    }

    @Test func `a changed address is confirmed anew, and the former one can undo it`() async throws {
        try await APIServer.with { server in
            let admin = try server.register("boss", as: "ADMIN")
            let ida = try server.register("ida")
            let id = try server.userID(ida)
            try server.sql("UPDATE users SET status = 'ACTIVE', email_verified_at = now() WHERE username = 'ida'")
            await server.runJobs()
            let update = "adminUserUpdate(input: {id: $user, email: \"other@example.org\", displayName: \"Ida B\"})"
            let answer = try server.manage(update, id, by: admin, "user { email emailVerified displayName status }")
            #expect(answer["data.r.user.email"] == "other@example.org", "\(answer.text)")
            #expect(answer["data.r.user.emailVerified"] == "0" && answer["data.r.user.displayName"] == "Ida B")
            #expect(answer["data.r.user.status"] == "PENDING_VERIFICATION")
            _ = try await server.mailedToken(to: "other@example.org", "Confirm your address")
            let undo = try await server.mailedToken(to: "ida@example.org", "Your address was changed")
            let undone = try server.ask(
                "mutation ($t: String!) { emailChangeUndo(token: $t) { userErrors { code } } }",
                ["t": undo]
            )
            #expect(undone.codes("emailChangeUndo") == [], "\(undone.text)")
            let row = "SELECT email || ' ' || status FROM users WHERE username = 'ida'"
            #expect(try server.sql(row) == "ida@example.org ACTIVE")
            for (field, code) in [
                ("email: \"x\"", "INVALID_INPUT"), ("email: \"Boss@example.org\"", "EMAIL_TAKEN"),
                ("displayName: \"\"", "INVALID_INPUT"),
            ] {
                let refused = try server.manage("adminUserUpdate(input: {id: $user, \(field)})", id, by: admin)
                #expect(refused.codes("r") == [code], "\(refused.text)")
            }
            let verified = "adminUserUpdate(input: {id: $user, email: \"third@example.org\", emailVerified: true})"
            let third = try server.manage(verified, id, by: admin, "user { emailVerified status }")
            #expect(
                third["data.r.user.emailVerified"] == "1" && third["data.r.user.status"] == "ACTIVE",
                "\(third.text)"
            )
            // Addresses are nobody's business who reads the log.
            #expect(try server.sql("SELECT count(*) FROM audit_logs WHERE changes::text LIKE '%example.org%'") == "0")
        }
    }

    @Test func `nobody manages whom they do not stand above`() async throws {
        try await APIServer.with { server in
            let admin = try server.register("admin_a", as: "ADMIN")
            let peer = try server.userID(server.register("admin_b", as: "ADMIN"))
            let top = try server.register("top", as: "SUPER_ADMIN")
            let topID = try server.userID(top)
            let support = try server.register("helper", as: "SUPPORT")
            let actions = [
                "adminUserUpdate(input: {id: $user, displayName: \"x\"})",
                "adminUserRolesSet(userId: $user, roles: [])",
                "adminUserSuspend(userId: $user, reason: \"because\")", "adminUserReinstate(userId: $user)",
                "adminUserSignOut(userId: $user)", "adminUserPasswordReset(userId: $user)",
            ]
            for action in actions {
                for target in [peer, topID] {
                    let answer = try server.manage(action, target, by: admin)
                    #expect(answer.codes("r") == ["FORBIDDEN"], "\(action): \(answer.text)")
                }
                for none in ["usr_00000000000000000000000000", "team_1", ""] {
                    #expect(try server.manage(action, none, by: admin).codes("r") == ["NOT_FOUND"], "\(action)")
                }
                #expect(try server.manage(action, peer, by: support)["errors.0.extensions.reason"] == "MISSING_ROLE")
            }
            #expect(try server.manage("adminUserSignOut(userId: $user)", peer, by: top).codes("r") == [])
            #expect(
                try server.manage("adminUserSuspend(userId: $user, reason: \"tired\")", topID, by: top).codes("r")
                    == ["FORBIDDEN"]
            )
        }
    }

    @Test func `roles are given up to one's own, count within a second, and one of those who may everything stays`()
        async throws
    {
        try await APIServer.with { server in
            let top = try server.register("top", as: "SUPER_ADMIN")
            let topID = try server.userID(top)
            let admin = try server.register("boss", as: "ADMIN")
            let ida = try server.register("ida")
            let id = try server.userID(ida)
            try server.sql("UPDATE users SET status = 'ACTIVE'")
            func set(_ roles: String, _ user: String, _ actor: TestTokens) throws -> [String] {
                try server.manage("adminUserRolesSet(userId: $user, roles: [\(roles)])", user, by: actor).codes("r")
            }
            let list = "{ users { nodes { id } } }"
            #expect(try set("SUPPORT, TUTOR", id, admin) == [])
            server.pass(seconds: 2)
            #expect(try server.ask(list, token: ida.access).errorCode == nil)
            #expect(try set("ADMIN", id, admin) == ["FORBIDDEN"])
            #expect(try set("", id, admin) == [])
            server.pass(seconds: 2)
            #expect(try server.ask(list, token: ida.access).errorCode == "FORBIDDEN")
            #expect(
                try server.sql(
                    "SELECT string_agg(role, ' ') FROM user_roles r JOIN users u ON u.id = r.user_id WHERE username = 'ida'"
                ) == "MEMBER"
            )
            #expect(try set("ADMIN", topID, top) == ["LAST_OWNER"])
            #expect(try set("SUPER_ADMIN", id, top) == [])
            #expect(try set("", topID, top) == [])
            server.pass(seconds: 2)
            #expect(
                try server.manage("adminUserRolesSet(userId: $user, roles: [])", id, by: top).errorCode == "FORBIDDEN"
            )
            let log =
                "SELECT changes::text FROM audit_logs WHERE action = 'user.roles_set' AND outcome = 'SUCCEEDED' ORDER BY sequence LIMIT 1"
            let logged = try #require(try server.sql(log))
            #expect(logged.contains("MEMBER SUPPORT TUTOR"))
        }
    }

    @Test func `a suspended account is closed to people and programs until it is opened`() async throws {
        try await APIServer.with { server in
            let admin = try server.register("boss", as: "ADMIN")
            let ida = try server.register("ida")
            try server.sql("UPDATE users SET status = 'ACTIVE', email_verified_at = now() WHERE username = 'ida'")
            let id = try server.userID(ida)
            let key = try #require(
                try server.ask(
                    "mutation { apiKeyCreate(input: {name: \"x\", scopes: [PROFILE_READ]}) { secret } }",
                    token: ida.access
                )["data.apiKeyCreate.secret"]
            )
            await server.runJobs()
            let suspend = "adminUserSuspend(userId: $user, reason: \"spam\")"
            let answer = try server.manage(suspend, id, by: admin, "revokedSessions user { status }")
            #expect(answer["data.r.revokedSessions"] == "1", "\(answer.text)")
            #expect(answer["data.r.user.status"] == "SUSPENDED")
            #expect(try server.viewer(ida.access) == nil)
            server.pass(seconds: 2)
            #expect(try server.viewer(key) == nil)
            #expect(try server.askSignIn("ida", password).codes("signIn") == ["ACCOUNT_SUSPENDED"])
            _ = try await server.mail(to: "ida@example.org", "Your account was suspended")
            #expect(try server.manage(suspend, id, by: admin).codes("r") == ["INVALID_TRANSITION"])
            #expect(try server.manage("adminUserReinstate(userId: $user)", id, by: admin).codes("r") == [])
            #expect(try server.viewer(server.signIn("ida").access) == "ida")
            server.pass(seconds: 2)
            #expect(try server.viewer(key) == "ida")
            #expect(
                try server.manage("adminUserReinstate(userId: $user)", id, by: admin).codes("r") == [
                    "INVALID_TRANSITION"
                ]
            )
            let log = """
                SELECT string_agg(outcome || coalesce(changes -> 0 ->> 'after', ''), ' ' ORDER BY sequence) FROM audit_logs
                WHERE action = 'user.suspend'
                """
            let logged = try #require(try server.sql(log))
            #expect(logged.hasPrefix("INITIATED SUCCEEDED"))
            #expect(try server.sql("SELECT count(*) FROM audit_logs WHERE changes::text LIKE '%spam%'") == "1")
        }
    }

    @Test func `a suspension with an end is over then`() async throws {
        try await APIServer.with { server in
            let admin = try server.register("boss", as: "ADMIN")
            let id = try server.userID(server.register("ida"))
            func suspend(_ until: String) throws -> [String] {
                let text = "adminUserSuspend(userId: $user, reason: \"for a while\", until: \"\(until)\")"
                return try server.manage(text, id, by: admin).codes("r")
            }
            #expect(try suspend("2020-01-01T00:00:00Z") == ["INVALID_INPUT"])
            let end = server.identity.time(afterSeconds: 3_600)
            #expect(try suspend(end.rfc3339) == [])
            let services = server.identity
            try await server.group.loops[0].start { try await SuspensionEnd(services).run() }
            #expect(try server.askSignIn("ida", password).codes("signIn") == ["ACCOUNT_SUSPENDED"])
            server.pass(seconds: 3_601)
            try await server.group.loops[0].start { try await SuspensionEnd(services).run() }
            #expect(try server.viewer(server.signIn("ida").access) == "ida")
            #expect(
                try server.sql("SELECT status || (suspended_until IS NULL) FROM users WHERE username = 'ida'")
                    == "PENDING_VERIFICATIONtrue"
            )
        }
    }

    @Test func `of two who take each other's highest role at once one keeps it`() async throws {
        try await APIServer.with { server in
            let one = try server.register("one", as: "SUPER_ADMIN")
            let other = try server.register("other", as: "SUPER_ADMIN")
            try server.sql("UPDATE users SET status = 'ACTIVE'")
            let id = try server.userID(other)
            let held = try HeldTransaction(
                """
                PERFORM 1 FROM users FOR NO KEY UPDATE;
                DELETE FROM user_roles r USING users u
                WHERE u.id = r.user_id AND u.username = 'one' AND r.role = 'SUPER_ADMIN'
                """,
                on: server.connectionString
            )
            let answer = try server.manage("adminUserRolesSet(userId: $user, roles: [])", id, by: one)
            try held.end()
            #expect(answer.codes("r") == ["FORBIDDEN"], "\(answer.text)")
            #expect(try server.sql("SELECT count(*) FROM user_roles WHERE role = 'SUPER_ADMIN'") == "1")
        }
    }
}
