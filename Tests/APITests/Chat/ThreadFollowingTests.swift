import Actions
import Data
import EventLoop
import Jobs
import Testing

@Suite struct ThreadFollowingTests {
    private let follow = """
        mutation ($id: ID!, $f: Boolean! = true) { threadFollow(threadId: $id, following: $f) {
            thread { root { id } viewerIsFollowing replyCount } userErrors { code path } } }
        """

    @discardableResult
    private func reply(
        _ body: String,
        below root: String,
        in room: String,
        by person: TestPerson,
        _ server: APIServer
    ) throws -> String {
        let answer = try server.ask(
            "mutation ($in: MessageSendInput!) { messageSend(input: $in) { message { id } userErrors { code } } }",
            ["in": ["roomId": room, "body": body, "threadId": root]],
            token: person.token
        )
        return try #require(answer["data.messageSend.message.id"], "\(answer.text)")
    }

    /// Who was told of what, in the order of their names.
    private func told(_ server: APIServer) throws -> String? {
        try server.sql(
            """
            SELECT string_agg(u.username || ' ' || n.event_count || ' ' || n.title, ', ' ORDER BY u.username, n.title)
            FROM notifications n JOIN users u ON u.id = n.user_id WHERE n.type = 'chat.reply'
            """
        )
    }

    @Test func `whoever takes part follows a thread, until they say that they do not want to`() async throws {
        try await APIServer.with { server in
            let people = try ["ida", "ben", "eve"].map { try server.person($0) }
            let (ida, ben, eve) = (people[0], people[1], people[2])
            let group = try server.group(of: people)
            let root = try server.send("root", to: group.general, by: ida)
            // There is no thread yet, and what is no message has none.
            for id in [root, ida.id, group.general] {
                #expect(try server.ask(follow, ["id": id], token: ida.token).codes("threadFollow") == ["NOT_FOUND"])
            }
            let first = try reply("one", below: root, in: group.general, by: ben, server)
            func isFollowing(_ person: TestPerson) throws -> String? {
                let look = "query ($id: ID!) { node(id: $id) { ... on Message { thread { viewerIsFollowing } } } }"
                return try server.ask(look, ["id": root], token: person.token)["data.node.thread.viewerIsFollowing"]
            }
            #expect(try people.map(isFollowing) == ["1", "1", "0"])
            // By any message of it.
            let asked = try server.ask(follow, ["id": first], token: eve.token)
            #expect(asked["data.threadFollow.thread.root.id"] == root, "\(asked.text)")
            #expect(asked["data.threadFollow.thread.viewerIsFollowing"] == "1")
            for person in [ida, ben] {
                let left = try server.ask(follow, ["id": root, "f": false], token: person.token)
                #expect(left["data.threadFollow.thread.viewerIsFollowing"] == "0", "\(left.text)")
            }
            // What others write brings nobody back, what they write themselves does.
            try reply("two", below: root, in: group.general, by: eve, server)
            #expect(try people.map(isFollowing) == ["0", "0", "1"])
            try reply("three", below: root, in: group.general, by: ben, server)
            #expect(try people.map(isFollowing) == ["0", "1", "1"])
            _ = try server.remove(eve, from: group, by: ida)
            #expect(try server.ask(follow, ["id": root], token: eve.token).codes("threadFollow") == ["NOT_FOUND"])
            #expect(try server.ask(follow, ["id": root]).errorCode == "UNAUTHENTICATED")
        }
    }

    @Test func `threads that somebody follows are listed while they see them, with what they have not read`()
        async throws
    {
        try await APIServer.with { server in
            let (ida, ben) = (try server.person("ida"), try server.person("ben"))
            let group = try server.group(of: [ida, ben])
            let roots = try ["a", "b", "c"].map { try server.send($0, to: group.general, by: ida) }
            for root in roots { try reply("mine", below: root, in: group.general, by: ben, server) }
            let list = """
                query ($u: Boolean!, $a: String) { viewer { followedThreads(first: 2, after: $a, unreadOnly: $u) {
                    nodes { root { body } replyCount unreadCount viewerIsFollowing } pageInfo { hasNextPage endCursor } } } }
                """
            let path = "data.viewer.followedThreads"
            let seen = try server.ask(list, ["u": false], token: ben.token)
            #expect(seen["\(path).nodes.0.root.body"] == "c", "\(seen.text)")
            #expect(seen["\(path).nodes.0.unreadCount"] == "0")
            #expect(seen["\(path).nodes.0.viewerIsFollowing"] == "1")
            let cursor = try #require(seen["\(path).pageInfo.endCursor"])
            let rest = try server.ask(list, ["u": false, "a": cursor], token: ben.token)
            #expect(rest["\(path).nodes.0.root.body"] == "a")
            #expect(rest["\(path).pageInfo.hasNextPage"] == "0")
            #expect(try server.ask(list, ["u": true], token: ben.token).count("\(path).nodes") == 0)
            for text in ["x", "y"] { try reply(text, below: roots[1], in: group.general, by: ida, server) }
            let unread = try server.ask(list, ["u": true], token: ben.token)
            #expect(unread.count("\(path).nodes") == 1, "\(unread.text)")
            #expect(unread["\(path).nodes.0.root.body"] == "b")
            #expect(unread["\(path).nodes.0.replyCount"] == "3")
            #expect(unread["\(path).nodes.0.unreadCount"] == "2")
            _ = try server.remove(ben, from: group, by: ida)
            #expect(try server.ask(list, ["u": false], token: ben.token).count("\(path).nodes") == 0)
        }
    }

    @Test func `who follows a thread or is answered is told, and who is spoken of is told of that`() async throws {
        try await APIServer.with { server in
            let people = try ["ida", "ben", "eve", "tom"].map { try server.person($0) }
            let (ida, ben, eve, tom) = (people[0], people[1], people[2], people[3])
            try server.sql("UPDATE users SET name = username")
            let group = try server.group(of: people)
            let root = try server.send("root", to: group.general, by: ida)
            try reply("one", below: root, in: group.general, by: ben, server)
            try await server.work()
            try reply("two", below: root, in: group.general, by: eve, server)
            try await server.work()
            // Nobody hears of what they wrote themselves; several are one until they are read.
            let following = "replied in a thread that you follow"
            #expect(try told(server) == "ben 1 eve \(following), ida 2 eve \(following)")
            try server.sql("DELETE FROM notifications")
            // An answer outside of threads is for whoever is answered.
            try server.send(
                "answer",
                to: group.general,
                by: ben,
                replyTo: try server.send("x", to: group.general, by: tom)
            )
            try await server.work()
            #expect(try told(server) == "tom 1 ben replied to you")
            try server.sql("DELETE FROM notifications")
            try reply("@ida look", below: root, in: group.general, by: eve, server)
            try await server.work()
            #expect(try told(server) == "ben 1 eve \(following)")
            #expect(try server.sql("SELECT count(*) FROM notifications WHERE type = 'chat.mention'") == "1")
            try server.sql("DELETE FROM notifications")
            // Who does not see the room any more, wants none, or whose message is gone by then.
            _ = try server.remove(ben, from: group, by: ida)
            let row: [String: Any] = ["category": "CHAT_REPLY", "channel": "IN_APP", "enabled": false]
            _ = try server.updatePreferences(["rows": [row]], token: ida.token)
            try reply("three", below: root, in: group.general, by: eve, server)
            try await server.work()
            let gone = try reply("four", below: root, in: group.general, by: tom, server)
            _ = try server.ask(
                "mutation ($id: ID!) { messageDelete(id: $id) { userErrors { code } } }",
                ["id": gone],
                token: tom.token
            )
            try await server.work()
            #expect(try told(server) == "")
            #expect(try server.sql("SELECT count(*) FROM reply_notices") == "0")
        }
    }

    @Test func `what was read before its turn comes is told to nobody who has read it`() async throws {
        try await APIServer.with { server in
            let people = try ["ida", "ben", "eve"].map { try server.person($0) }
            let (ida, ben, eve) = (people[0], people[1], people[2])
            try server.sql("UPDATE users SET name = username")
            let group = try server.group(of: people)
            let root = try server.send("root", to: group.general, by: ida)
            try reply("mine", below: root, in: group.general, by: eve, server)
            try await server.work()
            try server.sql("DELETE FROM notifications")
            try reply("answer", below: root, in: group.general, by: ben, server)
            try server.markRead(group.general, upTo: 3, by: ida)
            try await server.work()
            #expect(try told(server) == "eve 1 ben replied in a thread that you follow")
            let answered = try server.send("x", to: group.general, by: ida)
            try server.send("y", to: group.general, by: ben, replyTo: answered)
            try server.markRead(group.general, upTo: 5, by: ida)
            try await server.work()
            #expect(try server.inbox(ida.token)["data.viewer.notificationCounts.unread"] == "0")
        }
    }

    @Test func `what is read while it is told is read`() async throws {
        try await APIServer.with { server in
            let (ida, ben) = (try server.person("ida"), try server.person("ben"))
            let group = try server.group(of: [ida, ben])
            let root = try server.send("root", to: group.general, by: ida)
            try reply("answer", below: root, in: group.general, by: ben, server)
            // As the reader's client does, which looks for what is to be read with it behind this.
            let held = try HeldTransaction(
                "UPDATE room_members SET last_read_seq = 2 WHERE last_read_seq = 1",
                on: server.connectionString
            )
            try await server.work()
            try held.end()
            #expect(try server.sql("SELECT count(*) FROM room_members WHERE last_read_seq = 2") != "0")
            #expect(try server.inbox(ida.token)["data.viewer.notificationCounts.unread"] == "0")
        }
    }

    @Test func `many are told in steps, each of them once, wherever it is cut`() async throws {
        try await APIServer.with { server in
            let (ida, ben) = (try server.person("ida"), try server.person("ben"))
            let group = try server.group(of: [ida, ben])
            let root = try server.send("root", to: group.general, by: ida)
            try server.sql(
                """
                INSERT INTO users (id, email, username, name)
                SELECT ('f' || substr(gen_random_uuid()::text, 2))::uuid, 'p' || n || '@example.org', 'member' || n, 'p' FROM generate_series(1, 30) n;
                INSERT INTO group_members (group_id, user_id, role)
                SELECT g.id, u.id, 'MEMBER' FROM groups g, users u WHERE u.name = 'p'
                """
            )
            try reply("one", below: root, in: group.general, by: ben, server)
            try server.sql(
                """
                DELETE FROM reply_notices; DELETE FROM jobs;
                INSERT INTO thread_states (root_id, user_id)
                SELECT thread_root_id, u.id FROM messages, users u WHERE thread_root_id IS NOT NULL AND u.name = 'p'
                """
            )
            // What is sent costs the same, however many follow.
            let before = try await server.roundTrips()
            try reply("two", below: root, in: group.general, by: ben, server)
            #expect(try await server.roundTrips() - before == 2)
            // The third step fails as a whole.
            try server.sql(
                """
                CREATE FUNCTION cut() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                    IF (SELECT count(*) FROM notifications) > 15 THEN RAISE 'cut'; END IF; RETURN NEW;
                END $$;
                CREATE TRIGGER cut BEFORE INSERT ON notifications FOR EACH ROW EXECUTE FUNCTION cut()
                """
            )
            let identity = server.identity
            await server.database.startJobs(name: "steps", .application()) { job in
                if job.name == MessageNotices.job { try await MessageNotices(identity, stepSize: 7).run(job) }
            }
            try await server.until("SELECT count(*) FROM jobs WHERE status = 'RETRYING'", is: "1")
            // Seven and seven, of whom one wrote it.
            #expect(try server.sql("SELECT count(*) FROM notifications") == "13")
            try server.sql("DROP TRIGGER cut ON notifications; UPDATE jobs SET run_at = now()")
            try await server.until("SELECT count(*) FROM reply_notices", is: "0")
            await server.database.stopJobs(within: .seconds(5))
            #expect(
                try server.sql(
                    "SELECT count(*) || ' ' || count(DISTINCT user_id) || ' ' || max(event_count) FROM notifications"
                ) == "31 31 1"
            )
        }
    }

    @Test func `listeners of a room are each told whether they follow`() async throws {
        try await APIServer.with { server in
            let (ida, ben) = (try server.person("ida"), try server.person("ben"))
            let group = try server.group(of: [ida, ben])
            let query = """
                subscription ($id: ID!) { messageAdded(roomId: $id) { message { seq
                    threadRoot { thread { replyCount viewerIsFollowing unreadCount root { body } } } } } }
                """
            let root = try server.send("root", to: group.general, by: ida)
            let streams = try [ida, ben].map { try LiveStream(server, query, ["id": group.general], token: $0.token) }
            try reply("mine", below: root, in: group.general, by: ida, server)
            let thread = "data.messageAdded.message.threadRoot.thread"
            for (stream, own) in zip(streams, ["1 0", "0 1"]) {
                let answer = try #require(try stream.next())
                let told = ["viewerIsFollowing", "unreadCount"].compactMap { answer["\(thread).\($0)"] }
                #expect(told.joined(separator: " ") == own, "\(answer.text)")
                #expect(answer["\(thread).replyCount"] == "1")
                #expect(answer["\(thread).root.body"] == "root")
            }
        }
    }
}
