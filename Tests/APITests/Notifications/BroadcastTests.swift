import Actions
import Data
import EventLoop
import Foundation
import PostgresClient
import Testing

@Suite(.timeLimit(.minutes(3))) struct BroadcastTests {
    private func admin(_ server: APIServer) throws -> String {
        let admin = try server.register("adm")
        try server.sql("INSERT INTO user_roles SELECT id, 'ADMIN' FROM users WHERE username = 'adm'")
        server.pass(seconds: 2)
        return admin.access
    }

    private func create(_ input: String, key: String?, _ server: APIServer, _ token: String) throws -> APIAnswer {
        let said = key.map { "@idempotent(key: \"\($0)\")" } ?? ""
        return try server.ask(
            """
            mutation { broadcastCreate(input: {\(input)}) \(said) {
                broadcast { id status audience { everyone isTeam userCount } job { id status } createdBy { username } }
                userErrors { code path }
            } }
            """,
            token: token
        )
    }

    private let hello = "title: \"Hello\", body: \"All of you\", audience: {everyone: true}"

    /// Runs the jobs that wait, in steps of that size, until they are done.
    private func work(_ server: APIServer, stepSize: Int = 2) async throws {
        let identity = server.identity
        await server.database.startJobs(name: "test", JobWorker.Options()) { job in
            if job.name == BroadcastSend.jobName { try await BroadcastSend(identity, stepSize: stepSize).run(job) }
        }
        try await server.until(
            "SELECT count(*) FROM jobs WHERE name = 'broadcast.send' AND finished_at IS NULL",
            is: "0"
        )
        await server.database.stopJobs(within: .seconds(5))
    }

    @Test func `one that has failed goes on when its job gets another life`() async throws {
        try await APIServer.with { server in
            let admin = try admin(server)
            for name in ["ida", "ben"] { _ = try server.register(name) }
            _ = try create(hello, key: "broadcast-1", server, admin)
            try server.sql("UPDATE broadcasts SET status = 'FAILED', finished_at = now()")
            try server.sql("UPDATE jobs SET attempts = 20 WHERE name = 'broadcast.send'")
            try await server.revive("broadcast.send")
            // That it fails once in its new life is no reason to give it up again.
            try server.sql(
                """
                CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'not now'; END $$;
                CREATE TRIGGER refuse BEFORE INSERT ON notifications FOR EACH ROW EXECUTE FUNCTION refuse()
                """
            )
            let identity = server.identity
            await server.database.startJobs(name: "failing", JobWorker.Options()) { job in
                try await BroadcastSend(identity).run(job)
            }
            try await server.until("SELECT status FROM jobs WHERE name = 'broadcast.send'", is: "RETRYING")
            await server.database.stopJobs(within: .seconds(5))
            #expect(try server.sql("SELECT status FROM broadcasts") == "SENDING")
            try server.sql("DROP TRIGGER refuse ON notifications; UPDATE jobs SET run_at = now()")
            try await work(server)
            #expect(try server.sql("SELECT status || ' ' || recipient_count FROM broadcasts") == "SENT 3")
        }
    }

    @Test func `everybody is told once, step by step`() async throws {
        try await APIServer.with { server in
            let admin = try admin(server)
            let people = try (0..<6).map { try server.register("user\($0)") }
            #expect(try create(hello, key: nil, server, admin).codes("broadcastCreate") == ["IDEMPOTENCY_KEY_REQUIRED"])
            let made = try create(hello, key: "broadcast-1", server, admin)
            let id = try #require(made["data.broadcastCreate.broadcast.id"], "\(made.text)")
            #expect(made["data.broadcastCreate.broadcast.status"] == "SCHEDULED")
            #expect(made["data.broadcastCreate.broadcast.audience.userCount"] == "7")
            #expect(made["data.broadcastCreate.broadcast.createdBy.username"] == "adm")
            let again = try create(hello, key: "broadcast-1", server, admin)
            #expect(again["data.broadcastCreate.broadcast.id"] == id)
            try await work(server)
            #expect(try server.sql("SELECT count(*) || ' ' || count(DISTINCT user_id) FROM notifications") == "7 7")
            let inbox = try server.inbox(people[3].access)
            #expect(inbox["data.viewer.notifications.nodes.0.title"] == "Hello")
            let seen = try server.ask(
                """
                { broadcasts { totalCount nodes { status recipientCount finishedAt stats { sent read } job { status } } } }
                """,
                token: admin
            )
            let node = "data.broadcasts.nodes.0"
            #expect(seen["data.broadcasts.totalCount"] == "1")
            #expect(seen["\(node).status"] == "SENT" && seen["\(node).recipientCount"] == "7", "\(seen.text)")
            #expect(seen["\(node).stats.sent"] == "7" && seen["\(node).stats.read"] == "0")
            #expect(seen["\(node).job.status"] == "SUCCEEDED")
        }
    }

    @Test func `a broadcast that was cut goes on where it was, and tells nobody twice`() async throws {
        try await APIServer.with { server in
            let admin = try admin(server)
            for number in 0..<6 { _ = try server.register("user\(number)") }
            _ = try create(hello, key: "broadcast-1", server, admin)
            // As a worker leaves it that was killed behind its second step.
            try server.sql(
                """
                UPDATE broadcasts SET status = 'SENDING', recipient_count = 3,
                    last_user_id = (SELECT id FROM users ORDER BY id OFFSET 2 LIMIT 1);
                """
            )
            try await work(server)
            #expect(try server.sql("SELECT count(*) FROM notifications") == "4")
            #expect(try server.sql("SELECT status || ' ' || recipient_count FROM broadcasts") == "SENT 7")
        }
    }

    @Test func `roles and teams narrow whom it is for, and what is cancelled tells nobody`() async throws {
        try await APIServer.with { server in
            let admin = try admin(server)
            let ida = try server.register("ida")
            _ = try server.register("eve")
            let team = try #require(
                try server.ask("mutation { teamCreate(input: {name: \"Crew\"}) { team { id } } }", token: ida.access)[
                    "data.teamCreate.team.id"
                ]
            )
            let text = "title: \"T\", body: \"B\", audience:"
            let one = try create("\(text) {teamId: \"\(team)\"}", key: "broadcast-1", server, admin)
            #expect(one["data.broadcastCreate.broadcast.audience.userCount"] == "1", "\(one.text)")
            let two = try create("\(text) {roles: [ADMIN]}", key: "broadcast-2", server, admin)
            #expect(two["data.broadcastCreate.broadcast.audience.userCount"] == "1")
            let id = try #require(two["data.broadcastCreate.broadcast.id"])
            let cancel = "mutation { broadcastCancel(id: \"\(id)\") { broadcast { status } userErrors { code } } }"
            #expect(try server.ask(cancel, token: admin)["data.broadcastCancel.broadcast.status"] == "CANCELLED")
            #expect(try server.ask(cancel, token: admin).codes("broadcastCancel") == ["INVALID_TRANSITION"])
            try await work(server)
            let told = try server.sql(
                "SELECT string_agg(username, ' ') FROM notifications JOIN users ON users.id = user_id"
            )
            #expect(told == "ida")
        }
    }

    @Test func `only administrators tell everybody, and only what can be read`() async throws {
        try await APIServer.with { server in
            let ida = try server.register("ida")
            let refused = try create(hello, key: "broadcast-1", server, ida.access)
            #expect(refused.errorCode == "FORBIDDEN")
            #expect(try server.ask("{ broadcasts { totalCount } }", token: ida.access).errorCode == "FORBIDDEN")
            let admin = try admin(server)
            for (input, path) in [
                ("title: \"\", body: \"B\", audience: {everyone: true}", "title"),
                ("title: \"T\", body: \" \", audience: {everyone: true}", "body"),
                ("title: \"T\", body: \"B\", audience: {roles: []}", "audience"),
                ("title: \"T\", body: \"B\", audience: {everyone: true}, sendAt: \"2020-01-01T00:00:00Z\"", "sendAt"),
            ] {
                let answer = try create(input, key: "broadcast-1", server, admin)
                #expect(answer.codes("broadcastCreate") == ["INVALID_INPUT"], "\(input)")
                #expect(answer["data.broadcastCreate.userErrors.0.path.1"] == path)
            }
            let nowhere = "title: \"T\", body: \"B\", audience: {teamId: \"team_00000000000000000000000000\"}"
            #expect(try create(nowhere, key: "broadcast-1", server, admin).codes("broadcastCreate") == ["NOT_FOUND"])
        }
    }

    @Test func `it is brought by the channels that it says, of which the list is always one`() async throws {
        try await APIServer.with { server in
            let admin = try admin(server)
            _ = try server.register("ida")
            try server.sql("UPDATE users SET status = 'ACTIVE', email_verified_at = now()")
            try server.sql("DELETE FROM jobs; DELETE FROM email_messages")
            for (number, channels) in ["", ", channels: [IN_APP]", ", channels: [EMAIL, IN_APP]"].enumerated() {
                let made = try create(hello + channels, key: "broadcast-\(number)", server, admin)
                #expect(made.codes("broadcastCreate") == [], "\(made.text)")
            }
            for (number, channels) in [", channels: []", ", channels: [EMAIL, PUSH]"].enumerated() {
                let made = try create(hello + channels, key: "refused-\(number)", server, admin)
                #expect(made.codes("broadcastCreate") == ["INVALID_INPUT"], "\(made.text)")
            }
            try await work(server)
            let copies = """
                SELECT string_agg(array_to_string(b.channels, '+') || ' ' || (
                    SELECT count(*) FROM notifications n JOIN notification_deliveries d ON d.notification_id = n.id
                    WHERE n.broadcast_id = b.id), ', ' ORDER BY b.created_at) FROM broadcasts b
                """
            #expect(try server.sql(copies) == "IN_APP+EMAIL+PUSH 2, IN_APP 0, IN_APP+EMAIL 2")
            let seen = try server.ask("{ broadcasts(last: 1) { nodes { channels } } }", token: admin)
            #expect(seen["data.broadcasts.nodes.0.channels.2"] == "PUSH", "\(seen.text)")
        }
    }
}
