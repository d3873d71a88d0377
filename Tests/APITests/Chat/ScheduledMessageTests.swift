import Actions
import Data
import EventLoop
import Foundation
import SocketTesting
import Testing

@Suite struct ScheduledMessageTests {
    private func time(_ seconds: Double) -> String {
        Date().addingTimeInterval(seconds).formatted(.iso8601)
    }

    private func ask(
        _ body: String,
        in room: String,
        at time: String,
        by person: TestPerson,
        _ server: APIServer,
        _ more: [String: Any] = [:]
    ) throws -> APIAnswer {
        try server.ask(
            """
            mutation ($in: MessageScheduleInput!) { messageSchedule(input: $in) {
                scheduledMessage { id body status sendAt room { id } } userErrors { code path } } }
            """,
            ["in": more.merging(["roomId": room, "body": body, "sendAt": time]) { $1 }],
            token: person.token
        )
    }

    private func schedule(_ body: String, in room: String, by person: TestPerson, _ server: APIServer) throws -> String
    {
        let answer = try ask(body, in: room, at: time(3_600), by: person, server)
        return try #require(answer["data.messageSchedule.scheduledMessage.id"], "\(answer.text)")
    }

    private func states(_ server: APIServer) throws -> String? {
        try server.sql(
            "SELECT string_agg(input ->> 'body' || ' ' || status || coalesce(' ' || failure, ''), ', ' ORDER BY input ->> 'body') FROM scheduled_messages"
        )
    }

    private let list = "{ viewer { scheduledMessages { nodes { id body status failureReason room { id } } } } }"
    private let cancel =
        "mutation ($id: ID!) { scheduledMessageCancel(id: $id) { scheduledMessage { status } userErrors { code } } }"

    @Test func `a message is written when its time has come, once, unless it is taken back`() async throws {
        try await APIServer.with { server in
            let (ida, ben) = (try server.person("ida"), try server.person("ben"))
            let group = try server.group(of: [ida, ben])
            let root = try server.send("root", to: group.general, by: ben)
            let sent = try ask(
                "b @ben",
                in: group.general,
                at: time(3_600),
                by: ida,
                server,
                ["replyToId": root, "threadId": root]
            )
            #expect(sent["data.messageSchedule.scheduledMessage.status"] == "SCHEDULED", "\(sent.text)")
            let other = try schedule("a", in: group.general, by: ida, server)
            let seen = try server.ask(list, token: ida.token)
            #expect(seen.count("data.viewer.scheduledMessages.nodes") == 2, "\(seen.text)")
            #expect(seen["data.viewer.scheduledMessages.nodes.0.room.id"] == group.general)
            // It is its author's own.
            #expect(try server.ask(list, token: ben.token).count("data.viewer.scheduledMessages.nodes") == 0)
            #expect(
                try server.ask(cancel, ["id": other], token: ben.token).codes("scheduledMessageCancel") == ["NOT_FOUND"]
            )
            let taken = try server.ask(cancel, ["id": other], token: ida.token)
            #expect(taken["data.scheduledMessageCancel.scheduledMessage.status"] == "CANCELLED", "\(taken.text)")
            #expect(
                try server.ask(cancel, ["id": other], token: ida.token).codes("scheduledMessageCancel") == ["NOT_FOUND"]
            )
            try await server.work()
            #expect(try server.sql("SELECT count(*) FROM messages") == "1")
            let stream = try server.listen(to: [(group.general, nil)], as: ben)
            for _ in 0..<2 {
                try await server.work(all: true)
                try server.sql(
                    "UPDATE jobs SET status = 'QUEUED', finished_at = NULL, run_at = now() WHERE name = 'chat.scheduled'"
                )
            }
            #expect(try stream.event() == "MessageCreated 2")
            #expect(try states(server) == "b @ben SENT")
            #expect(
                try server.sql("SELECT count(*) FROM messages WHERE reply_to_id = thread_root_id AND body = 'b @ben'")
                    == "1"
            )
            #expect(try server.sql("SELECT count(*) FROM notifications WHERE type = 'chat.mention'") == "1")
            let waits = try #require(sent["data.messageSchedule.scheduledMessage.id"])
            #expect(
                try server.ask(cancel, ["id": waits], token: ida.token).codes("scheduledMessageCancel") == [
                    "INVALID_TRANSITION"
                ]
            )
            #expect(try server.ask(list, token: ida.token).count("data.viewer.scheduledMessages.nodes") == 0)
        }
    }

    @Test func `what its author may not write any more fails, and slow mode is waited for`() async throws {
        try await APIServer.with { server in
            let people = try ["ida", "ben", "eve", "tom"].map { try server.person($0) }
            let (ida, ben, eve, tom) = (people[0], people[1], people[2], people[3])
            let group = try server.group(of: people)
            _ = try schedule("of ben", in: group.general, by: ben, server)
            _ = try schedule("of eve", in: group.general, by: eve, server)
            _ = try schedule("of tom", in: group.general, by: tom, server)
            _ = try server.remove(ben, from: group, by: ida)
            try server.sql("UPDATE users SET status = 'SUSPENDED' WHERE username = 'eve'")
            try server.send("just now", to: group.general, by: tom)
            try server.sql("UPDATE channels SET slow_mode_seconds = 600")
            try server.sql("UPDATE room_members SET last_posted_at = now()")
            try await server.work(all: true)
            #expect(
                try states(server) == "of ben FAILED NOT_FOUND, of eve FAILED FORBIDDEN, of tom SCHEDULED SLOW_MODE"
            )
            let failed = try server.ask(list, token: ben.token)
            #expect(failed["data.viewer.scheduledMessages.nodes.0.failureReason"] == "NOT_FOUND", "\(failed.text)")
            #expect(failed["data.viewer.scheduledMessages.nodes.0.room.id"] == nil)
            try server.sql("UPDATE channels SET slow_mode_seconds = 0")
            try await server.work(all: true)
            #expect(try states(server) == "of ben FAILED NOT_FOUND, of eve FAILED FORBIDDEN, of tom SENT")
            #expect(try server.sql("SELECT string_agg(body, ', ' ORDER BY seq) FROM messages") == "just now, of tom")
        }
    }

    private func sweep(_ server: APIServer) async throws {
        let services = ChatServices(server.identity)
        try await server.group.loops[0].start { try await ScheduledSend(services).sweep() }
    }

    @Test func `what waits for slow mode is tried when it may be sent, and fails when it is tried no more`()
        async throws
    {
        try await APIServer.with { server in
            let (ida, ben) = (try server.person("ida"), try server.person("ben"))
            let group = try server.group(of: [ida, ben])
            for body in ["a", "b"] { _ = try schedule(body, in: group.general, by: ben, server) }
            try server.send("just now", to: group.general, by: ben)
            try server.sql("UPDATE channels SET slow_mode_seconds = 21600")
            try server.sql("UPDATE room_members SET last_posted_at = now()")
            let waiting = """
                SELECT count(*) FROM jobs WHERE name = 'chat.scheduled' AND status = 'RETRYING'
                    AND run_at > now() + interval '5 hours 55 minutes'
                """
            for _ in 0..<3 {
                try await server.work(all: true)
                #expect(try server.sql(waiting) == "2")
            }
            try await sweep(server)
            #expect(try states(server) == "a SCHEDULED SLOW_MODE, b SCHEDULED SLOW_MODE")
            // One is tried for the last time, and what became of the other is not known.
            try server.sql(
                """
                UPDATE jobs SET attempts = max_attempts - 1 WHERE status = 'RETRYING';
                DELETE FROM jobs
                WHERE unique_key = (SELECT id::text FROM scheduled_messages WHERE input ->> 'body' = 'b');
                UPDATE scheduled_messages SET failure = NULL WHERE input ->> 'body' = 'b'
                """
            )
            try await server.work(all: true)
            #expect(try server.sql("SELECT status FROM jobs WHERE name = 'chat.scheduled'") == "DEAD")
            try await sweep(server)
            #expect(try states(server) == "a SCHEDULED SLOW_MODE, b SCHEDULED")
            server.pass(seconds: 7_200)
            try await sweep(server)
            #expect(try states(server) == "a FAILED SLOW_MODE, b FAILED INTERNAL")
            // What was given up lives again with its job.
            try server.sql("UPDATE channels SET slow_mode_seconds = 0")
            try await server.revive("chat.scheduled")
            try await server.work()
            #expect(try states(server) == "a SENT, b FAILED INTERNAL")
        }
    }

    @Test func `whoever schedules and takes back in a loop leaves nothing, and has to stop`() async throws {
        try await APIServer.with { server in
            let ida = try server.person("ida")
            let group = try server.group(of: [ida])
            for _ in 0..<60 {
                let id = try schedule("x", in: group.general, by: ida, server)
                #expect(try server.ask(cancel, ["id": id], token: ida.token).codes("scheduledMessageCancel") == [])
            }
            let refused = try ask("x", in: group.general, at: time(3_600), by: ida, server)
            #expect(refused.errorCode == "RATE_LIMITED", "\(refused.text)")
            #expect(try server.sql("SELECT count(*) FROM scheduled_messages") == "0")
            #expect(try server.sql("SELECT count(*) FROM jobs WHERE name = 'chat.scheduled'") == "0")
        }
    }

    @Test func `who is away while their message is written has not read what came before it`() async throws {
        try await APIServer.with { server in
            let (ida, ben) = (try server.person("ida"), try server.person("ben"))
            let group = try server.group(of: [ida, ben])
            _ = try schedule("good morning", in: group.general, by: ida, server)
            try server.send("good night @ida", to: group.general, by: ben)
            let look = """
                query ($r: ID!) { room(id: $r) { viewerState { unreadCount unreadMentionCount } }
                    viewer { notificationCounts { unread } } }
                """
            func unread(_ person: TestPerson) throws -> [String?] {
                let seen = try server.ask(look, ["r": group.general], token: person.token)
                return [
                    seen["data.room.viewerState.unreadCount"], seen["data.room.viewerState.unreadMentionCount"],
                    seen["data.viewer.notificationCounts.unread"],
                ]
            }
            #expect(try unread(ida) == ["1", "1", "1"])
            try await server.work(all: true)
            #expect(try server.sql("SELECT body FROM messages WHERE seq = 2") == "good morning")
            #expect(try unread(ida) == ["2", "1", "1"])
            // Where all was read, one's own message is no news.
            try server.markRead(group.general, upTo: 2, by: ida)
            _ = try schedule("and on", in: group.general, by: ida, server)
            try await server.work(all: true)
            #expect(try unread(ida) == ["0", "0", "0"])
        }
    }

    @Test func `what is wrong with it is said when it is scheduled, and there are as many as there may be`()
        async throws
    {
        try await APIServer.with { server in
            let (ida, ben) = (try server.person("ida"), try server.person("ben"))
            let group = try server.group(of: [ida])
            let news = try #require(
                try server.askChannel("news", in: group, kind: "ANNOUNCEMENT", by: ida)["data.channelCreate.channel.id"]
            )
            func codes(
                _ body: String,
                _ room: String,
                _ seconds: Double,
                _ person: TestPerson,
                _ more: [String: Any] = [:]
            ) throws -> [String] {
                try ask(body, in: room, at: time(seconds), by: person, server, more).codes("messageSchedule")
            }
            #expect(try codes(" ", group.general, -60, ida) == ["INVALID_INPUT", "INVALID_INPUT"])
            #expect(try codes("x", group.general, 400 * 86_400, ida) == ["INVALID_INPUT"])
            #expect(try codes("x", group.general, 60, ben) == ["NOT_FOUND"])
            #expect(try codes("x", group.id, 60, ida) == ["NOT_FOUND"])
            _ = try server.ask(
                "mutation ($g: ID!, $u: [ID!]!) { groupMembersAdd(groupId: $g, userIds: $u) { userErrors { code } } }",
                ["g": group.id, "u": [ben.id]],
                token: ida.token
            )
            #expect(try codes("x", news, 60, ben) == ["FORBIDDEN"])
            let elsewhere = try server.send("x", to: news, by: ida)
            for field in ["replyToId", "threadId"] {
                #expect(try codes("x", group.general, 60, ida, [field: elsewhere]) == ["NOT_FOUND"])
                #expect(try codes("x", group.general, 60, ida, [field: ida.id]) == ["NOT_FOUND"])
            }
            try server.sql(
                """
                INSERT INTO scheduled_messages (room_id, author_id, input, send_at)
                SELECT c.id, u.id, '{"body": "x"}', now() + interval '1 day'
                FROM channels c, users u, generate_series(1, 99) WHERE c.name = 'general' AND u.username = 'ida'
                """
            )
            let sockets = try (0..<6).map { _ in try server.socket() }
            let query = "mutation ($in: MessageScheduleInput!) { messageSchedule(input: $in) { userErrors { code } } }"
            let input = ["in": ["roomId": group.general, "body": "y", "sendAt": time(60)]]
            for socket in sockets { try socket.send(server.request(query, input, token: ida.token)) }
            let answers = try sockets.map { try APIAnswer(from: $0).codes("messageSchedule") }
            #expect(answers.filter { $0 == ["QUOTA_EXCEEDED"] }.count == 5)
            #expect(try server.sql("SELECT count(*) FROM scheduled_messages") == "100")
        }
    }
}
