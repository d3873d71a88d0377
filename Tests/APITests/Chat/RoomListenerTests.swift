import Testing

/// What many who listen to one room share.
@Suite(.timeLimit(.minutes(3))) struct RoomListenerTests {
    @Test func `an event costs the same statements for two listeners and for twenty`() async throws {
        try await APIServer.with { server in
            let people = try (0..<20).map { try server.person("person\($0)") }
            let group = try server.group(of: people)
            let query = """
                subscription ($id: ID!) { messageAdded(roomId: $id) { cursor message {
                    seq body author { username } room { title } replyTo { seq author { username } }
                    reactions { emoji viewerHasReacted } revisions { body }
                } } }
                """
            var listeners: [LiveStream] = []
            var reads: [Int: UInt64] = [:]
            let first = try server.send("first", to: group.general, by: people[0])
            for count in [2, 20] {
                for person in people[listeners.count..<count] {
                    listeners.append(try LiveStream(server, query, ["id": group.general], token: person.token))
                }
                // What is known for some seconds is asked for by the first event.
                for round in 0..<6 {
                    let before = try await server.statements()
                    try server.send("round \(round)", to: group.general, by: people[1], replyTo: first)
                    for listener in listeners {
                        let told = try #require(try listener.next())
                        #expect(told["data.messageAdded.message.body"] == "round \(round)", "\(told.text)")
                        #expect(told["data.messageAdded.message.replyTo.author.username"] == "person0")
                        #expect(told["data.messageAdded.message.room.title"] == "general")
                    }
                    if round > 0 { reads[count, default: 0] += try await server.statements() - before }
                }
            }
            // Sessions and access are read anew each second or so, for all by one statement.
            #expect(try #require(reads[20]) <= #require(reads[2]) + 10, "\(reads)")
        }
    }

    @Test func `what each listener sees of a message is their own`() async throws {
        try await APIServer.with { server in
            let (ida, ben) = (try server.person("ida"), try server.person("ben"))
            let group = try server.group(of: [ida, ben])
            let query = """
                subscription ($rooms: [RoomCursorInput!]!) { roomEvents(rooms: $rooms) { event { __typename
                    ... on ReactionChanged { user { username email } message { author { email }
                        reactions { emoji count viewerHasReacted } } }
                } } }
                """
            let id = try server.send("hello", to: group.general, by: ben)
            let rooms = ["rooms": [["roomId": group.general]]]
            let streams = try [ida, ben].map { try LiveStream(server, query, rooms, token: $0.token) }
            let react = "mutation ($id: ID!) { reactionAdd(messageId: $id, emoji: \"👍\") { userErrors { code } } }"
            #expect(try server.ask(react, ["id": id], token: ida.token).codes("reactionAdd") == [])
            let event = "data.roomEvents.event"
            let told = try streams.map { try #require(try $0.next()) }
            #expect(told.map { $0["\(event).message.reactions.0.viewerHasReacted"] } == ["1", "0"])
            #expect(told.map { $0["\(event).message.reactions.0.count"] } == ["1", "1"])
            #expect(told.map { $0["\(event).user.email"] != nil } == [true, false])
            #expect(told.map { $0["\(event).message.author.email"] != nil } == [false, true])
        }
    }

    @Test func `whoever was taken out and in again goes on where they stopped`() async throws {
        try await APIServer.with { server in
            let (ida, ben, eve) = (try server.person("ida"), try server.person("ben"), try server.person("eve"))
            let group = try server.group(of: [ida, ben, eve])
            let (bens, eves) = (
                try server.listen(to: [(group.general, nil)], as: ben),
                try server.listen(to: [(group.general, nil)], as: eve)
            )
            try server.send("one", to: group.general, by: ida)
            #expect(try bens.event() == "MessageCreated 1")
            let cursor = try #require(try eves.next()?["data.roomEvents.cursor"])
            _ = try server.remove(eve, from: group, by: ida)
            #expect(try eves.event() == "AccessRevoked NOT_A_MEMBER")
            #expect(try eves.next() == nil)
            // Others hear who left, and go on.
            #expect(try bens.event() == "RoomMemberLeft")
            try server.send("two", to: group.general, by: ida)
            #expect(try bens.event() == "MessageCreated 2")
            let add =
                "mutation ($g: ID!, $u: [ID!]!) { groupMembersAdd(groupId: $g, userIds: $u) { userErrors { code } } }"
            #expect(
                try server.ask(add, ["g": group.id, "u": [eve.id]], token: ida.token).codes("groupMembersAdd") == []
            )
            let again = try server.listen(to: [(group.general, cursor)], as: eve)
            #expect(try again.event() == "RoomMemberLeft")
            #expect(try again.event() == "MessageCreated 2")
        }
    }

    @Test func `a message to five thousand costs what one to two costs`() async throws {
        try await APIServer.with { server in
            let (ida, ben) = (try server.person("ida"), try server.person("ben"))
            let (small, large) = (try server.group(of: [ida, ben]), try server.group(of: [ida, ben], name: "Large"))
            try server.sql(
                """
                WITH people AS (
                    INSERT INTO users (email, username, name)
                    SELECT 'm' || n || '@example.org', 'member' || n, 'x' FROM generate_series(1, 5000) n RETURNING id
                )
                INSERT INTO group_members (group_id, user_id)
                SELECT g.id, people.id FROM groups g, people WHERE g.name = 'Large'
                """
            )
            var costs: [UInt64] = []
            for group in [small, large] {
                try server.send("first", to: group.general, by: ida)
                let before = try await server.allStatements()
                for number in 0..<10 { try server.send("message \(number)", to: group.general, by: ida) }
                costs.append(try await server.allStatements() - before)
            }
            #expect(costs[1] <= costs[0] + 4, "\(costs)")
            #expect(costs[1] <= 10 * 16, "\(costs)")
            #expect(try server.sql("SELECT count(*) FROM events WHERE kind = 'MessageCreated'") == "22")
        }
    }
}
