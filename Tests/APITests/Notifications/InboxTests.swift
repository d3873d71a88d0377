import Actions
import Data
import EventLoop
import Foundation
import Testing

@Suite(.timeLimit(.minutes(3))) struct InboxTests {
    private let nodes = "data.viewer.notifications.nodes"
    private let page = "data.viewer.notifications"

    @Test func `the list is read page by page, the newest first`() async throws {
        try await APIServer.with { server in
            let ida = try server.register("ida")
            let user = try server.userID("ida")
            for number in 0..<45 {
                try await server.mention([user], "\(number)")
            }
            var titles: [String] = []
            var after: String?
            repeat {
                let answer = try server.inbox(ida.access, first: 20, after: after)
                #expect(answer["\(page).totalCount"] == "45")
                for index in 0..<answer.count(nodes) { titles.append(answer["\(nodes).\(index).title"] ?? "") }
                after = answer["\(page).pageInfo.hasNextPage"] == "1" ? answer["\(page).pageInfo.endCursor"] : nil
            } while after != nil
            #expect(titles == (0..<45).reversed().map(String.init))
            #expect(try server.inbox(ida.access, first: 101).errorCode == "BAD_USER_INPUT")
            #expect(try server.inbox(ida.access, after: "x").errorCode == "BAD_USER_INPUT")
        }
    }

    @Test func `actors and subjects of a page are one statement each`() async throws {
        try await APIServer.with { server in
            let ida = try server.register("ida")
            let user = try server.userID("ida")
            func statements(_ count: Int) async throws -> UInt64 {
                _ = try server.inbox(ida.access, first: count)
                let before = try await server.statements()
                _ = try server.inbox(ida.access, first: count)
                return try await server.statements() - before
            }
            for number in 0..<20 {
                let name = "friend\(number)"
                _ = try server.register(name)
                let friend = try server.userID(name)
                try await server.tell([
                    NewNotification(
                        .mention,
                        to: [user],
                        title: name,
                        body: "",
                        actor: friend,
                        subject: ("usr", friend)
                    )
                ])
            }
            // The page, its count, the counts of what is unread, actors, subjects.
            #expect(try await statements(20) == 5)
            #expect(try await statements(2) == 5)
            #expect(try server.inbox(ida.access)["\(nodes).0.actor.username"] == "friend19")
        }
    }

    @Test func `a reader marks, puts away, snoozes and deletes`() async throws {
        try await APIServer.with { server in
            let (ida, eve) = (try server.register("ida"), try server.register("eve"))
            let user = try server.userID("ida")
            for number in 0..<4 { try await server.mention([user], "\(number)") }
            let ids = try (0..<4).map { try #require(try server.inbox(ida.access)["\(nodes).\($0).id"]) }
            #expect(ids[0].hasPrefix("ntf_"))

            let read = try server.change("notificationMarkRead", "id: \"\(ids[0])\"", token: ida.access)
            #expect(read["data.notificationMarkRead.notification.isRead"] == "1")
            #expect(read["data.notificationMarkRead.counts.unread"] == "3")
            let unread = try server.change("notificationMarkRead", "id: \"\(ids[0])\", read: false", token: ida.access)
            #expect(unread["data.notificationMarkRead.notification.readAt"] == nil)
            #expect(unread["data.notificationMarkRead.counts.unread"] == "4")

            let archived = try server.change("notificationArchive", "id: \"\(ids[1])\"", token: ida.access)
            #expect(archived["data.notificationArchive.counts.unread"] == "3")
            #expect(try server.inbox(ida.access)["\(page).totalCount"] == "3")
            #expect(try server.inbox(ida.access, ["archived": true])["\(nodes).0.id"] == ids[1])

            let formatter = ISO8601DateFormatter()
            let soon = formatter.string(from: Date(timeIntervalSinceNow: 3_600))
            let snoozed = try server.change(
                "notificationSnooze",
                "id: \"\(ids[2])\", until: \"\(soon)\"",
                token: ida.access
            )
            #expect(snoozed["data.notificationSnooze.counts.unread"] == "2")
            #expect(try server.inbox(ida.access)["\(page).totalCount"] == "2")
            #expect(try server.inbox(ida.access, ["snoozed": true])["\(nodes).0.id"] == ids[2])
            for time in ["2001-01-01T00:00:00Z", "2999-01-01T00:00:00Z"] {
                let bad = try server.change(
                    "notificationSnooze",
                    "id: \"\(ids[2])\", until: \"\(time)\"",
                    token: ida.access
                )
                #expect(bad.codes("notificationSnooze") == ["INVALID_INPUT"])
                #expect(bad["data.notificationSnooze.userErrors.0.path.0"] == "until")
            }

            let deleted = try server.change(
                "notificationDelete",
                "id: \"\(ids[3])\"",
                "deletedNotificationId",
                token: ida.access
            )
            #expect(deleted["data.notificationDelete.deletedNotificationId"] == ids[3])
            #expect(try server.inbox(ida.access)["\(page).totalCount"] == "1")

            for id in [ids[0], ids[3], "ntf_00000000000000000000000000", "usr_x"] {
                let token = id == ids[3] ? ida.access : eve.access
                for (mutation, more) in [
                    ("notificationMarkRead", ""), ("notificationArchive", ""),
                    ("notificationSnooze", ", until: \"\(soon)\""), ("notificationDelete", ""),
                ] {
                    let answer = try server.change(mutation, "id: \"\(id)\"\(more)", "__typename", token: token)
                    #expect(answer.codes(mutation) == ["NOT_FOUND"], "\(mutation) \(id)")
                }
            }
            let node = "query ($id: ID!) { node(id: $id) { ... on Notification { title } } }"
            #expect(try server.ask(node, ["id": ids[0]], token: ida.access)["data.node.title"] == "3")
            #expect(try server.ask(node, ["id": ids[0]], token: eve.access)["data.node.title"] == nil)
            #expect(try server.inbox(eve.access)["\(page).totalCount"] == "0")

            server.pass(seconds: 3_700)
            let again = try server.tokens(server.askRefresh(ida.refresh), "data.sessionRefresh")
            #expect(try server.inbox(again.access)["\(page).totalCount"] == "2")
        }
    }

    @Test func `all are seen and read at once, up to what was told`() async throws {
        try await APIServer.with { server in
            let ida = try server.register("ida")
            let user = try server.userID("ida")
            try await server.mention([user], "old")
            let told = try #require(try server.inbox(ida.access)["\(nodes).0.createdAt"])
            server.pass(seconds: 1)
            try await server.mention([user], "new")
            _ = try server.signIn("ida", userAgent: "phone")
            let seen = try server.change(
                "notificationsMarkSeen",
                "upTo: \"\(told)\"",
                "updatedCount",
                token: ida.access
            )
            #expect(seen["data.notificationsMarkSeen.updatedCount"] == "1")
            #expect(seen["data.notificationsMarkSeen.counts.unseen"] == "2")
            #expect(seen["data.notificationsMarkSeen.counts.unread"] == "3")
            let some = try server.change(
                "notificationsMarkAllRead",
                "before: \"\(told)\", categories: [CHAT_MENTION, SECURITY]",
                "updatedCount",
                token: ida.access
            )
            #expect(some["data.notificationsMarkAllRead.updatedCount"] == "1")
            let none = try server.change(
                "notificationsMarkAllRead",
                "categories: []",
                "updatedCount",
                token: ida.access
            )
            #expect(none["data.notificationsMarkAllRead.updatedCount"] == "0")
            let category = try server.change(
                "notificationsMarkAllRead",
                "categories: [SECURITY]",
                "updatedCount",
                token: ida.access
            )
            #expect(category["data.notificationsMarkAllRead.counts.byCategory.0.category"] == "CHAT_MENTION")
            #expect(category["data.notificationsMarkAllRead.counts.unread"] == "1")
            #expect(try server.inbox(ida.access, ["isRead": false])["\(nodes).0.title"] == "new")
            #expect(try server.inbox(ida.access, ["isRead": true])["\(page).totalCount"] == "2")
            #expect(try server.inbox(ida.access, ["categories": ["SECURITY"]])["\(page).totalCount"] == "1")
            #expect(try server.inbox(ida.access, ["categories": [] as [String]])["\(page).totalCount"] == "0")
            #expect(try server.inbox(ida.access, ["since": "2999-12-31T23:59:60+14:00"])["\(page).totalCount"] == "0")
            #expect(try server.inbox(ida.access, ["since": "yesterday"]).errorCode == "BAD_USER_INPUT")
        }
    }

    @Test func `old notifications are forgotten, unread ones later`() async throws {
        try await APIServer.with { server in
            let ida = try server.register("ida")
            let user = try server.userID("ida")
            for title in ["read", "unread"] { try await server.mention([user], title) }
            try server.sql("UPDATE notifications SET read_at = now() WHERE title = 'read'")
            func purge() async throws -> Int {
                try await server.group.loops[0].start { [identity = server.identity] in
                    try await NotificationPurge(identity).run()
                }
            }
            #expect(try await purge() == 0)
            server.pass(seconds: 31 * 86_400)
            #expect(try await purge() == 1)
            server.pass(seconds: 335 * 86_400)
            #expect(try await purge() == 1)
            _ = ida
        }
    }
}
