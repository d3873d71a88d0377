import Actions
import Data
import EventLoop
import Foundation
import Jobs
import Mail
import Testing

/// Who is told of messages that speak of nobody and answer nobody.
@Suite(.timeLimit(.minutes(3))) struct MessageNoticeTests {
    /// Who was told of what, of which how much is unread, in the order of their names.
    private func told(_ server: APIServer) throws -> String? {
        try server.sql(
            """
            SELECT string_agg(concat_ws(' ', u.username, n.type, n.event_count), ', ' ORDER BY u.username, n.type)
            FROM notifications n JOIN users u ON u.id = n.user_id WHERE n.read_at IS NULL
            """
        )
    }

    private func set(_ wish: [String: Any], of room: String, by people: TestPerson..., on server: APIServer) throws {
        for person in people {
            let answer = try server.ask(
                "mutation ($in: RoomPreferencesInput!) { roomPreferencesUpdate(input: $in) { userErrors { code } } }",
                ["in": wish.merging(["roomId": room]) { $1 }],
                token: person.token
            )
            #expect(answer.codes("roomPreferencesUpdate") == [], "\(answer.text)")
        }
    }

    private func people(_ names: String..., on server: APIServer) throws -> [TestPerson] {
        let people = try names.map { try server.person($0) }
        try server.sql("UPDATE users SET name = username")
        server.pass(seconds: 2)
        return people
    }

    private func mutate(_ mutation: String, _ id: String, by person: TestPerson, on server: APIServer) throws {
        let answer = try server.ask(
            "mutation ($id: ID!) { result: \(mutation) { userErrors { code } } }",
            ["id": id],
            token: person.token
        )
        #expect(answer.errorCode == nil && answer.codes("result") == [], "\(answer.text)")
    }

    @Test func `the others of a direct room are told, once for all that they have not read`() async throws {
        try await APIServer.with { server in
            let all = try people("ida", "ben", "eve", on: server)
            let (ida, ben, eve) = (all[0], all[1], all[2])
            try server.sql("UPDATE users SET locale = 'de' WHERE username = 'eve'")
            let room = try server.directRoom(of: all)
            let live = try LiveStream(
                server,
                """
                subscription { notificationReceived(after: null) { ... on NotificationCreated {
                    notification { title body category type subject { id } actor { username } } counts { unread } } } }
                """,
                token: ben.token
            )
            let first = try server.send("one", to: room, by: ida)
            try await server.work()
            #expect(try told(server) == "ben chat.direct 1, eve chat.direct 1")
            let event = "data.notificationReceived"
            let seen = try #require(try live.next())
            #expect(seen["\(event).notification.title"] == "ida wrote to you", "\(seen.text)")
            #expect(seen["\(event).notification.category"] == "CHAT_DIRECT")
            #expect(seen["\(event).notification.subject.id"] == first)
            #expect(seen["\(event).notification.actor.username"] == "ida" && seen["\(event).counts.unread"] == "1")
            // Neither list nor push nor mail has anything of what was said.
            #expect(seen["\(event).notification.body"] == "")
            try server.send("two", to: room, by: ida)
            let last = try server.send("three", to: room, by: ida)
            try await server.work()
            let (bens, eves) = (try server.inbox(ben.token), try server.inbox(eve.token))
            let node = "data.viewer.notifications.nodes.0"
            #expect(bens["\(node).title"] == "3 new messages, the last by ida", "\(bens.text)")
            #expect(eves["\(node).title"] == "3 neue Nachrichten, die letzte von ida")
            #expect(bens["\(node).subject.id"] == last && bens["\(node).eventCount"] == "3")
            #expect(bens["data.viewer.notificationCounts.byCategory.0.category"] == "CHAT_DIRECT")
            #expect(bens["data.viewer.notificationCounts.unread"] == "1")
            // Who writes has read what was there, and what they were told of it; so has who reads.
            try server.send("four", to: room, by: eve)
            try await server.work()
            #expect(try told(server) == "ben chat.direct 4, ida chat.direct 1")
            try server.markRead(room, upTo: 4, by: ben)
            #expect(try told(server) == "ida chat.direct 1")
            #expect(try server.inbox(ben.token)["data.viewer.notificationCounts.unread"] == "0")
            try server.send("five", to: room, by: eve)
            try await server.work()
            #expect(try told(server) == "ben chat.direct 1, ida chat.direct 2")
        }
    }

    @Test func `of a channel those are told who want all of it, and each of a message once`() async throws {
        try await APIServer.with { server in
            let all = try people("ida", "ben", "eve", "max", "tom", on: server)
            let (ida, ben, eve, max, tom) = (all[0], all[1], all[2], all[3], all[4])
            let room = try server.group(of: all).general
            try set(["notificationLevel": "ALL"], of: room, by: ida, ben, max, on: server)
            try set(["mutedUntil": "2999-01-01T00:00:00Z"], of: room, by: max, on: server)
            try set(["isFavourite": true], of: room, by: eve, on: server)
            try set(["notificationLevel": "NONE"], of: room, by: tom, on: server)
            let question = try server.send("one", to: room, by: ida)
            try await server.work()
            #expect(try told(server) == "ben chat.channel 1")
            #expect(
                try server.inbox(ben.token)["data.viewer.notifications.nodes.0.title"] == "ida wrote in a channel"
            )
            try server.send("two", to: room, by: eve)
            try await server.work()
            #expect(try told(server) == "ben chat.channel 2, ida chat.channel 1")
            // Who is spoken of is told of that, and who is answered of that.
            try server.sql("DELETE FROM notifications")
            try server.send("@ben look", to: room, by: ida)
            try server.send("answer", to: room, by: ben, replyTo: question)
            try await server.work()
            #expect(try told(server) == "ida chat.reply 1")
            try server.send("@ben look", to: room, by: ida)
            try await server.work()
            #expect(try told(server) == "ben chat.mention 1")
            // Whoever follows the thread of a message hears of that.
            try server.sql("DELETE FROM notifications")
            let reply = ["roomId": room, "body": "deeper", "threadId": question]
            let send = "mutation ($in: MessageSendInput!) { messageSend(input: $in) { userErrors { code } } }"
            #expect(try server.ask(send, ["in": reply], token: eve.token).codes("messageSend") == [])
            try await server.work()
            #expect(try told(server) == "ben chat.channel 1, ida chat.reply 1")
            // Who wants nothing of a thread hears nothing of it.
            try server.sql("DELETE FROM notifications")
            try mutate("threadFollow(threadId: $id, following: false)", question, by: ben, on: server)
            #expect(try server.ask(send, ["in": reply], token: eve.token).codes("messageSend") == [])
            try await server.work()
            #expect(try told(server) == "ida chat.reply 1")
            // It is left as it was come to.
            try set(["notificationLevel": "DEFAULT"], of: room, by: ben, ida, on: server)
            try server.sql("DELETE FROM notifications; UPDATE room_preferences SET muted_until = NULL")
            try server.send("three", to: room, by: eve)
            try await server.work()
            #expect(try told(server) == "max chat.channel 1")
        }
    }

    @Test func `who has silenced the room, has blocked the writer or does not see the room is not told`() async throws {
        try await APIServer.with { server in
            let all = try people("ida", "ben", "eve", "max", "tom", on: server)
            let (ida, ben, eve, max, tom) = (all[0], all[1], all[2], all[3], all[4])
            let direct = try server.directRoom(of: all)
            try set(["notificationLevel": "NONE"], of: direct, by: ben, on: server)
            try set(["notificationLevel": "MENTIONS"], of: direct, by: eve, on: server)
            try set(["mutedUntil": "2999-01-01T00:00:00Z"], of: direct, by: max, on: server)
            try mutate("userBlock(userId: $id)", ida.id, by: tom, on: server)
            try server.send("one", to: direct, by: ida)
            try await server.work()
            #expect(try told(server) == "")
            let off: [String: Any] = ["category": "CHAT_DIRECT", "channel": "IN_APP", "enabled": false]
            _ = try server.updatePreferences(["rows": [off]], token: ben.token)
            try set(["notificationLevel": "ALL"], of: direct, by: ben, eve, on: server)
            try server.send("two", to: direct, by: ida)
            try await server.work()
            #expect(try told(server) == "eve chat.direct 1")

            try server.sql("DELETE FROM notifications; DELETE FROM user_blocks")
            let group = try server.group(of: all)
            let made = try server.askChannel("secret", in: group, isPrivate: true, members: [ben, eve, max], by: ida)
            let secret = try #require(made["data.channelCreate.channel.id"])
            for room in [secret, group.general] {
                try set(["notificationLevel": "ALL"], of: room, by: ben, eve, max, on: server)
            }
            // One leaves the channel, one is taken out of the group, and one has blocked who writes.
            try mutate("channelMemberRemove(channelId: $id, userId: \"\(ben.id)\")", secret, by: ida, on: server)
            _ = try server.remove(eve, from: group, by: ida)
            try mutate("userBlock(userId: $id)", ida.id, by: max, on: server)
            for room in [secret, group.general] { try server.send("three", to: room, by: ida) }
            try await server.work()
            #expect(try told(server) == "ben chat.channel 1")
            try mutate("userUnblock(userId: $id)", ida.id, by: max, on: server)
            try server.sql("DELETE FROM notifications; UPDATE users SET status = 'SUSPENDED' WHERE username = 'ben'")
            for room in [secret, group.general] { try server.send("four", to: room, by: ida) }
            try await server.work()
            #expect(try told(server) == "max chat.channel 1, max chat.channel 1")
        }
    }

    @Test func `what was read, or is read while it is told, or was taken back makes nothing that is unread`()
        async throws
    {
        try await APIServer.with { server in
            let all = try people("ida", "ben", on: server)
            let (ida, ben) = (all[0], all[1])
            let room = try server.directRoom(of: all)
            try server.send("one", to: room, by: ida)
            try server.markRead(room, upTo: 1, by: ben)
            let gone = try server.send("two", to: room, by: ida)
            try mutate("messageDelete(id: $id)", gone, by: ida, on: server)
            try await server.work()
            #expect(try server.sql("SELECT count(*) FROM notifications") == "0")
            try server.send("three", to: room, by: ida)
            // As the reader's client does, which looks for what is to be read with it behind this.
            let held = try HeldTransaction(
                "UPDATE room_members SET last_read_seq = 3 WHERE last_read_seq = 1",
                on: server.connectionString
            )
            try await server.work()
            try held.end()
            #expect(try server.sql("SELECT count(*) FROM room_members WHERE last_read_seq = 3") == "2")
            #expect(try told(server) == "")
            #expect(try server.sql("SELECT count(*) FROM reply_notices") == "0")
        }
    }

    @Test func `what guests write is told, and guests are told nothing`() async throws {
        try await APIServer.with { server in
            let all = try people("ida", "ben", on: server)
            let (ida, ben) = (all[0], all[1])
            let room = try server.conversation(of: ida)
            _ = try server.seller("Ben's", in: room, account: ben, by: ida)
            let seller = try server.seller("Lampen", in: room, by: ida)
            let (token, _) = try server.invite(seller: seller, to: room, by: ida)
            try server.send("We do.", to: room, by: TestPerson(name: "guest", id: "", token: token))
            try await server.work()
            #expect(try told(server) == "ben chat.direct 1, ida chat.direct 1")
            let inbox = try server.inbox(ida.token)
            #expect(inbox["data.viewer.notifications.nodes.0.title"] == "A guest wrote to you", "\(inbox.text)")
            try server.send("How much?", to: room, by: ida)
            try await server.work()
            #expect(try told(server) == "ben chat.direct 2")
            // Where nobody but guests listens there is nothing to be done.
            let other = try server.conversation(of: ida, title: "Other")
            _ = try server.invite(seller: try server.seller("x", in: other, by: ida), to: other, by: ida)
            try server.sql("DELETE FROM jobs")
            try server.send("Hello?", to: other, by: ida)
            #expect(try server.sql("SELECT count(*) FROM jobs") == "0")
        }
    }

    @Test func `an edit tells nobody again, nor does a job that runs twice, and scheduled messages are told`()
        async throws
    {
        try await APIServer.with { server in
            let all = try people("ida", "ben", on: server)
            let (ida, ben) = (all[0], all[1])
            let room = try server.directRoom(of: all)
            let id = try server.send("one", to: room, by: ida)
            let identity = server.identity
            await server.database.startJobs(name: "twice", .application()) { job in
                guard job.name == MessageNotices.job else { return }
                for _ in 1...2 { try await MessageNotices(identity).run(job) }
            }
            try await server.until("SELECT count(*) FROM jobs WHERE finished_at IS NULL", is: "0")
            await server.database.stopJobs(within: .seconds(5))
            #expect(try told(server) == "ben chat.direct 1")
            let edit = "mutation ($in: MessageEditInput!) { messageEdit(input: $in) { userErrors { code } } }"
            let edited = try server.ask(edit, ["in": ["id": id, "body": "one!"]], token: ida.token)
            #expect(edited.codes("messageEdit") == [], "\(edited.text)")
            try await server.work()
            #expect(try told(server) == "ben chat.direct 1")
            // The same message again is no other.
            for _ in 1...2 { _ = try server.askSend("two", to: room, by: ida, nonce: "a nonce of its own") }
            try await server.work()
            #expect(try told(server) == "ben chat.direct 2")
            let time = Date().addingTimeInterval(3_600).formatted(.iso8601)
            let scheduled = try server.ask(
                "mutation ($in: MessageScheduleInput!) { messageSchedule(input: $in) { userErrors { code } } }",
                ["in": ["roomId": room, "body": "later", "sendAt": time]],
                token: ida.token
            )
            #expect(scheduled.codes("messageSchedule") == [], "\(scheduled.text)")
            try await server.work()
            #expect(try told(server) == "ben chat.direct 2")
            try await server.work(all: true)
            #expect(try told(server) == "ben chat.direct 3")
            #expect(try server.inbox(ben.token)["data.viewer.notificationCounts.unread"] == "1")
        }
    }

    @Test func `a message in a channel of which nobody wants all costs what it cost`() async throws {
        try await APIServer.with { server in
            let all = try people("ida", "ben", "eve", on: server)
            let (ida, ben, eve) = (all[0], all[1], all[2])
            let room = try server.group(of: all).general
            /// The least of some: sessions are looked up by the second, and what is noted of people comes by the way.
            func cost() async throws -> [UInt64] {
                var least = [UInt64](repeating: .max, count: 3)
                for _ in 0..<4 {
                    try server.sql("DELETE FROM jobs; DELETE FROM events")
                    let (trips, statements) = (try await server.roundTrips(), try await server.allStatements())
                    try server.send("hello", to: room, by: ida)
                    let count = try #require(try server.sql("SELECT count(*) FROM jobs").flatMap { UInt64($0) })
                    let cost = [
                        try await server.roundTrips() - trips, try await server.allStatements() - statements, count,
                    ]
                    least = zip(least, cost).map { min($0, $1) }
                }
                return least
            }
            _ = try await cost()
            let before = try await cost()
            #expect(before[0] == 2 && before[2] == 0)
            try set(["notificationLevel": "MENTIONS", "isFavourite": true], of: room, by: ben, on: server)
            try set(["mutedUntil": "2999-01-01T00:00:00Z"], of: room, by: eve, on: server)
            // What its author wants of it is nothing to be told.
            try set(["notificationLevel": "ALL"], of: room, by: ida, on: server)
            #expect(try await cost() == before)
            #expect(try server.sql("SELECT count(*) FROM reply_notices") == "0")
            // Who wants it costs the note and its job, which go with the message.
            try set(["notificationLevel": "ALL"], of: room, by: ben, on: server)
            _ = try await cost()
            #expect(try await cost() == [before[0], before[1] + 2, 1])
        }
    }

    @Test func `nobody gets a mail for each room unless they say so, and all of a room is one push and one line`()
        async throws
    {
        try await APIServer.with { server in
            let all = try people("ida", "ben", "eve", "max", on: server)
            let (ida, ben, eve, max) = (all[0], all[1], all[2], all[3])
            try server.sql("UPDATE users SET status = 'ACTIVE', email_verified_at = now()")
            try server.sql("DELETE FROM jobs; DELETE FROM email_messages")
            let rows = "{ viewer { notificationPreferences { rows { category channel enabled } } } }"
            func isMailed(_ category: String, _ person: TestPerson) throws -> String? {
                let answer = try server.ask(rows, token: person.token)
                let path = "data.viewer.notificationPreferences.rows"
                return (0..<answer.count(path)).first {
                    answer["\(path).\($0).category"] == category && answer["\(path).\($0).channel"] == "EMAIL"
                }.flatMap { answer["\(path).\($0).enabled"] }
            }
            let on: [String: Any] = ["category": "CHAT_DIRECT", "channel": "EMAIL", "enabled": true]
            _ = try server.updatePreferences(["rows": [on]], token: eve.token)
            _ = try server.updatePreferences(["emailDigest": "DAILY"], token: max.token)
            #expect(try [ben, eve, max].map { try isMailed("CHAT_DIRECT", $0) } == ["0", "1", "1"])
            #expect(try [ben, eve, max].map { try isMailed("CHAT_CHANNEL", $0) } == ["0", "0", "1"])
            #expect(try isMailed("CHAT_REPLY", ben) == "1")
            let browser = try PushEndpoint()
            try server.subscribe(browser, 201, token: ben.token)
            let room = try server.directRoom(of: all)
            for body in ["one", "two", "three"] { try server.send(body, to: room, by: ida) }
            try await server.work()
            let kinds = """
                SELECT string_agg(concat_ws(' ', u.username, d.channel, d.is_digested), ', ' ORDER BY u.username)
                FROM notification_deliveries d JOIN notifications n ON n.id = d.notification_id JOIN users u ON u.id = n.user_id
                """
            #expect(try server.sql(kinds) == "ben PUSH f, eve EMAIL f, max EMAIL t")
            try await server.work(all: true)
            // Of what waits the last tells of all.
            var push = try browser.next()
            while push["message.count"] != "3" { push = try browser.next() }
            #expect(push["message.title"] == "3 new messages, the last by ida", "\(push.text)")
            #expect(push["message.type"] == "chat.direct" && push["message.category"] == "CHAT_DIRECT")
            #expect(push["message.body"] == "")
            #expect(try await server.mail(to: "eve@example.org", "3 new messages").subject.hasSuffix("the last by ida"))
            try server.sql("UPDATE notification_schedules SET digested_for = NULL")
            let mails = try await server.group.loops[0].start { [identity = server.identity] in
                try await NotificationDigest(identity).run()
            }
            #expect(mails == 1)
            try await server.work(all: true)
            let digest = try await server.mail(to: "max@example.org", "What you have not read")
            #expect(digest.text.contains("• 3 new messages, the last by ida\n"), "\(digest.text)")
            // What was read meanwhile is brought no more.
            try server.send("four", to: room, by: ida)
            try await server.work()
            try server.markRead(room, upTo: 4, by: ben)
            try await server.work(all: true)
            #expect(
                try server.sql("SELECT last_error FROM notification_deliveries WHERE channel = 'PUSH'") == "read"
            )
        }
    }
}
