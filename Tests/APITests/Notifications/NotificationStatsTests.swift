import Actions
import Data
import EventLoop
import Testing

@Suite(.timeLimit(.minutes(3))) struct NotificationStatsTests {
    private func ask(_ arguments: String, _ server: APIServer, _ token: String) throws -> APIAnswer {
        try server.ask(
            """
            { notificationStats\(arguments) { since until sent seen read
                byChannel { channel waiting sent failed suppressed } byCategory { category sent seen read readRate } } }
            """,
            token: token
        )
    }

    @Test func `what became of what people were told is counted by category and channel`() async throws {
        try await APIServer.with { server in
            let admin = try server.register("adm")
            try server.sql("INSERT INTO user_roles SELECT id, 'ADMIN' FROM users WHERE username = 'adm'")
            server.pass(seconds: 2)
            let ida = try server.register("ida")
            _ = try server.register("ben")
            let team = try server.makeTeam("crew", by: ida)
            try server.sql("UPDATE users SET status = 'ACTIVE', email_verified_at = now()")
            try server.sql("DELETE FROM notifications")
            let path = "data.notificationStats"
            let before = try ask("", server, admin.access)
            #expect(before["\(path).sent"] == "0" && before.count("\(path).byCategory") == 0, "\(before.text)")
            let people = try ["ida", "ben"].map { try server.userID($0) }
            for _ in 0..<3 { try await server.mention(people) }
            try await server.tell([NewNotification(.tokenReused, to: [people[0]], title: "Look", body: "x")])
            try server.sql(
                """
                UPDATE notifications SET seen_at = now(), read_at = now()
                WHERE id IN (SELECT id FROM notifications WHERE category = 'CHAT_MENTION' ORDER BY user_id, id LIMIT 3);
                UPDATE notifications SET seen_at = now() WHERE category = 'SECURITY';
                UPDATE notification_deliveries d SET status = CASE n.category WHEN 'SECURITY' THEN 'SENT' ELSE
                    (ARRAY['QUEUED', 'SENDING', 'SENT', 'SENT', 'FAILED', 'SUPPRESSED'])[n.place] END
                FROM (SELECT id, category, row_number() OVER (PARTITION BY category ORDER BY id) AS place
                    FROM notifications) AS n
                WHERE n.id = d.notification_id
                """
            )
            let all = try ask("", server, admin.access)
            #expect(["sent", "seen", "read"].map { all["\(path).\($0)"] } == ["7", "4", "3"], "\(all.text)")
            for part in [
                #""byChannel":[{"channel":"EMAIL","waiting":2,"sent":3,"failed":1,"suppressed":1}]"#,
                #"{"category":"CHAT_MENTION","sent":6,"seen":3,"read":3,"readRate":0.5}"#,
            ] { #expect(all.text.contains(part), "\(all.text)") }
            #expect(all["\(path).byCategory.1.category"] == "SECURITY")
            // Ida alone belongs to the team.
            let own = try ask("(teamId: \"\(team)\")", server, admin.access)
            #expect(own["\(path).sent"] == "4", "\(own.text)")
            for id in ["team_00000000000000000000000000", "x"] {
                let none = try ask("(teamId: \"\(id)\")", server, admin.access)
                #expect(none["\(path).sent"] == nil && none.errorCode == nil, "\(none.text)")
            }
            #expect(try ask("", server, ida.access).errorCode == "FORBIDDEN")
        }
    }

    @Test func `what is older than thirty days is not counted, as part of it is forgotten`() async throws {
        try await APIServer.with { server in
            let admin = try server.register("adm")
            try server.sql("INSERT INTO user_roles SELECT id, 'ADMIN' FROM users WHERE username = 'adm'")
            server.pass(seconds: 2)
            try server.sql(
                """
                DELETE FROM notifications;
                INSERT INTO notifications (user_id, category, type, title, created_at)
                SELECT id, 'SYSTEM', 'x', 'x', now() - days * interval '1 day'
                FROM users, unnest('{1, 5, 20, 29, 31, 400}'::int[]) AS days
                """
            )
            let path = "data.notificationStats"
            for (arguments, count) in [
                ("", "4"), ("(since: \"2020-01-01T00:00:00Z\")", "4"), ("(until: \"2020-01-01T00:00:00Z\")", "0"),
                ("(since: \"2999-01-01T00:00:00Z\")", "0"),
            ] {
                let seen = try ask(arguments, server, admin.access)
                #expect(seen["\(path).sent"] == count, "\(arguments): \(seen.text)")
            }
            let time = try #require(
                try server.sql(
                    "SELECT left(to_json((now() - interval '10 days') AT TIME ZONE 'UTC') #>> '{}', 19) || 'Z'"
                )
            )
            #expect(try ask("(since: \"\(time)\")", server, admin.access)["\(path).sent"] == "2")
            #expect(try ask("(until: \"\(time)\")", server, admin.access)["\(path).sent"] == "2")
        }
    }
}
