import Actions
import Data
import EventLoop
import PostgresClient
import Testing

@Suite(.timeLimit(.minutes(3))) struct NotifyTests {
    private let nodes = "data.viewer.notifications.nodes"

    @Test func `events of a thread are one notification until it is read`() async throws {
        try await APIServer.with { server in
            let ida = try server.register("ida")
            let user = try server.userID("ida")
            for number in 1...3 { try await server.mention([user], "\(number)", .thread("room:1")) }
            try await server.mention([user], "other", .thread("room:2"))
            let inbox = try server.inbox(ida.access)
            #expect(inbox.count(nodes) == 2)
            #expect(inbox["\(nodes).1.title"] == "3")
            #expect(inbox["\(nodes).1.eventCount"] == "3")
            #expect(inbox["data.viewer.notificationCounts.unread"] == "2")
            let id = try #require(inbox["\(nodes).1.id"])
            _ = try server.change("notificationMarkRead", "id: \"\(id)\"", token: ida.access)
            try await server.mention([user], "4", .thread("room:1"))
            let later = try server.inbox(ida.access)
            #expect(later.count(nodes) == 3)
            #expect(later["\(nodes).0.eventCount"] == "1")
            // Unread again, it is one of its own beside the new one.
            let unread = try server.change("notificationMarkRead", "id: \"\(id)\", read: false", token: ida.access)
            #expect(unread["data.notificationMarkRead.counts.unread"] == "3")
            try await server.mention([user], "5", .thread("room:1"))
            #expect(try server.inbox(ida.access)["\(nodes).0.eventCount"] == "2")
        }
    }

    @Test func `what is told once is told once, whoever tells it`() async throws {
        try await APIServer.with { server in
            let ida = try server.register("ida")
            let user = try server.userID("ida")
            try await withThrowingTaskGroup(of: Void.self) { tasks in
                for _ in 0..<8 { tasks.addTask { try await server.mention([user], "x", .once("key")) } }
                try await tasks.waitForAll()
            }
            #expect(try server.inbox(ida.access).count(nodes) == 1)
            try await withThrowingTaskGroup(of: Void.self) { tasks in
                for _ in 0..<8 { tasks.addTask { try await server.mention([user], "x", .thread("key")) } }
                try await tasks.waitForAll()
            }
            #expect(try server.inbox(ida.access)["\(nodes).0.eventCount"] == "8")
        }
    }

    @Test func `whoever caused it, has closed the account or does not exist is not told`() async throws {
        try await APIServer.with { server in
            let (ida, eve) = (try server.register("ida"), try server.register("eve"))
            _ = try server.register("gone")
            try server.sql("UPDATE users SET status = 'SUSPENDED' WHERE username = 'gone'")
            let users = try ["ida", "eve", "gone"].map(server.userID) + [UUID(high: 1, low: 2)]
            try await server.mention(users + users, by: users[0])
            #expect(try server.inbox(ida.access).count(nodes) == 0)
            #expect(try server.inbox(eve.access).count(nodes) == 1)
            #expect(try server.inbox(eve.access)["\(nodes).0.actor.username"] == "ida")
            #expect(try server.sql("SELECT count(*) FROM notifications") == "1")
        }
    }

    @Test func `what is undone is told to nobody`() async throws {
        struct Undone: Error {}
        try await APIServer.with { server in
            let ida = try server.register("ida")
            let user = try server.userID("ida")
            let live = try LiveStream(
                server,
                "subscription { notificationReceived { ... on NotificationCreated { notification { title } } } }",
                token: ida.access
            )
            await #expect(throws: Undone.self) {
                try await server.group.loops[0].start { [identity = server.identity] in
                    try await identity.database.pool.transaction { transaction in
                        let told = NewNotification(.mention, to: [user], title: "undone", body: "")
                        try await Notify(identity).run([told], in: transaction)
                        throw Undone()
                    }
                }
            }
            try await server.mention([user], "done")
            #expect(try live.next()?["data.notificationReceived.notification.title"] == "done")
            #expect(try server.inbox(ida.access).count(nodes) == 1)
        }
    }

    @Test func `whoever has switched a category off is not told, but of security everybody is`() async throws {
        try await APIServer.with { server in
            let ida = try server.register("ida")
            let user = try server.userID("ida")
            let off = ["category": "CHAT_MENTION", "channel": "IN_APP", "enabled": false] as [String: Any]
            let locked = ["category": "SECURITY", "channel": "IN_APP", "enabled": false] as [String: Any]
            let refused = try server.updatePreferences(["rows": [off, locked]], token: ida.access)
            #expect(refused.codes("notificationPreferencesUpdate") == ["INVALID_INPUT"])
            #expect(refused["data.notificationPreferencesUpdate.userErrors.0.path.2"] == "1")
            #expect(try server.sql("SELECT count(*) FROM notification_preferences") == "0")
            let changed = try server.updatePreferences(["rows": [off]], token: ida.access)
            let rows = "data.notificationPreferencesUpdate.preferences.rows"
            #expect(changed["\(rows).0.category"] == "SECURITY")
            #expect(changed["\(rows).0.isLocked"] == "1")
            #expect(changed["\(rows).3.category"] == "CHAT_MENTION")
            #expect(changed["\(rows).3.enabled"] == "0")
            try await server.mention([user])
            _ = try server.signIn("ida", userAgent: "phone")
            #expect(try server.inbox(ida.access).count(nodes) == 1)
            let on = ["category": "CHAT_MENTION", "channel": "IN_APP", "enabled": true] as [String: Any]
            _ = try server.updatePreferences(["rows": [off, on]], token: ida.access)
            try await server.mention([user])
            #expect(try server.inbox(ida.access).count(nodes) == 2)
        }
    }

    @Test func `whoever reads German is told in German, and all others in English`() async throws {
        try await APIServer.with { server in
            let people = try ["ida", "ben", "eve"].map { try server.person($0) }
            let (ida, ben, eve) = (people[0], people[1], people[2])
            try server.sql("UPDATE users SET name = username, locale = 'de-AT' WHERE username = 'ben'")
            try server.sql("UPDATE users SET name = username, locale = 'den' WHERE username = 'eve'")
            try server.sql("UPDATE users SET name = username WHERE username = 'ida'")
            server.pass(seconds: 2)
            let group = try server.group(of: people)
            try server.send("@ben and @eve", to: group.general, by: ida)
            #expect(try server.inbox(ben.token)["\(nodes).0.title"] == "ida hat Sie erwähnt")
            #expect(try server.inbox(eve.token)["\(nodes).0.title"] == "ida wrote of you")
            // What was told in one language goes on in the other.
            try server.sql("UPDATE users SET locale = 'en' WHERE username = 'ben'")
            try server.send("@ben and @eve", to: group.general, by: ida)
            let inbox = try server.inbox(ben.token)
            #expect(inbox["\(nodes).0.title"] == "ida wrote of you")
            #expect(inbox["\(nodes).0.eventCount"] == "2")
        }
    }
}
