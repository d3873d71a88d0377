import Actions
import Mail
import Testing

@testable import Credentials

/// An address that an account has given up and can take back.
@Suite struct FormerAddressTests {
    private let undo = "mutation ($t: String!) { emailChangeUndo(token: $t) { revokedSessions userErrors { code } } }"
    private let change = "mutation ($e: String!) { emailChange(newEmail: $e) { userErrors { code } } }"

    /// Ida, whose account a thief has given another address, and the link by which she gets hers back.
    private func moved(_ server: APIServer) async throws -> (thief: TestTokens, undo: String) {
        let thief = try server.register("ida")
        try server.sql("UPDATE users SET email_verified_at = now(), status = 'ACTIVE'")
        server.pass(seconds: 2)
        await server.runJobs()
        try await server.changeEmail(of: thief, to: "thief@example.org")
        return (thief, try await server.mailedToken(to: "ida@example.org", "Your address was changed"))
    }

    private func askRegister(_ server: APIServer, _ name: String, _ email: String) throws -> [String] {
        try server.ask(
            "mutation ($in: AccountRegisterInput!) { accountRegister(input: $in) { userErrors { code } } }",
            ["in": ["email": email, "username": name, "displayName": name, "password": password]]
        ).codes("accountRegister")
    }

    private func addressOfIda(_ server: APIServer) throws -> String? {
        try server.sql("SELECT email FROM users WHERE username = 'ida'")
    }

    @Test func `nobody registers it, and its owner gets it back`() async throws {
        try await APIServer.with { server in
            let token = try await moved(server).undo
            #expect(try askRegister(server, "squatter", "IDA@example.org") == ["EMAIL_TAKEN"])
            #expect(try server.sql("SELECT count(*) FROM users") == "1")
            #expect(try server.ask(undo, ["t": token]).codes("emailChangeUndo") == [])
            #expect(try addressOfIda(server) == "ida@example.org")
        }
    }

    @Test func `nobody registers it by an account elsewhere`() async throws {
        try await APIServer.withProvider { server, provider in
            _ = try await moved(server)
            provider.behave { $0.claims = ["email": .string("ida@example.org")] }
            #expect(try server.signInBy().codes("oauthComplete") == ["EMAIL_TAKEN"])
            #expect(try server.sql("SELECT count(*) FROM users") == "1")
        }
    }

    @Test func `no other account changes to it, and the account itself may`() async throws {
        try await APIServer.with { server in
            let thief = try await moved(server).thief
            let bob = try server.register("bob")
            #expect(
                try server.ask(change, ["e": "ida@example.org"], token: bob.access).codes("emailChange") == [
                    "EMAIL_TAKEN"
                ]
            )
            // What is known of a session is a second old.
            server.pass(seconds: 2)
            try await server.changeEmail(of: thief, to: "ida@example.org")
            #expect(try addressOfIda(server) == "ida@example.org")
        }
    }

    @Test func `one that was asked for before it was given up is not given away afterwards`() async throws {
        try await APIServer.with { server in
            try server.register("ida")
            let bob = try server.register("bob")
            await server.runJobs()
            // Bob has asked for an address that nobody had then.
            _ = try server.ask(change, ["e": "later@example.org"], token: bob.access)
            let bobs = try await server.mailedToken(to: "later@example.org", "Confirm your new")
            try server.sql(
                """
                INSERT INTO one_time_tokens (token_hash, purpose, user_id, data, expires_at)
                SELECT '\\x01', 'EMAIL_UNDO', id, '{"email": "later@example.org"}', now() + interval '3 days'
                FROM users WHERE username = 'ida'
                """
            )
            let confirm = "mutation ($t: String!) { emailChangeConfirm(token: $t) { userErrors { code } } }"
            #expect(try server.ask(confirm, ["t": bobs]).codes("emailChangeConfirm") == ["TOKEN_INVALID"])
        }
    }

    @Test func `whoever registers it in the very moment does not get it`() async throws {
        try await APIServer.with { server in
            try server.register("ida")
            let held = try HeldTransaction(
                """
                UPDATE users SET email = 'thief@example.org';
                INSERT INTO one_time_tokens (token_hash, purpose, user_id, data, expires_at)
                SELECT '\\x01', 'EMAIL_UNDO', id, '{"email": "ida@example.org"}', now() + interval '3 days' FROM users
                """,
                on: server.connectionString
            )
            let codes = try askRegister(server, "squatter", "ida@example.org")
            try held.end()
            #expect(codes == ["EMAIL_TAKEN"])
            #expect(try server.sql("SELECT count(*) FROM users") == "1")
        }
    }

    @Test func `it is free when it cannot be taken back any more`() async throws {
        try await APIServer.with { server in
            let token = try await moved(server).undo
            try server.sql("UPDATE one_time_tokens SET expires_at = now() - interval '1 second'")
            #expect(try askRegister(server, "heir", "ida@example.org") == [])
            #expect(try server.ask(undo, ["t": token]).codes("emailChangeUndo") == ["TOKEN_EXPIRED"])
        }
    }

    @Test func `where somebody has it all the same, the refusal is in the log`() async throws {
        try await APIServer.with { server in
            let token = try await moved(server).undo
            try server.register("bob")
            try server.sql("UPDATE users SET email = 'ida@example.org' WHERE username = 'bob'")
            #expect(try server.ask(undo, ["t": token]).codes("emailChangeUndo") == ["TOKEN_INVALID"])
            let log =
                "SELECT outcome || ' ' || error_code FROM audit_logs WHERE action = 'account.email_change_undo'"
            #expect(try server.sql(log) == "REFUSED EMAIL_TAKEN")
        }
    }
}

extension APIServer {
    /// Asks for another address and follows the link of its mail; jobs must run.
    func changeEmail(of tokens: TestTokens, to email: String) async throws {
        let asked = try ask(
            "mutation ($e: String!) { emailChange(newEmail: $e) { pendingEmail userErrors { code } } }",
            ["e": email],
            token: tokens.access
        )
        #expect(asked["data.emailChange.pendingEmail"] == email, "\(asked.text)")
        let token = try await mailedToken(to: email, "Confirm your new")
        let answer = try ask(
            "mutation ($t: String!) { emailChangeConfirm(token: $t) { isChanged userErrors { code } } }",
            ["t": token]
        )
        #expect(answer["data.emailChangeConfirm.isChanged"] == "1", "\(answer.text)")
    }
}
