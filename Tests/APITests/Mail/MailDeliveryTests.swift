import Actions
import Data
import EventLoop
import Mail
import OutboundHTTP
import PostgresClient
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(3))) struct MailDeliveryTests {
    @Test func `what is rolled back sends nothing, and what is committed is sent once`() async throws {
        try await APIServer.with { server in
            let ida = try server.user("ida")
            try server.sql("UPDATE users SET status = 'ACTIVE', email_verified_at = now()")
            let identity = server.identity
            struct Undone: Error {}
            func add(_ key: String, fails: Bool) async throws {
                try await server.group.loops[0].start {
                    try await identity.database.pool.transaction { transaction in
                        let mail = NewMail.notification(to: ida, title: key, body: "B", link: "/x", dedupeKey: key)
                        try await MailOutbox(identity).add(mail, in: transaction)
                        if fails { throw Undone() }
                    }
                }
            }
            await #expect(throws: Undone.self) { try await add("undone", fails: true) }
            for _ in 0..<2 { try await add("done", fails: false) }
            await server.runJobs()
            let mail = try await server.mail(to: "ida@example.org", "done")
            #expect(mail.links == ["https://app.example/x"])
            try await server.untilMailsAreDone()
            let found = try server.sql("SELECT string_agg(template_key || status, ' ' ORDER BY id) FROM email_messages")
            #expect(found == "email_verificationSENT notificationSENT")
        }
    }

    @Test func `notifications go to confirmed addresses only, and to nobody who wants none`() async throws {
        try await APIServer.with { server in
            let (ida, bob) = (try server.user("ida"), try server.user("bob"))
            try server.sql("UPDATE users SET status = 'ACTIVE', email_verified_at = now() WHERE username = 'bob'")
            try server.sql("INSERT INTO email_suppressions VALUES ('BOB@example.org', 'UNSUBSCRIBED')")
            let identity = server.identity
            let added = try await server.group.loops[0].start {
                try await identity.database.pool.transaction { transaction in
                    var added: [Bool] = []
                    for user in [ida, bob] {
                        let mail = NewMail.notification(to: user, title: "T", body: "", link: nil, dedupeKey: nil)
                        added.append(try await MailOutbox(identity).add(mail, in: transaction))
                    }
                    return added
                }
            }
            #expect(added == [false, true])
            await server.runJobs()
            try await server.untilMailsAreDone()
            let found = try server.sql(
                "SELECT string_agg(template_key || ' ' || status, ', ' ORDER BY id) FROM email_messages WHERE to_address = 'bob@example.org'"
            )
            // An account's own mails are sent all the same.
            #expect(found == "email_verification SENT, notification SUPPRESSED")
        }
    }

    @Test func `a mail says in the language of its reader what others wrote, and no more`() async throws {
        try await APIServer.with { server in
            let tokens = try server.register("ida")
            try server.sql("UPDATE users SET locale = 'de-AT', name = '<b>Ida</b> & Co' WHERE username = 'ida'")
            _ = try server.ask("mutation { emailVerificationSend { sentTo } }", token: tokens.access)
            await server.runJobs()
            let mail = try await server.mail(to: "ida@example.org", "Bestätigen Sie")
            #expect(mail.html.contains("Guten Tag &lt;b&gt;Ida&lt;/b&gt; &amp; Co,"))
            #expect(!mail.html.contains("<b>"))
            #expect(mail.text.contains("Guten Tag <b>Ida</b> & Co,"))
        }
    }

    private final class Failing: MailSender {
        let fault: MailFault
        init(_ fault: MailFault) { self.fault = fault }
        var name: String { "failing" }
        func send(_ message: MailMessage) async throws -> String? { throw fault }
    }

    private func deliver(_ server: APIServer, _ fault: MailFault?, attempt: Int) async throws -> Bool {
        try server.sql("UPDATE jobs SET attempts = \(attempt), max_attempts = 20 WHERE name = 'mail.send'")
        let mails = MailServices(sender: fault.map(Failing.init), from: server.mails.from, pages: "https://a.example")
        let identity = server.identity
        return try await server.group.loops[0].start {
            let job = try await identity.database.session.firstMailJob()
            do {
                try await MailDelivery(identity, mails).run(job)
                return true
            } catch { return false }
        }
    }

    private let state = "SELECT status || ' ' || attempts || ' ' || coalesce(last_error, '-') FROM email_messages"

    @Test func `what is refused for a while is tried again, and given up in the end`() async throws {
        try await APIServer.with { server in
            try server.register("ida")
            #expect(try await !deliver(server, .postponed("later"), attempt: 1))
            #expect(try server.sql(state) == "QUEUED 1 postponed(\"later\")")
            #expect(try await !deliver(server, .postponed("later"), attempt: 10))
            #expect(try server.sql(state) == "FAILED 2 postponed(\"later\")")
            #expect(try await deliver(server, .rejected("never"), attempt: 11))
            #expect(try server.sql(state) == "FAILED 2 postponed(\"later\")")
        }
    }

    @Test func `what was given up is sent when its job gets another life`() async throws {
        try await APIServer.with { server in
            try server.register("ida")
            #expect(try await !deliver(server, .postponed("later"), attempt: 10))
            #expect(try server.sql(state) == "FAILED 1 postponed(\"later\")")
            try await server.revive("mail.send")
            try await server.work()
            #expect(try server.sql(state) == "SENT 2 -")
        }
    }

    @Test func `what was told by a mail that was given up is brought by its next life`() async throws {
        try await APIServer.with { server in
            let ida = try server.user("ida")
            try server.sql("UPDATE users SET status = 'ACTIVE', email_verified_at = now()")
            try server.sql("DELETE FROM jobs; DELETE FROM email_messages")
            try await server.tell([NewNotification(.tokenReused, to: [ida], title: "A session", body: "")])
            try await server.work()
            #expect(try server.deliveries() == "EMAIL SENT")
            // As the last attempt leaves it.
            try server.sql(
                """
                SET session_replication_role = replica;
                UPDATE notification_deliveries SET status = 'FAILED', sent_at = NULL;
                UPDATE email_messages SET status = 'FAILED';
                UPDATE jobs SET attempts = 10 WHERE name = 'mail.send'
                """
            )
            try await server.revive("mail.send")
            try await server.work()
            #expect(try server.deliveries() == "EMAIL SENT")
            #expect(try server.sql("SELECT sent_at IS NOT NULL FROM notification_deliveries") == "t")
        }
    }

    @Test func `what is refused for good is not tried again`() async throws {
        try await APIServer.with { server in
            try server.register("ida")
            #expect(try await deliver(server, .rejected("never"), attempt: 1))
            #expect(try server.sql(state) == "FAILED 1 never")
        }
    }

    @Test func `where no mails are sent, it is noted`() async throws {
        try await APIServer.with { server in
            try server.register("ida")
            #expect(try await deliver(server, nil, attempt: 1))
            #expect(try server.sql(state) == "SUPPRESSED 0 no mails are sent")
        }
    }

    @Test func `the token of a link is in the mail alone`() async throws {
        try await APIServer.with { server in
            try server.register("ida")
            await server.runJobs()
            let token = try await server.mailedToken(to: "ida@example.org", "Confirm")
            try await server.untilMailsAreDone()
            let secret = String(token.dropFirst(3))
            for table in ["jobs", "email_messages", "one_time_tokens", "audit_logs"] {
                #expect(try server.sql("SELECT count(*) FROM \(table) t WHERE t::text LIKE '%\(secret)%'") == "0")
            }
            #expect(try server.sql("SELECT count(*) FROM one_time_tokens") == "1")
        }
    }
}

extension Session {
    /// The job of the first mail, as a worker would have it.
    fileprivate func firstMailJob() async throws -> Job {
        try await one(
            Statement<Job>(
                """
                SELECT id, name, payload, attempts, owner_id, earlier_attempts, max_attempts FROM jobs WHERE name = 'mail.send' LIMIT 1
                """
            )
        )
    }
}

extension APIServer {
    /// Registers somebody; their id.
    func user(_ name: String) throws -> PostgresClient.UUID {
        try register(name)
        return try #require(sql("SELECT id FROM users WHERE username = '\(name)'").flatMap { PostgresClient.UUID($0) })
    }
}
