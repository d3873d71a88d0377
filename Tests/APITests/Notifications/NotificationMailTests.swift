import Actions
import Data
import EventLoop
import Foundation
import Mail
import PostgresClient
import Testing

@Suite(.timeLimit(.minutes(3))) struct NotificationMailTests {
    private func confirm(_ server: APIServer) throws {
        try server.sql("UPDATE users SET status = 'ACTIVE', email_verified_at = now()")
        try server.sql("DELETE FROM jobs; DELETE FROM email_messages")
    }

    private func digest(_ server: APIServer) async throws -> Int {
        try await server.group.loops[0].start { [identity = server.identity] in
            try await NotificationDigest(identity).run()
        }
    }

    private func mails(_ server: APIServer) throws -> String? {
        try server.sql("SELECT string_agg(template_key || ' ' || status, ', ' ORDER BY id) FROM email_messages")
    }

    @Test func `what is of security is mailed at once, to addresses that were confirmed`() async throws {
        try await APIServer.with { server in
            _ = try server.register("ida")
            let user = try server.userID("ida")
            let told = NewNotification(.tokenReused, to: [user], title: "A session was ended", body: "Sign in again.")
            try await server.tell([told])
            #expect(try server.sql("SELECT count(*) FROM notification_deliveries") == "0")
            try confirm(server)
            // Neither quiet hours, nor a digest, nor a wish for no mails keeps it back.
            try server.sql(
                """
                INSERT INTO notification_schedules (user_id, muted_until, allow_critical, email_digest)
                    VALUES ('\(user)', '2999-01-01', false, 'OFF');
                INSERT INTO email_suppressions VALUES ('ida@example.org', 'UNSUBSCRIBED')
                """
            )
            try await server.tell([told])
            try await server.work()
            let mail = try await server.mail(to: "ida@example.org", "A session was ended")
            #expect(mail.text.contains("Sign in again.") && mail.text.contains("safety of your account"))
            #expect(try server.deliveries() == "EMAIL SENT")
            let all = ["IN_APP", "EMAIL"].map {
                ["category": "SECURITY", "channel": $0, "enabled": false] as [String: Any]
            }
            let tokens = try server.signIn("ida")
            let off = try server.updatePreferences(["rows": all], token: tokens.access)
            #expect(off.codes("notificationPreferencesUpdate") == ["INVALID_INPUT", "INVALID_INPUT"])
        }
    }

    @Test func `what is read within two minutes is not mailed, and what is unread is mailed once`() async throws {
        try await APIServer.with { server in
            let ida = try server.register("ida")
            try confirm(server)
            let user = try server.userID("ida")
            try await server.mention([user], "one", .thread("a"))
            try await server.work()
            #expect(try server.deliveries() == "EMAIL QUEUED")
            let wait = "SELECT extract(epoch FROM run_at - created_at)::int BETWEEN 110 AND 130 FROM jobs"
            #expect(try server.sql(wait) == "t")
            _ = try server.ask("mutation { notificationsMarkAllRead { updatedCount } }", token: ida.access)
            try await server.work(all: true)
            #expect(try server.deliveries() == "EMAIL SUPPRESSED")
            #expect(try mails(server) == "")
            for title in ["two", "three"] { try await server.mention([user], title, .thread("a")) }
            try await server.work(all: true)
            try await server.mention([user], "four", .thread("a"))
            try await server.work(all: true)
            #expect(try mails(server) == "notification SENT")
            #expect(try await server.mail(to: "ida@example.org", "three").subject == "three")
        }
    }

    @Test func `what was kept back once is mailed when it is told again`() async throws {
        try await APIServer.with { server in
            let (ida, ben) = (try server.person("ida"), try server.person("ben"))
            try confirm(server)
            let room = try server.group(of: [ida, ben]).general
            try server.send("@ida 1", to: room, by: ben)
            try server.markRead(room, upTo: 1, by: ida)
            #expect(try server.inbox(ida.token)["data.viewer.notificationCounts.unread"] == "0")
            try await server.work(all: true)
            #expect(try server.deliveries() == "EMAIL SUPPRESSED")
            // Each time it is kept back for another reason; then it is told again.
            try server.send("@ida 2", to: room, by: ben)
            try server.sql("UPDATE notifications SET archived_at = now() WHERE read_at IS NULL")
            try await server.work(all: true)
            let gone = try server.send("@ida 3", to: room, by: ben)
            _ = try server.ask(
                "mutation ($id: ID!) { messageDelete(id: $id) { userErrors { code } } }",
                ["id": gone],
                token: ben.token
            )
            try await server.work(all: true)
            #expect(try mails(server) == "")
            for number in 4...5 { try server.send("@ida \(number)", to: room, by: ben) }
            try await server.work(all: true)
            #expect(try mails(server) == "notification SENT")
            // What was mailed and is unread still is not mailed again.
            try server.send("@ida 6", to: room, by: ben)
            try await server.work(all: true)
            #expect(try mails(server) == "notification SENT")
            #expect(try server.sql("SELECT max(event_count) FROM notifications") == "5")
        }
    }

    @Test func `whoever reads a room, or writes there, has read what tells of its messages`() async throws {
        try await APIServer.with { server in
            let (ida, ben) = (try server.person("ida"), try server.person("ben"))
            let group = try server.group(of: [ida, ben])
            let other = try server.group(of: [ida, ben], name: "Second")
            for room in [group.general, other.general] { try server.send("@ida hello", to: room, by: ben) }
            let live = try LiveStream(
                server,
                "subscription { notificationReceived { __typename ... on NotificationChanged { counts { unread } } } }",
                token: ida.token
            )
            try server.send("hello", to: group.general, by: ida)
            let told = try #require(try live.next())
            #expect(told["data.notificationReceived.__typename"] == "NotificationChanged", "\(told.text)")
            #expect(told["data.notificationReceived.counts.unread"] == "1")
            try server.markRead(other.general, upTo: 1, by: ida)
            #expect(try live.next()?["data.notificationReceived.counts.unread"] == "0")
            // What was written behind what was read is unread.
            for body in ["@ida 2", "@ida 3"] { try server.send(body, to: other.general, by: ben) }
            try server.markRead(other.general, upTo: 2, by: ida)
            #expect(try server.inbox(ida.token)["data.viewer.notificationCounts.unread"] == "1")
        }
    }

    @Test func `a mail that was read of before it could be sent is not sent`() async throws {
        try await APIServer.with { server in
            let ida = try server.register("ida")
            try confirm(server)
            try await server.mention([server.userID("ida")], "late")
            try server.sql("UPDATE jobs SET run_at = now()")
            // The delivery is made, its mail waits.
            let identity = server.identity
            await server.database.startJobs(name: "tests", JobWorker.Options()) { job in
                if job.name == NotificationDelivery.job { try await NotificationDelivery(identity, nil).run(job) }
                struct NotYet: Error {}
                if job.name == MailOutbox.job { throw NotYet() }
            }
            try await server.until("SELECT count(*) FROM email_messages", is: "1")
            try await server.until("SELECT count(*) FROM jobs WHERE status = 'RETRYING'", is: "1")
            await server.database.stopJobs(within: .seconds(5))
            _ = try server.ask("mutation { notificationsMarkAllRead { updatedCount } }", token: ida.access)
            try await server.work(all: true)
            #expect(try mails(server) == "notification SUPPRESSED")
            #expect(try server.deliveries() == "EMAIL SUPPRESSED")
        }
    }

    @Test func `a digest brings what is unread in one mail, once a day`() async throws {
        try await APIServer.with { server in
            let (ida, ben) = (try server.person("ida"), try server.person("ben"))
            try confirm(server)
            let set = try server.updatePreferences(["emailDigest": "DAILY"], token: ida.token)
            #expect(set["data.notificationPreferencesUpdate.preferences.quietHours.start"] == nil)
            let asked = try server.ask("{ viewer { notificationPreferences { emailDigest } } }", token: ida.token)
            #expect(asked["data.viewer.notificationPreferences.emailDigest"] == "DAILY")
            let group = try server.group(of: [ida, ben])
            try server.send("@ida secret", to: group.general, by: ben)
            let user = try server.userID("ida")
            for title in ["<b>first</b>", "read", "second"] { try await server.mention([user], title) }
            try server.sql("UPDATE notifications SET read_at = now() WHERE title = 'read'")
            try await server.work(all: true)
            // Nothing goes out by itself, and the day that has begun has had its digest.
            #expect(try mails(server) == "")
            #expect(try await digest(server) == 0)
            try server.sql("UPDATE notification_schedules SET digested_for = digested_for - interval '1 day'")
            let times = try await withThrowingTaskGroup(of: Int.self) { tasks in
                for _ in 0..<6 { tasks.addTask { try await digest(server) } }
                return try await tasks.reduce(0, +)
            }
            #expect(times == 1)
            try await server.work()
            let mail = try await server.mail(to: "ida@example.org", "What you have not read: 3")
            for text in ["first", "second", "wrote of you"] { #expect(mail.text.contains(text)) }
            #expect(!mail.text.contains("read\n") && !mail.text.contains("secret"))
            #expect(mail.html.contains("&lt;b&gt;first&lt;/b&gt;") && !mail.html.contains("<b>"))
            let states = try server.sql("SELECT string_agg(status, ' ' ORDER BY status) FROM notification_deliveries")
            #expect(states == "SENT SENT SENT SUPPRESSED")
            // The next day has nothing to tell.
            try server.sql("UPDATE notification_schedules SET digested_for = digested_for - interval '1 day'")
            #expect(try await digest(server) == 0)
        }
    }

    @Test func `a digest leaves out what its reader may no longer see or wants no more`() async throws {
        try await APIServer.with { server in
            let (ida, ben) = (try server.person("ida"), try server.person("ben"))
            try confirm(server)
            let group = try server.group(of: [ida, ben])
            _ = try server.updatePreferences(["emailDigest": "WEEKLY"], token: ben.token)
            try server.send("@ben hello", to: group.general, by: ida)
            _ = try server.remove(ben, from: group, by: ida)
            try server.sql("UPDATE notification_schedules SET digested_for = NULL")
            #expect(try await digest(server) == 1)
            try await server.work()
            #expect(try mails(server) == "notification_digest SUPPRESSED")
            #expect(try server.deliveries() == "EMAIL SUPPRESSED")
            // A category that was switched off since.
            try await server.mention([server.userID("ben")], "x")
            let row: [String: Any] = ["category": "CHAT_MENTION", "channel": "EMAIL", "enabled": false]
            _ = try server.updatePreferences(["rows": [row]], token: ben.token)
            try server.sql("UPDATE notification_schedules SET digested_for = NULL")
            #expect(try await digest(server) == 0)
            // Who wants no digests any more gets none of what has gathered.
            _ = try server.updatePreferences(["rows": [row.merging(["enabled": true]) { $1 }]], token: ben.token)
            try await server.mention([server.userID("ben")], "y")
            _ = try server.updatePreferences(["emailDigest": "OFF"], token: ben.token)
            #expect(try server.sql("SELECT count(*) FROM notification_deliveries WHERE status = 'QUEUED'") == "0")
            try await server.mention([server.userID("ben")], "z")
            #expect(try server.sql("SELECT count(*) FROM notification_deliveries WHERE status = 'QUEUED'") == "0")
        }
    }

    @Test func `a digest waits until its reader may be disturbed, or has an account again`() async throws {
        try await APIServer.with { server in
            let ida = try server.register("ida")
            try confirm(server)
            let muted: [String: Any] = ["emailDigest": "HOURLY", "mutedUntil": "2999-01-01T00:00:00Z"]
            _ = try server.updatePreferences(muted, token: ida.access)
            try await server.mention([server.userID("ida")], "at night")
            try server.sql("UPDATE notification_schedules SET digested_for = digested_for - interval '1 day'")
            #expect(try await digest(server) == 0)
            _ = try server.updatePreferences(["mutedUntil": NSNull()], token: ida.access)
            try server.sql("UPDATE users SET status = 'SUSPENDED'")
            #expect(try await digest(server) == 0)
            try server.sql("UPDATE users SET status = 'ACTIVE'")
            #expect(try await digest(server) == 1)
            // Whose account is closed while the mail waits gets none.
            try server.sql("UPDATE users SET status = 'SUSPENDED'")
            try await server.work()
            #expect(try mails(server) == "notification_digest SUPPRESSED")
        }
    }

    @Test func `a digest tells nothing that was read in its room, deleted or put away`() async throws {
        try await APIServer.with { server in
            let (ida, ben) = (try server.person("ida"), try server.person("ben"))
            try confirm(server)
            _ = try server.updatePreferences(["emailDigest": "HOURLY"], token: ida.token)
            let rooms = try (0..<4).map { try server.group(of: [ida, ben], name: "Group \($0)").general }
            let messages = try rooms.map { try server.send("@ida hello", to: $0, by: ben) }
            func read(_ number: Int) throws {
                // As one device notes it that knows nothing of notifications.
                let room = "(SELECT room_id FROM messages ORDER BY id OFFSET \(number) LIMIT 1)"
                try server.sql(
                    """
                    INSERT INTO room_members (room_id, user_id, last_read_seq)
                    SELECT \(room), id, 1 FROM users WHERE username = 'ida'
                    """
                )
            }
            func delete(_ id: String) throws {
                let delete = "mutation ($id: ID!) { messageDelete(id: $id) { userErrors { code } } }"
                _ = try server.ask(delete, ["id": id], token: ben.token)
            }
            try read(0)
            try delete(messages[1])
            try server.sql("UPDATE notification_schedules SET digested_for = NULL")
            #expect(try await digest(server) == 1)
            #expect(try server.deliveries() == "EMAIL SUPPRESSED, EMAIL SUPPRESSED, EMAIL SENDING, EMAIL SENDING")
            // The same, while the mail waits.
            try read(2)
            let newest = "(SELECT id FROM messages ORDER BY id DESC LIMIT 1)"
            try server.sql("UPDATE notifications SET archived_at = now() WHERE subject_id = \(newest)")
            try await server.work()
            #expect(try mails(server) == "notification_digest SUPPRESSED")
            // Where nothing is left there is no mail.
            try server.sql("UPDATE notifications SET read_at = now() WHERE read_at IS NULL")
            let last = try server.send("@ida again", to: rooms[3], by: ben)
            try delete(last)
            try server.sql("UPDATE notification_schedules SET digested_for = NULL")
            #expect(try await digest(server) == 0)
            #expect(try server.sql("SELECT count(*) FROM email_messages") == "1")
        }
    }

    @Test func `a digest tells nothing of those whom its reader has blocked meanwhile`() async throws {
        try await APIServer.with { server in
            let people = try ["ida", "ben", "eve"].map { try server.person($0) }
            let (ida, ben, eve) = (people[0], people[1], people[2])
            try confirm(server)
            try server.sql("UPDATE users SET name = 'the one ' || username")
            _ = try server.updatePreferences(["emailDigest": "HOURLY"], token: ida.token)
            func block(_ person: TestPerson) throws {
                let block = "mutation ($id: ID!) { userBlock(userId: $id) { userErrors { code } } }"
                #expect(try server.ask(block, ["id": person.id], token: ida.token).codes("userBlock") == [])
            }
            for person in [ben, eve] {
                let group = try server.group(
                    of: [person, ida, person.id == ben.id ? eve : ben],
                    name: "Of \(person.name)"
                )
                // Whoever was the last is named.
                if person.id == ben.id { try server.send("@ida hello", to: group.general, by: eve) }
                try server.send("@ida hello", to: group.general, by: person)
            }
            try block(ben)
            try server.sql("UPDATE notification_schedules SET digested_for = NULL")
            #expect(try await digest(server) == 1)
            #expect(try server.deliveries() == "EMAIL SUPPRESSED, EMAIL SENDING")
            // The same, while the mail waits.
            try block(eve)
            try await server.work()
            #expect(try mails(server) == "notification_digest SUPPRESSED")
        }
    }

    @Test func `whoever moves to the west waits for no digest longer than others`() async throws {
        try await APIServer.with { server in
            let ida = try server.register("ida")
            try confirm(server)
            try server.sql("UPDATE users SET time_zone = 'Asia/Tokyo'")
            _ = try server.updatePreferences(["emailDigest": "HOURLY"], token: ida.access)
            try server.sql("UPDATE users SET time_zone = 'America/Los_Angeles'")
            try await server.mention([server.userID("ida")], "hello")
            #expect(try await digest(server) == 0)
            server.pass(seconds: 3_600)
            #expect(try await digest(server) == 1)
        }
    }

    @Test func `what has been on its way for days is given up`() async throws {
        try await APIServer.with { server in
            _ = try server.register("ida")
            try confirm(server)
            try await server.mention([server.userID("ida")], "lost")
            try server.sql(
                "UPDATE notification_deliveries SET status = 'SENDING', began_at = now() - interval '3 days'"
            )
            try server.sql("DELETE FROM jobs")
            try await server.mention([server.userID("ida")], "under way")
            try server.sql(
                "UPDATE notification_deliveries SET status = 'SENDING', began_at = now() WHERE status = 'QUEUED'"
            )
            try await server.group.loops[0].start { [identity = server.identity] in
                _ = try await NotificationPurge(identity).run()
            }
            #expect(try server.deliveries() == "EMAIL FAILED, EMAIL SENDING")
        }
    }

    @Test func `two of one thread that are told in one go are one mail`() async throws {
        try await APIServer.with { server in
            _ = try server.register("ida")
            try confirm(server)
            let user = try server.userID("ida")
            try await server.tell(
                ["first", "second"].map {
                    NewNotification(.mention, to: [user], title: $0, body: "", repetition: .thread("a"))
                }
            )
            #expect(try server.sql("SELECT event_count FROM notifications") == "2")
            try await server.work(all: true)
            #expect(try server.deliveries() == "EMAIL SENT")
            #expect(try await server.mail(to: "ida@example.org", "second").subject == "second")
        }
    }

    @Test func `a mail waits for the morning`() async throws {
        try await APIServer.with { server in
            let ida = try server.register("ida")
            try confirm(server)
            _ = try server.updatePreferences(["mutedUntil": "2999-01-01T00:00:00Z"], token: ida.access)
            try await server.mention([server.userID("ida")], "at night")
            #expect(try server.sql("SELECT run_at = '2999-01-01T00:00:00Z' FROM jobs") == "t")
        }
    }
}
