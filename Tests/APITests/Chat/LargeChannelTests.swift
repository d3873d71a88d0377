import Actions
import Data
import EventLoop
import Jobs
import Testing

/// A channel of five thousand people costs what one of two does, but for what each of them is told by themselves.
@Suite struct LargeChannelTests {
    /// Five thousand people beside those who are there, all of whom have read the channel.
    private func fill(_ server: APIServer, _ group: String) throws {
        try server.sql(
            """
            INSERT INTO users (email, username, name, status)
            SELECT 'p' || n || '@example.org', 'member' || n, 'p', 'ACTIVE' FROM generate_series(1, 5000) n;
            INSERT INTO group_members (group_id, user_id, role)
            SELECT g.id, u.id, 'MEMBER' FROM groups g, users u WHERE g.name = '\(group)' AND u.name = 'p';
            INSERT INTO room_members (room_id, user_id, last_read_seq)
            SELECT c.id, m.user_id, 0 FROM channels c JOIN groups g ON g.id = c.group_id
                JOIN group_members m ON m.group_id = g.id
            WHERE g.name = '\(group)' ON CONFLICT DO NOTHING;
            """
        )
    }

    @Test func `a message, an unread count and a page of members cost what they cost among two`() async throws {
        try await APIServer.with { server in
            let (ida, ben) = (try server.person("ida"), try server.person("ben"))
            let (small, large) = (
                try server.group(of: [ida, ben], name: "Small"), try server.group(of: [ida, ben], name: "Large")
            )
            try fill(server, "Large")
            let page = """
                query ($id: ID!, $a: String) { group(id: $id) { memberCount members(first: 100, after: $a) {
                    nodes { user { username } role } pageInfo { hasNextPage endCursor } } } }
                """
            let unread = "query ($id: ID!) { room(id: $id) { viewerState { unreadCount unreadMentionCount } } }"
            let rooms = "{ viewer { rooms { nodes { title viewerState { unreadCount } } } } }"
            /// Ways of transactions and events of each message, and statements of each read, as far as they are its own.
            func cost(_ group: TestGroup) async throws -> [UInt64] {
                var costs: [UInt64] = []
                for text in ["hello", "@ben hello"] {
                    let trips = try await server.roundTrips()
                    try server.sql("DELETE FROM events")
                    try server.send(text, to: group.general, by: ida)
                    costs.append(try await server.roundTrips() - trips)
                    costs.append(try #require(try server.sql("SELECT count(*) FROM events").flatMap { UInt64($0) }))
                }
                for query in [unread, rooms, page] {
                    var least = UInt64.max
                    for _ in 0..<3 {
                        let before = try await server.statements()
                        let answer = try server.ask(
                            query,
                            ["id": query == unread ? group.general : group.id],
                            token: ben.token
                        )
                        #expect(answer.errorCode == nil, "\(answer.text)")
                        least = min(least, try await server.statements() - before)
                    }
                    costs.append(least)
                }
                return costs
            }
            // Statements are prepared where they are used first, and people are told of several as of one.
            for group in [small, large] {
                for text in ["first", "@ben second"] { try server.send(text, to: group.general, by: ida) }
            }
            let (few, many) = (try await cost(small), try await cost(large))
            #expect(few == many)
            #expect(Array(many[0...1]) == [2, 1])
            let seen = try server.ask(unread, ["id": large.general], token: ben.token)
            #expect(seen["data.room.viewerState.unreadCount"] == "4", "\(seen.text)")
            #expect(seen["data.room.viewerState.unreadMentionCount"] == "2")
            // The pages are whole, in order, and of a hundred.
            var (names, cursor): ([String], String?) = ([], nil)
            repeat {
                var variables: [String: Any] = ["id": large.id]
                variables["a"] = cursor
                let seen = try server.ask(page, variables, token: ben.token)
                #expect(seen["data.group.memberCount"] == "5002")
                let path = "data.group.members"
                names += (0..<seen.count("\(path).nodes")).compactMap { seen["\(path).nodes.\($0).user.username"] }
                cursor = seen["\(path).pageInfo.hasNextPage"] == "1" ? seen["\(path).pageInfo.endCursor"] : nil
            } while cursor != nil
            #expect(names.count == 5_002)
            #expect(Set(names).count == 5_002)
        }
    }

    @Test func `where all of them want to hear everything sending costs the same, and telling goes by hundreds`()
        async throws
    {
        try await APIServer.with { server in
            let (ida, ben) = (try server.person("ida"), try server.person("ben"))
            let (small, large) = (
                try server.group(of: [ida, ben], name: "Small"), try server.group(of: [ida, ben], name: "Large")
            )
            try fill(server, "Large")
            try server.sql(
                """
                INSERT INTO room_preferences (room_id, user_id, level)
                SELECT c.id, m.user_id, 'ALL' FROM channels c JOIN group_members m USING (group_id)
                """
            )
            let identity = server.identity
            /// Statements of the message, and of telling it.
            func cost(_ group: TestGroup) async throws -> (UInt64, UInt64) {
                try server.sql("DELETE FROM jobs; DELETE FROM notifications")
                let before = try await server.allStatements()
                try server.send("hello", to: group.general, by: ida)
                let sent = try await server.allStatements()
                await server.database.startJobs(name: "notices", .application()) { job in
                    if job.name == MessageNotices.job { try await MessageNotices(identity).run(job) }
                }
                try await server.until("SELECT count(*) FROM jobs WHERE finished_at IS NULL", is: "0")
                await server.database.stopJobs(within: .seconds(5))
                return (sent - before, try await server.allStatements() - sent)
            }
            /// The least of some: sessions are looked up by the second.
            func least(_ costs: [(UInt64, UInt64)]) -> (UInt64, UInt64) {
                (costs.map(\.0).min() ?? 0, costs.map(\.1).min() ?? 0)
            }
            _ = try await cost(small)
            let few = least([try await cost(small), try await cost(small), try await cost(small)])
            #expect(try server.sql("SELECT count(*) FROM notifications") == "1")
            let many = least([try await cost(large), try await cost(large), try await cost(large)])
            #expect(
                try server.sql("SELECT count(*) || ' ' || count(DISTINCT user_id) FROM notifications") == "5001 5001"
            )
            #expect(many.0 == few.0)
            // Eleven steps of at most five hundred, each with a few statements, and what the worker asks meanwhile.
            #expect(many.1 < 11 * 15 + few.1, "\(few) \(many)")
        }
    }

    @Test func `deleting it takes as many statements, and tells each of its people`() async throws {
        try await APIServer.with { server in
            let (ida, ben) = (try server.person("ida"), try server.person("ben"))
            let (small, large) = (
                try server.group(of: [ida, ben], name: "Small"), try server.group(of: [ida, ben], name: "Large")
            )
            try fill(server, "Large")
            let delete = "mutation ($id: ID!) { groupDelete(id: $id) { userErrors { code } } }"
            var costs: [UInt64] = []
            for (group, people) in [(small, 2), (large, 5_002)] {
                try server.sql("DELETE FROM events")
                let before = try await server.roundTrips()
                #expect(try server.ask(delete, ["id": group.id], token: ida.token).codes("groupDelete") == [])
                costs.append(try await server.roundTrips() - before)
                let told = "SELECT count(DISTINCT topic) FROM events WHERE kind = 'GroupMembershipChanged'"
                #expect(try server.sql(told) == "\(people)")
            }
            #expect(costs[0] == costs[1])
        }
    }
}
