import Foundation
import Testing

@Suite struct MissedCallTests {
    /// Who has found which calls among their notifications.
    private func missed(_ server: APIServer) throws -> String? {
        try server.sql(
            """
            SELECT string_agg(u.username || ' ' || n.title, ', ' ORDER BY n.created_at, u.username)
            FROM notifications n JOIN users u ON u.id = n.user_id WHERE n.type = 'call.missed'
            """
        )
    }

    @Test func `for whom a call rang in vain finds it in their list, once`() async throws {
        try await APIServer.with { server in
            let (ida, ben) = (try server.person("ida"), try server.person("ben"))
            let room = try server.directRoom(of: [ida, ben])
            let live = try LiveStream(
                server,
                "subscription { notificationReceived { ... on NotificationCreated { notification { type subject { id } } } } }",
                token: ben.token
            )
            let call = try server.start(room, on: "a", by: ida)
            server.pass(seconds: 46)
            for _ in 0..<2 { try await server.sweepCalls() }
            let told = try #require(try live.next())
            #expect(told["data.notificationReceived.notification.subject.id"] == call, "\(told.text)")
            // The name of whoever called, whatever it is.
            let title =
                "ben \(try #require(try server.sql("SELECT name FROM users WHERE username = 'ida'"))) called you"
            #expect(try missed(server) == title)
            // The caller gives up.
            let given = try server.start(room, on: "a", by: ida)
            #expect(try server.askHangup(given, by: ida)["data.callHangup.call.status"] == "CANCELLED")
            #expect(try missed(server) == "\(title), \(title)")
            // Where no job runs, whoever calls next finds out.
            _ = try server.start(room, on: "a", by: ida)
            server.pass(seconds: 46)
            let last = try server.start(room, on: "a", by: ida)
            #expect(try missed(server) == "\(title), \(title), \(title)")
            // Who declines or answers has missed nothing.
            #expect(try server.askDecline(last, by: ben).codes("callDecline") == [])
            let taken = try server.start(room, on: "a", by: ida)
            #expect(try server.askAnswer(taken, on: "b", by: ben).codes("callAnswer") == [])
            #expect(try server.askHangup(taken, by: ida).codes("callHangup") == [])
            #expect(try missed(server) == "\(title), \(title), \(title)")
            #expect(
                try server.sql(
                    "SELECT count(*) FROM notifications WHERE user_id = (SELECT id FROM users WHERE username = 'ida') AND category = 'CALL'"
                ) == "0"
            )
        }
    }

    @Test func `who speaks elsewhere, or comes too late to a call of several, has missed it`() async throws {
        try await APIServer.with { server in
            let people = try ["ida", "ben", "eve", "tom"].map { try server.person($0) }
            let (ida, ben, eve) = (people[0], people[1], people[2])
            try server.sql("UPDATE users SET name = username")
            let (first, second) = (try server.directRoom(of: [ida, ben]), try server.directRoom(of: [eve, ben]))
            let call = try server.start(first, on: "a", by: ida)
            #expect(try server.askAnswer(call, on: "b", by: ben).codes("callAnswer") == [])
            #expect(try server.askStart(second, on: "c", by: eve)["data.callStart.call.status"] == "BUSY")
            #expect(try missed(server) == "ben eve called you")
            #expect(try server.askHangup(call, by: ida).codes("callHangup") == [])
            let group = try server.group(of: people)
            let answer = try server.askStart(group.general, on: "a", calling: Array(people[1...3]), by: ida)
            let several = try #require(answer["data.callStart.call.id"], "\(answer.text)")
            #expect(try server.askAnswer(several, on: "b", by: ben).codes("callAnswer") == [])
            #expect(try server.askDecline(several, by: eve).codes("callDecline") == [])
            // It goes on, and has rung long enough for tom; those on the line have been heard of.
            try server.sql("UPDATE call_participants SET alive_until = now() + interval '1 day' WHERE state = 'JOINED'")
            server.pass(seconds: 46)
            try await server.sweepCalls()
            #expect(try server.state(of: several, as: ben)["data.call.status"] == "ACTIVE")
            #expect(try missed(server) == "ben eve called you, tom ida called you")
            #expect(try server.askHangup(several, by: ida).codes("callHangup") == [])
            #expect(try missed(server) == "ben eve called you, tom ida called you")
        }
    }

    @Test func `who wants to hear of no calls finds none`() async throws {
        try await APIServer.with { server in
            let (ida, ben) = (try server.person("ida"), try server.person("ben"))
            let row: [String: Any] = ["category": "CALL", "channel": "IN_APP", "enabled": false]
            _ = try server.updatePreferences(["rows": [row]], token: ben.token)
            let call = try server.start(try server.directRoom(of: [ida, ben]), on: "a", by: ida)
            #expect(try server.askHangup(call, by: ida).codes("callHangup") == [])
            #expect(try missed(server) == "")
        }
    }
}
