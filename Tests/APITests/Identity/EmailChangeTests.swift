import Actions
import Data
import EventLoop
import Mail
import Testing

@Suite(.timeLimit(.minutes(3))) struct EmailChangeTests {
    private let change =
        "mutation ($e: String!) { emailChange(newEmail: $e) { pendingEmail userErrors { code path } } }"
    private let confirm = "mutation ($t: String!) { emailChangeConfirm(token: $t) { isChanged userErrors { code } } }"
    private let undo = "mutation ($t: String!) { emailChangeUndo(token: $t) { revokedSessions userErrors { code } } }"

    private func email(_ server: APIServer) throws -> String? {
        try server.sql("SELECT email || ' ' || status FROM users WHERE username = 'ida'")
    }

    /// Somebody with a confirmed address.
    private func confirmed(_ server: APIServer) throws -> TestTokens {
        let ida = try server.register("ida")
        try server.sql("UPDATE users SET email_verified_at = now(), status = 'ACTIVE'")
        server.pass(seconds: 2)
        return ida
    }

    private func changed(_ server: APIServer, _ ida: TestTokens, to email: String) async throws {
        let answer = try server.ask(change, ["e": email], token: ida.access)
        #expect(answer["data.emailChange.pendingEmail"] == email, "\(answer.text)")
        let token = try await server.mailedToken(to: email, "Confirm your new")
        #expect(try server.ask(confirm, ["t": token])["data.emailChangeConfirm.isChanged"] == "1")
    }

    @Test func `an address is another one once its mail was read`() async throws {
        try await APIServer.with { server in
            let ida = try confirmed(server)
            await server.runJobs()
            let answer = try server.ask(change, ["e": " New@example.org "], token: ida.access)
            #expect(answer["data.emailChange.pendingEmail"] == "New@example.org", "\(answer.text)")
            #expect(try email(server) == "ida@example.org ACTIVE")
            let token = try await server.mailedToken(to: "New@example.org", "Confirm your new")
            #expect(try server.ask(confirm, ["t": token])["data.emailChangeConfirm.isChanged"] == "1")
            #expect(try email(server) == "New@example.org ACTIVE")
            #expect(try server.ask(confirm, ["t": token]).codes("emailChangeConfirm") == ["TOKEN_INVALID"])
            #expect(try server.viewer(ida.access) == "ida")
            // Neither address is in the log.
            let log = try server.sql(
                "SELECT string_agg(changes::text, '') FROM audit_logs WHERE action LIKE '%email_change%'"
            )
            #expect(log?.contains("redacted") == true && log?.contains("example.org") == false)
        }
    }

    @Test func `who reads the old address is told, and can undo it`() async throws {
        try await APIServer.with { server in
            let ida = try confirmed(server)
            await server.runJobs()
            try await changed(server, ida, to: "thief@example.org")
            let token = try await server.mailedToken(to: "ida@example.org", "Your address was changed")
            // Twice changed is no way out, and the thief's own link is none back.
            try await changed(server, ida, to: "thief2@example.org")
            let thiefs = try await server.mailedToken(to: "thief@example.org", "Your address was changed")
            let made =
                "mutation { apiKeyCreate(input: {name: \"back door\", scopes: [PROFILE_READ]}) { secret userErrors { code } } }"
            let key = try #require(server.ask(made, token: ida.access)["data.apiKeyCreate.secret"])
            #expect(try server.viewer(key) == "ida")
            let answer = try server.ask(undo, ["t": token])
            #expect(answer["data.emailChangeUndo.revokedSessions"] == "1", "\(answer.text)")
            #expect(try email(server) == "ida@example.org ACTIVE")
            #expect(try server.viewer(ida.access) == nil)
            #expect(try server.viewer(key) == nil)
            for used in [token, thiefs] {
                #expect(try server.ask(undo, ["t": used]).codes("emailChangeUndo") == ["TOKEN_INVALID"])
            }
            // A new password, as the old one is known to somebody else.
            _ = try await server.mailedToken(to: "ida@example.org", "Choose")
        }
    }

    @Test func `an address that nobody had confirmed gets no link to the account`() async throws {
        try await APIServer.with { server in
            let ida = try server.register("ida")
            await server.runJobs()
            try await changed(server, ida, to: "new@example.org")
            #expect(try email(server) == "new@example.org ACTIVE")
            try await server.untilMailsAreDone()
            let mails = try await server.mailFolder.mails()
            #expect(!mails.contains { $0.subject.hasPrefix("Your address was changed") })
        }
    }

    @Test func `links end: the new address's after a day or by a newer one, the old one's after three`() async throws {
        try await APIServer.with { server in
            let ida = try confirmed(server)
            await server.runJobs()
            _ = try server.ask(change, ["e": "a@example.org"], token: ida.access)
            let first = try await server.mailedToken(to: "a@example.org", "Confirm your new")
            _ = try server.ask(change, ["e": "b@example.org"], token: ida.access)
            let second = try await server.mailedToken(to: "b@example.org", "Confirm your new")
            #expect(try server.ask(confirm, ["t": first]).codes("emailChangeConfirm") == ["TOKEN_INVALID"])
            // Somebody else was quicker.
            let bob = try server.register("bob")
            try server.sql("UPDATE users SET email = 'b@example.org' WHERE username = 'bob'")
            #expect(try server.ask(confirm, ["t": second]).codes("emailChangeConfirm") == ["TOKEN_INVALID"])
            #expect(try email(server) == "ida@example.org ACTIVE")
            try await changed(server, ida, to: "c@example.org")
            let back = try await server.mailedToken(to: "ida@example.org", "Your address was changed")
            _ = try server.ask(change, ["e": "d@example.org"], token: ida.access)
            let late = try await server.mailedToken(to: "d@example.org", "Confirm your new")
            _ = bob
            server.pass(seconds: 86_401)
            #expect(try server.ask(confirm, ["t": late]).codes("emailChangeConfirm") == ["TOKEN_EXPIRED"])
            server.pass(seconds: 3 * 86_400)
            #expect(try server.ask(undo, ["t": back]).codes("emailChangeUndo") == ["TOKEN_EXPIRED"])
        }
    }

    @Test func `a stale proof, a taken address and none at all are refused`() async throws {
        try await APIServer.with {
            $0.mailsPerHour = 4
        } _: { server in
            let ida = try confirmed(server)
            try server.register("bob")
            func codes(_ email: String) throws -> [String] {
                try server.ask(change, ["e": email], token: ida.access).codes("emailChange")
            }
            #expect(try codes("BOB@example.org") == ["EMAIL_TAKEN"])
            #expect(try codes("nobody") == ["INVALID_INPUT"])
            #expect(try codes("IDA@example.org") == ["INVALID_INPUT"])
            #expect(try codes("new@example.org") == [])
            #expect(try server.ask(change, ["e": "x@example.org"], token: ida.access).errorCode == "RATE_LIMITED")
            server.pass(seconds: 700)
            let stale = try server.ask(change, ["e": "x@example.org"], token: ida.access)
            #expect(stale["errors.0.extensions.reason"] == "REAUTHENTICATION_REQUIRED")
            for token in ["", "me_x", "mu_x", "mv_" + String(repeating: "A", count: 43)] {
                #expect(try server.ask(confirm, ["t": token]).codes("emailChangeConfirm") == ["TOKEN_INVALID"])
                #expect(try server.ask(undo, ["t": token]).codes("emailChangeUndo") == ["TOKEN_INVALID"])
            }
        }
    }

    @Test func `mails are forgotten after their time, but not those that wait`() async throws {
        try await APIServer.with { server in
            try server.sql(
                """
                INSERT INTO email_messages (to_address, subject, provider, status, created_at)
                SELECT 'a@example.org', '', '', status, now() - age FROM
                    unnest(ARRAY['SENT', 'FAILED', 'SUPPRESSED', 'QUEUED', 'SENDING']) AS status,
                    unnest(ARRAY[interval '89 days', interval '91 days']) AS age
                """
            )
            let purged = try await server.group.loops[0].start { [identity = server.identity] in
                try await MailPurge(identity, keptDays: 90).run()
            }
            #expect(purged == 4)
            #expect(
                try server.sql(
                    "SELECT string_agg(status, ' ' ORDER BY status) FROM email_messages WHERE created_at < now() - interval '90 days'"
                ) == "QUEUED"
            )
        }
    }
}
