import Actions
import Foundation
import Testing

@Suite(.timeLimit(.minutes(3))) struct NotificationLiveTests {
    private let event = "data.notificationReceived"
    private let query = """
        subscription ($after: String) { notificationReceived(after: $after) {
            __typename
            ... on LiveEvent { cursor occurredAt }
            ... on NotificationCreated { notification { title actor { username } } isQuiet counts { unread } }
            ... on NotificationChanged { notifications { isRead title } counts { unread } }
            ... on CaughtUp { replayed }
            ... on ResyncRequired { reason }
        } }
        """

    private func live(_ server: APIServer, _ token: String?, after: String? = nil) throws -> LiveStream {
        try LiveStream(server, query, after.map { ["after": $0] } ?? [:], token: token)
    }

    @Test func `a notification and what becomes of it are told as they happen, on all devices`() async throws {
        try await APIServer.with { server in
            let (ida, eve) = (try server.register("ida"), try server.register("eve"))
            let streams = try (0..<2).map { _ in try live(server, ida.access) }
            let other = try live(server, eve.access)
            try await server.mention([server.userID("ida")], "hello", by: server.userID("eve"))
            for stream in streams {
                let told = try #require(try stream.next())
                #expect(told["\(event).__typename"] == "NotificationCreated")
                #expect(told["\(event).notification.title"] == "hello")
                #expect(told["\(event).notification.actor.username"] == "eve")
                #expect(told["\(event).isQuiet"] == "0")
                #expect(told["\(event).counts.unread"] == "1")
            }
            let id = try #require(try server.inbox(ida.access)["data.viewer.notifications.nodes.0.id"])
            _ = try server.change("notificationMarkRead", "id: \"\(id)\"", token: ida.access)
            for stream in streams {
                let told = try #require(try stream.next())
                #expect(told["\(event).__typename"] == "NotificationChanged")
                #expect(told["\(event).notifications.0.isRead"] == "1")
                #expect(told["\(event).counts.unread"] == "0")
            }
            // Nothing of this was for others: the first they are told is their own.
            try await server.mention([server.userID("eve")], "own")
            #expect(try other.next()?["\(event).notification.title"] == "own")
        }
    }

    @Test func `what was missed is told first, each once`() async throws {
        try await APIServer.with { server in
            let ida = try server.register("ida")
            let user = try server.userID("ida")
            try await server.mention([user], "0")
            var cursor: String?
            do {
                let stream = try live(server, ida.access)
                try await server.mention([user], "1")
                cursor = try stream.next()?["\(event).cursor"]
            }
            for title in ["2", "3", "4"] { try await server.mention([user], title) }
            let stream = try live(server, ida.access, after: cursor)
            var titles: [String?] = []
            for _ in 0..<3 { titles.append(try stream.next()?["\(event).notification.title"]) }
            #expect(titles == ["2", "3", "4"])
            let caughtUp = try #require(try stream.next())
            #expect(caughtUp["\(event).__typename"] == "CaughtUp")
            #expect(caughtUp["\(event).replayed"] == "3")
            try await server.mention([user], "5")
            #expect(try stream.next()?["\(event).notification.title"] == "5")
        }
    }

    @Test func `a cursor of elsewhere, or of what is no longer kept, begins anew`() async throws {
        try await APIServer.with { server in
            let (ida, eve) = (try server.register("ida"), try server.register("eve"))
            for name in ["ida", "eve"] { try await server.mention([server.userID(name)], "first") }
            let other = try live(server, eve.access)
            try await server.mention([server.userID("eve")], "x")
            let foreign = try #require(try other.next()?["\(event).cursor"])
            for cursor in [foreign, "nonsense", ""] {
                let stream = try live(server, ida.access, after: cursor)
                let told = try #require(try stream.next())
                #expect(told["\(event).__typename"] == "ResyncRequired")
                #expect(told["\(event).reason"] == "UNKNOWN_CURSOR")
                // From there on nothing is missed.
                let next = try live(server, ida.access, after: told["\(event).cursor"])
                #expect(try next.next()?["\(event).__typename"] == "CaughtUp")
            }
            try server.sql("UPDATE event_topics SET purged_through = last_seq; DELETE FROM events")
            try await server.mention([server.userID("eve")], "y")
            try server.sql("UPDATE event_topics SET purged_through = last_seq; DELETE FROM events")
            #expect(try live(server, eve.access, after: foreign).next()?["\(event).__typename"] == "ResyncRequired")
        }
    }

    @Test func `a session that has ended hears of that and of nothing more`() async throws {
        try await APIServer.with { server in
            let ida = try server.register("ida")
            let phone = try server.signIn("ida")
            let user = try server.userID("ida")
            let (kept, ended) = (try live(server, ida.access), try live(server, phone.access))
            try await server.mention([user], "1")
            for stream in [kept, ended] { #expect(try stream.next()?["\(event).notification.title"] == "1") }
            let revoke = "mutation ($id: ID!) { authSessionRevoke(id: $id) { sessionId } }"
            _ = try server.ask(revoke, ["id": phone.session], token: ida.access)
            try await server.mention([user], "2")
            #expect(try kept.next()?["\(event).notification.title"] == "2")
            let told = try #require(try ended.next())
            #expect(told.errorCode == "UNAUTHENTICATED")
            #expect(!told.text.contains("\"2\""))
            #expect(try ended.next() == nil)
        }
    }

    @Test func `a subscription outlives the access token it began with`() async throws {
        try await APIServer.with { server in
            let ida = try server.register("ida")
            let stream = try live(server, ida.access)
            server.pass(seconds: 3_600)
            try await server.mention([server.userID("ida")], "late")
            let told = try #require(try stream.next())
            #expect(told["\(event).notification.title"] == "late")
            #expect(told["\(event).counts.unread"] == "1")
        }
    }

    @Test func `nobody listens who is not signed in`() async throws {
        try await APIServer.with { server in
            _ = try server.register("ida")
            let answer = try server.ask("subscription { notificationReceived { __typename } }")
            #expect(!answer.text.contains("\"data\":{\"notificationReceived\""))
        }
    }

    @Test func `quiet hours are told with what comes in them, and what is critical disturbs all the same`() async throws
    {
        try await APIServer.with { server in
            let ida = try server.register("ida")
            let user = try server.userID("ida")
            // The whole day but for one minute that is not now, in a zone that is not UTC.
            let zone = try #require(TimeZone(identifier: "Asia/Kolkata"))
            var calendar = Calendar(identifier: .gregorian)
            calendar.timeZone = zone
            let now = calendar.dateComponents([.hour, .minute], from: Date())
            func clock(_ offset: Int) -> String {
                let minutes = (try? #require(now.hour) * 60 + #require(now.minute) + offset + 1_440) ?? 0
                return String(format: "%02d:%02d", minutes / 60 % 24, minutes % 60)
            }
            let hours: [String: Any] = [
                "enabled": true, "start": clock(-30), "end": clock(30), "timeZone": "Asia/Kolkata",
                "allowCritical": true,
            ]
            let set = try server.updatePreferences(["quietHours": hours], token: ida.access)
            let quiet = "data.notificationPreferencesUpdate.preferences.quietHours"
            #expect(set["\(quiet).start"] == clock(-30))
            #expect(set["\(quiet).timeZone"] == "Asia/Kolkata")
            #expect(set.count("\(quiet).weekdays") == 7)
            let stream = try live(server, ida.access)
            try await server.mention([user], "at night")
            #expect(try stream.next()?["\(event).isQuiet"] == "1")
            try await server.tell([NewNotification(.tokenReused, to: [user], title: "alarm", body: "")])
            #expect(try stream.next()?["\(event).isQuiet"] == "0")
            var other = hours
            other["allowCritical"] = false
            _ = try server.updatePreferences(["quietHours": other], token: ida.access)
            try await server.tell([NewNotification(.tokenReused, to: [user], title: "alarm", body: "")])
            #expect(try stream.next()?["\(event).isQuiet"] == "1")
            let none = try server.updatePreferences(["quietHours": NSNull()], token: ida.access)
            #expect(none["\(quiet).start"] == nil)
            try await server.mention([user], "by day")
            #expect(try stream.next()?["\(event).isQuiet"] == "0")
            _ = try server.updatePreferences(["mutedUntil": "2999-01-01T00:00:00+02:00"], token: ida.access)
            try await server.mention([user], "muted")
            #expect(try stream.next()?["\(event).isQuiet"] == "1")
        }
    }

    @Test func `two devices that change what somebody is told both get their way`() async throws {
        try await APIServer.with { server in
            let ida = try server.register("ida")
            let held = try HeldTransaction(
                """
                PERFORM 1 FROM users WHERE username = 'ida' FOR NO KEY UPDATE;
                INSERT INTO notification_schedules (user_id, muted_until)
                SELECT id, '2999-01-01Z' FROM users WHERE username = 'ida'
                """,
                on: server.connectionString
            )
            let hours: [String: Any] = ["enabled": true, "start": "22:00", "end": "07:00", "timeZone": "Asia/Kolkata"]
            let set = try server.updatePreferences(["quietHours": hours], token: ida.access)
            try held.end()
            let preferences = "data.notificationPreferencesUpdate.preferences"
            #expect(set["\(preferences).quietHours.start"] == "22:00", "\(set.text)")
            #expect(set["\(preferences).mutedUntil"]?.hasPrefix("2999-01-01") == true)
        }
    }

    @Test func `the list of time zones is read once`() async throws {
        try await APIServer.with { server in
            let ida = try server.register("ida")
            func cost(_ input: [String: Any]) async throws -> UInt64 {
                let before = try await server.allStatements()
                #expect(try server.updatePreferences(input, token: ida.access).errorCode == nil)
                return try await server.allStatements() - before
            }
            let hours: [String: Any] = ["enabled": true, "start": "22:00", "end": "07:00", "timeZone": "Asia/Kolkata"]
            let muted: [String: Any] = ["mutedUntil": "2999-01-01T00:00:00Z"]
            for input in [["quietHours": hours], muted] { _ = try await cost(input) }
            let counts = (try await cost(["quietHours": hours]), try await cost(muted))
            #expect(counts.0 == counts.1)
        }
    }

    @Test(arguments: [
        (["timeZone": "Mars/Olympus"], ["timeZone"]), (["timeZone": "'; DROP TABLE users; --"], ["timeZone"]),
        (["end": "22:00"], ["end"]), (["end": "22:00", "timeZone": "Nowhere"], ["end", "timeZone"]),
    ])
    func `quiet hours that make no sense are refused with all that is wrong`(
        change: [String: String],
        paths: [String]
    ) async throws {
        try await APIServer.with { server in
            let ida = try server.register("ida")
            var hours: [String: Any] = ["enabled": true, "start": "22:00", "end": "07:00", "timeZone": "Europe/Berlin"]
            hours.merge(change) { $1 }
            let answer = try server.updatePreferences(["quietHours": hours], token: ida.access)
            let found = (0..<paths.count).map { answer["data.notificationPreferencesUpdate.userErrors.\($0).path.2"] }
            #expect(found == paths)
            hours["start"] = "25:00"
            #expect(
                try server.updatePreferences(["quietHours": hours], token: ida.access).errorCode == "BAD_USER_INPUT"
            )
        }
    }
}
