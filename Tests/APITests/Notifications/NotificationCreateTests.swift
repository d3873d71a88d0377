import Mail
import Testing

@Suite(.timeLimit(.minutes(3))) struct NotificationCreateTests {
    private func admin(_ server: APIServer) throws -> String {
        let admin = try server.register("adm")
        try server.sql("INSERT INTO user_roles SELECT id, 'ADMIN' FROM users WHERE username = 'adm'")
        server.pass(seconds: 2)
        return admin.access
    }

    private func create(
        _ people: [String],
        _ more: [String: Any] = [:],
        _ server: APIServer,
        _ token: String
    ) throws -> APIAnswer {
        let usual: [String: Any] = [
            "userIds": people, "category": "SYSTEM", "type": "billing.card_expires", "title": "Your card expires",
        ]
        return try server.ask(
            """
            mutation ($in: NotificationCreateInput!) { notificationCreate(input: $in) { createdCount
                userErrors { code path } } }
            """,
            ["in": usual.merging(more) { $1 }],
            token: token
        )
    }

    private let count = "data.notificationCreate.createdCount"

    @Test func `some people are told of something as they want it, and once with a key`() async throws {
        try await APIServer.with { server in
            let admin = try admin(server)
            let people = try ["ida", "ben", "eve", "tom"].map { try server.person($0) }
            let off: [String: Any] = ["category": "SYSTEM", "channel": "IN_APP", "enabled": false]
            _ = try server.updatePreferences(["rows": [off]], token: people[2].token)
            try server.sql("UPDATE users SET status = 'ACTIVE', email_verified_at = now() WHERE username = 'ida'")
            try server.sql("UPDATE users SET status = 'SUSPENDED' WHERE username = 'tom'")
            try server.sql("DELETE FROM jobs; DELETE FROM email_messages")
            let stream = try LiveStream(
                server,
                """
                subscription { notificationReceived(after: "nowhere") { __typename
                    ... on NotificationCreated { notification { title } } } }
                """,
                token: people[1].token
            )
            _ = try stream.next()
            let more: [String: Any] = [
                "body": "In May.", "actionUrl": "https://app.example/billing", "priority": "HIGH", "key": "card-12345",
            ]
            let made = try create(people.map(\.id) + [people[0].id], more, server, admin)
            #expect(made[count] == "2", "\(made.text)")
            #expect(try stream.next()?["data.notificationReceived.notification.title"] == "Your card expires")
            let again = try create(people.map(\.id), more, server, admin)
            #expect(again[count] == "0" && again.codes("notificationCreate") == [], "\(again.text)")
            #expect(try create([people[0].id], more.merging(["key": "card-67890"]) { $1 }, server, admin)[count] == "1")
            let seen = try server.ask(
                "{ viewer { notifications { nodes { type category priority title body actionUrl } } } }",
                token: people[0].token
            )
            #expect(seen.count("data.viewer.notifications.nodes") == 2, "\(seen.text)")
            let row = """
                {"type":"billing.card_expires","category":"SYSTEM","priority":"HIGH","title":"Your card expires",\
                "body":"In May.","actionUrl":"https://app.example/billing"}
                """
            #expect(seen.text.contains(row), "\(seen.text)")
            #expect(try server.deliveries() == "EMAIL QUEUED, EMAIL QUEUED")
            // In the list alone.
            #expect(try create([people[0].id], ["channels": ["IN_APP"]], server, admin)[count] == "1")
            #expect(try server.deliveries() == "EMAIL QUEUED, EMAIL QUEUED")
            let entries =
                "SELECT count(*) FROM audit_logs WHERE action = 'notification.create' AND outcome = 'SUCCEEDED'"
            #expect(try server.sql(entries) == "4")
        }
    }

    @Test func `its mail leads where it says`() async throws {
        try await APIServer.with { server in
            let (admin, ida) = (try admin(server), try server.person("ida"))
            try server.sql("UPDATE users SET status = 'ACTIVE', email_verified_at = now() WHERE username = 'ida'")
            await server.runJobs()
            let made = try create([ida.id], ["actionUrl": "https://app.example/billing"], server, admin)
            #expect(made[count] == "1", "\(made.text)")
            let mail = try await server.mail(to: "ida@example.org", "Your card expires")
            #expect(mail.links.contains("https://app.example/billing"))
        }
    }

    @Test func `a program may do so by the key of somebody who may, where it has the scope`() async throws {
        try await APIServer.with { server in
            let (admin, ida) = (try admin(server), try server.person("ida"))
            func key(_ scope: String, _ token: String) throws -> String {
                let make = "mutation { apiKeyCreate(input: {name: \"x\", scopes: [\(scope)]}) { secret } }"
                return try #require(try server.ask(make, token: token)["data.apiKeyCreate.secret"])
            }
            #expect(try create([ida.id], [:], server, key("NOTIFICATION_SEND", admin))[count] == "1")
            for key in [try key("NOTIFICATION_WRITE", admin), try key("NOTIFICATION_SEND", ida.token)] {
                #expect(try create([ida.id], [:], server, key).errorCode == "FORBIDDEN")
            }
            #expect(try server.sql("SELECT count(*) FROM notifications WHERE type = 'billing.card_expires'") == "1")
        }
    }

    @Test func `nobody is told in the name of the server, and nothing of what is wrong`() async throws {
        try await APIServer.with { server in
            let admin = try admin(server)
            let ida = try server.person("ida")
            try server.sql("DELETE FROM notifications")
            func codes(_ more: [String: Any]) throws -> [String] {
                try create([ida.id], more, server, admin).codes("notificationCreate")
            }
            for category in ["SECURITY", "CHAT_MENTION", "CHAT_REPLY", "CHAT_DIRECT", "CHAT_CHANNEL", "CALL"] {
                #expect(try codes(["category": category]) == ["FORBIDDEN"])
            }
            for type in ["session.token_reused", "team.invite", "chat.mention"] {
                #expect(try codes(["type": type]) == ["FORBIDDEN"])
            }
            for type in ["", "x", "X.y", "x..y", "x.y ", "x.\(String(repeating: "y", count: 80))"] {
                #expect(try codes(["type": type]) == ["INVALID_INPUT"], "\(type)")
            }
            for (field, values) in [
                "title": [" ", "a\nb", String(repeating: "x", count: 201)], "key": ["short", "a key\nof lines"],
                "body": [String(repeating: "x", count: 5_001), "\u{7}"], "channels": [["EMAIL"]] as [Any],
                "actionUrl": ["javascript:alert(1)", "https://x y"],
            ] as [String: [Any]] {
                for value in values { #expect(try codes([field: value]) == ["INVALID_INPUT"], "\(field): \(value)") }
            }
            for id in ["usr_00000000000000000000000000", "x"] {
                let answer = try create([ida.id, id], [:], server, admin)
                #expect(answer.codes("notificationCreate") == ["NOT_FOUND"], "\(answer.text)")
                #expect(answer["data.notificationCreate.userErrors.0.path.2"] == "1")
            }
            #expect(try create([], [:], server, admin)["errors.0.message"] != nil)
            #expect(try create([ida.id], [:], server, ida.token).errorCode == "FORBIDDEN")
            #expect(try server.sql("SELECT count(*) FROM notifications") == "0")
        }
    }
}
