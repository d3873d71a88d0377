import Data
import EventLoop
import Foundation
import Mail
import PostgresClient
import SocketTesting
import Testing

@testable import Actions

@Suite struct UnsubscribeTests {
    /// The status and the body of the answer to whoever opens an address of a mail, or clicks it away.
    private func open(_ address: String, _ server: APIServer, posts: Bool) throws -> (status: String, body: String) {
        let target = address.replacingOccurrences(of: "https://api.example", with: "")
        let socket = try server.socket()
        let form = "List-Unsubscribe=One-Click"
        try socket.send(
            posts
                ? "POST \(target) HTTP/1.1\r\nhost: test\r\ncontent-type: application/x-www-form-urlencoded\r\ncontent-length: \(form.utf8.count)\r\n\r\n\(form)"
                : "GET \(target) HTTP/1.1\r\nhost: test\r\n\r\n"
        )
        let head = try socket.receiveText(through: "\r\n\r\n")
        let field = head.lowercased().split(separator: "\r\n").first { $0.hasPrefix("content-length:") }
        let length = try #require(field.flatMap { Int($0.dropFirst(15).filter(\.isNumber)) })
        return (String(head.dropFirst(9).prefix(3)), try socket.receiveText(exactly: length))
    }

    private func confirm(_ server: APIServer) throws {
        try server.sql("UPDATE users SET status = 'ACTIVE', email_verified_at = now()")
        try server.sql("DELETE FROM jobs; DELETE FROM email_messages")
    }

    @Test func `one click ends the mails of a kind, and looking at the link does not`() async throws {
        try await APIServer.with { server in
            let ida = try server.register("ida")
            try confirm(server)
            let user = try server.userID("ida")
            try await server.mention([user], "first")
            try await server.work(all: true)
            let mail = try await server.mail(to: "ida@example.org", "first")
            let address = try #require(mail.unsubscribing)
            #expect(address.hasPrefix("https://api.example/unsubscribe/usr_"))
            let page = try open(address, server, posts: false)
            #expect(page.status == "200")
            #expect(page.body.contains("<form method=\"post\">"))
            #expect(try server.sql("SELECT count(*) FROM notification_preferences") == "0")
            for _ in 0..<2 { #expect(try open(address, server, posts: true).status == "200") }
            #expect(
                try server.sql(
                    "SELECT string_agg(category || ' ' || channel || ' ' || enabled, ', ') FROM notification_preferences"
                )
                    == "CHAT_MENTION EMAIL false"
            )
            try await server.mention([user], "second")
            #expect(try server.sql("SELECT count(*) FROM notification_deliveries WHERE status = 'QUEUED'") == "0")
            #expect(try server.inbox(ida.access)["data.viewer.notifications.nodes.0.title"] == "second")
            // What everybody gets has no such link.
            try await server.tell([NewNotification(.tokenReused, to: [user], title: "Look", body: "x")])
            try await server.work(all: true)
            #expect(try await server.mail(to: "ida@example.org", "Look").unsubscribing == nil)
        }
    }

    @Test func `the link of a digest ends digests`() async throws {
        try await APIServer.with { server in
            let ida = try server.register("ida")
            try confirm(server)
            _ = try server.updatePreferences(["emailDigest": "DAILY"], token: ida.access)
            try await server.mention([server.userID("ida")], "one")
            try server.sql("UPDATE notification_schedules SET digested_for = NULL")
            try await server.group.loops[0].start { [identity = server.identity] in
                _ = try await NotificationDigest(identity).run()
            }
            try await server.work()
            let address = try #require(
                try await server.mail(to: "ida@example.org", "What you have not read").unsubscribing
            )
            #expect(try open(address, server, posts: true).status == "200")
            #expect(try server.sql("SELECT email_digest FROM notification_schedules") == "OFF")
        }
    }

    @Test func `a click and a change of quiet hours at the same time both count`() async throws {
        try await APIServer.with { server in
            let ida = try server.register("ida")
            _ = try server.updatePreferences(["emailDigest": "DAILY"], token: ida.access)
            let links = UnsubscribeLinks(server.files)
            let address = links.address(of: try server.userID("ida"), .digest, at: server.identity.now)
            // As who saves them on a page does.
            let save = """
                PERFORM FROM users WHERE username = 'ida' FOR NO KEY UPDATE;
                UPDATE notification_schedules SET quiet_enabled = true, quiet_start = '22:00', quiet_end = '06:00'
                """
            let held = try HeldTransaction(save, on: server.connectionString)
            #expect(try open(address, server, posts: true).status == "200")
            try held.end()
            let kept = "SELECT email_digest || ' ' || quiet_enabled || ' ' || quiet_start FROM notification_schedules"
            #expect(try server.sql(kept) == "OFF true 22:00:00")
        }
    }

    @Test func `a link that was changed, has ended or is of nobody ends nothing`() async throws {
        try await APIServer.with { server in
            let (ida, ben) = (try server.person("ida"), try server.person("ben"))
            try confirm(server)
            try await server.mention([server.userID("ida")], "first")
            try await server.work(all: true)
            let address = try #require(try await server.mail(to: "ida@example.org", "first").unsubscribing)
            for wrong in [
                address.replacingOccurrences(of: "CHAT_MENTION", with: "CHAT_REPLY"),
                address.replacingOccurrences(of: "CHAT_MENTION", with: "SECURITY"),
                address.replacingOccurrences(of: "CHAT_MENTION", with: "DIGEST"),
                address.replacingOccurrences(of: ida.id, with: ben.id), address + "x", String(address.dropLast(2)),
                "https://api.example/unsubscribe/", "https://api.example/unsubscribe/\(ida.id)/CHAT_MENTION",
            ] {
                for posts in [true, false] {
                    #expect(try open(wrong, server, posts: posts).status == "404", "\(wrong)")
                }
            }
            server.pass(seconds: 3 * 365 * 86_400)
            #expect(try open(address, server, posts: true).status == "404")
            server.pass(seconds: -3 * 365 * 86_400)
            try server.sql("UPDATE users SET status = 'DELETED' WHERE username = 'ida'")
            #expect(try open(address, server, posts: true).status == "404")
            #expect(try server.sql("SELECT count(*) FROM notification_preferences") == "0")
        }
    }
}
