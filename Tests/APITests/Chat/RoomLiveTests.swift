import Foundation
import Testing

@Suite(.timeLimit(.minutes(3))) struct RoomLiveTests {
    @Test func `what happens in a room is told in order, with what it is about`() async throws {
        try await APIServer.with { server in
            let (ida, ben) = (try server.person("ida"), try server.person("ben"))
            let group = try server.group(of: [ida, ben])
            let stream = try server.listen(to: [(group.general, nil)], as: ben)
            let id = try server.send("one", to: group.general, by: ida)
            let answer = try #require(try stream.next())
            #expect(answer["data.roomEvents.roomId"] == group.general)
            #expect(answer["data.roomEvents.event.message.body"] == "one")
            #expect(answer["data.roomEvents.event.message.author.username"] == "ida")
            let react = "mutation ($id: ID!) { reactionAdd(messageId: $id, emoji: \"🎉\") { userErrors { code } } }"
            for _ in 0..<2 { _ = try server.ask(react, ["id": id], token: ben.token) }
            _ = try server.ask(
                "mutation ($id: ID!) { messageDelete(id: $id) { userErrors { code } } }",
                ["id": id],
                token: ida.token
            )
            let reaction = try #require(try stream.next())
            #expect(reaction["data.roomEvents.event.emoji"] == "🎉")
            #expect(reaction["data.roomEvents.event.user.username"] == "ben")
            // The second one changed nothing, and was not told.
            let deleted = try #require(try stream.next())
            #expect(deleted["data.roomEvents.event.__typename"] == "MessageDeleted")
            #expect(deleted["data.roomEvents.event.message.body"] == "")
        }
    }

    @Test func `after a cut each message is told once, through whichever process`() async throws {
        try await APIServer.with { server in
            let other = try await APIServer(beside: server)
            do {
                let (ida, ben) = (try server.person("ida"), try server.person("ben"))
                let group = try server.group(of: [ida, ben])
                let second = try server.group(of: [ida, ben], name: "Second")
                let rooms = [group.general, second.general]
                var cursors: [String: String] = [:]
                var seen: [String: [String]] = [:]
                for round in 0..<6 {
                    let place = round.isMultiple(of: 2) ? server : other
                    let stream = try place.listen(to: rooms.map { ($0, cursors[$0]) }, as: ben)
                    // Sent through the process that the listener is not at, while the log may still be read.
                    let sender = round.isMultiple(of: 2) ? other : server
                    for number in 0..<3 {
                        for room in rooms { try sender.send("\(round) \(number)", to: room, by: ida) }
                    }
                    var expected = 6
                    while expected > 0 {
                        let answer = try #require(try stream.next())
                        let room = try #require(answer["data.roomEvents.roomId"], "\(answer.text)")
                        if answer["data.roomEvents.event.__typename"] == "CaughtUp" { continue }
                        seen[room, default: []].append(try #require(answer["data.roomEvents.event.message.seq"]))
                        cursors[room] = answer["data.roomEvents.cursor"]
                        expected -= 1
                    }
                    // Missed by the listener, who is away.
                    for room in rooms { try server.send("missed", to: room, by: ida) }
                }
                let stream = try other.listen(to: rooms.map { ($0, cursors[$0]) }, as: ben)
                var left = 2
                while left > 0 {
                    let answer = try #require(try stream.next())
                    let room = try #require(answer["data.roomEvents.roomId"])
                    if let seq = answer["data.roomEvents.event.message.seq"] { seen[room, default: []].append(seq) }
                    if answer["data.roomEvents.event.__typename"] == "CaughtUp" { left -= 1 }
                }
                for room in rooms { #expect(seen[room] == (1...24).map(String.init)) }
            } catch {
                await other.stop()
                throw error
            }
            await other.stop()
        }
    }

    @Test func `whoever is taken out of a group is told so, and nothing after it`() async throws {
        try await APIServer.with { server in
            let (ida, ben) = (try server.person("ida"), try server.person("ben"))
            let group = try server.group(of: [ida, ben])
            let stream = try server.listen(to: [(group.general, nil)], as: ben)
            try server.send("before", to: group.general, by: ida)
            #expect(try stream.event() == "MessageCreated 1")
            #expect(try server.remove(ben, from: group, by: ida).codes("groupMemberRemove") == [])
            try server.send("after", to: group.general, by: ida)
            #expect(try stream.event() == "AccessRevoked NOT_A_MEMBER")
            #expect(try stream.next() == nil)
            // Nor from a cursor of before.
            #expect(try server.listen(to: [(group.general, nil)], as: ben).next()?.errorCode == "NOT_FOUND")
        }
    }

    @Test func `whoever is taken out of a private channel is told so, and others hear who left`() async throws {
        try await APIServer.with { server in
            let (ida, ben) = (try server.person("ida"), try server.person("ben"))
            let group = try server.group(of: [ida, ben])
            let answer = try server.askChannel("secret", in: group, isPrivate: true, members: [ben], by: ida)
            let secret = try #require(answer["data.channelCreate.channel.id"])
            let (theirs, own) = (
                try server.listen(to: [(secret, nil), (group.general, nil)], as: ben),
                try server.listen(to: [(secret, nil)], as: ida)
            )
            let remove =
                "mutation ($c: ID!, $u: ID!) { channelMemberRemove(channelId: $c, userId: $u) { userErrors { code } } }"
            #expect(
                try server.ask(remove, ["c": secret, "u": ben.id], token: ida.token).codes("channelMemberRemove") == []
            )
            try server.send("after", to: secret, by: ida)
            #expect(try theirs.event() == "AccessRevoked NOT_A_MEMBER")
            #expect(try theirs.next() == nil)
            #expect(try own.event() == "RoomMemberLeft")
            #expect(try own.event() == "MessageCreated 1")
        }
    }

    @Test func `what is read on one device is read on the others, and in small rooms all hear of it`() async throws {
        try await APIServer.with { server in
            let (ida, ben) = (try server.person("ida"), try server.person("ben"))
            let group = try server.group(of: [ida, ben])
            for body in ["one", "two", "three"] { try server.send(body, to: group.general, by: ben) }
            let desk = try LiveStream(
                server,
                """
                subscription { viewerEvents { __typename ... on UnreadChanged { roomId
                    room { viewerState { unreadCount lastReadSeq } } } } }
                """,
                token: ida.token
            )
            let event = "data.viewerEvents"
            let bens = try server.listen(to: [(group.general, nil)], as: ben)
            try server.markRead(group.general, upTo: 2, by: ida)
            let read = try #require(try desk.next())
            #expect(read["\(event).__typename"] == "UnreadChanged" && read["\(event).roomId"] == group.general)
            #expect(read["\(event).room.viewerState.unreadCount"] == "1", "\(read.text)")
            let told = try #require(try bens.next())
            #expect(told["data.roomEvents.event.__typename"] == "ReadPositionChanged", "\(told.text)")
            #expect(told["data.roomEvents.event.user.username"] == "ida")
            #expect(told["data.roomEvents.event.lastReadSeq"] == "2")
            // Writing reads, too; with nothing unread there is nothing to tell.
            for body in ["four", "five"] { try server.send(body, to: group.general, by: ida) }
            #expect(try desk.next()?["\(event).room.viewerState.unreadCount"] == "0")
            try server.markRead(group.general, upTo: 5, by: ida)
            #expect(try server.sql("SELECT count(*) FROM events WHERE kind = 'UnreadChanged'") == "2")
            // Where many listen nobody is told of each.
            try server.sql(
                """
                INSERT INTO users (email, username, name) SELECT 'crowd' || n || '@example.org', 'crowd' || n, 'x'
                FROM generate_series(1, 99) n;
                INSERT INTO group_members (group_id, user_id) SELECT g.id, u.id FROM groups g, users u
                WHERE u.username LIKE 'crowd%'
                """
            )
            try server.send("six", to: group.general, by: ben)
            try server.markRead(group.general, upTo: 6, by: ida)
            #expect(try desk.next()?["\(event).room.viewerState.unreadCount"] == "0")
            #expect(try server.sql("SELECT count(*) FROM events WHERE kind = 'ReadPositionChanged'") == "1")
        }
    }

    @Test func `a cursor of another room is answered with a resynchronisation`() async throws {
        try await APIServer.with { server in
            let ida = try server.person("ida")
            let (group, second) = (try server.group(of: [ida]), try server.group(of: [ida], name: "Second"))
            let stream = try server.listen(to: [(second.general, nil)], as: ida)
            try server.send("one", to: second.general, by: ida)
            let cursor = try #require(try stream.next()?["data.roomEvents.cursor"])
            for wrong in [cursor, "x", cursor + "A"] {
                let other = try server.listen(to: [(group.general, wrong)], as: ida)
                #expect(try other.event() == "ResyncRequired UNKNOWN_CURSOR")
            }
        }
    }

    @Test func `messages alone are told by messageAdded, which ends with the access`() async throws {
        try await APIServer.with { server in
            let (ida, ben) = (try server.person("ida"), try server.person("ben"))
            let group = try server.group(of: [ida, ben])
            let query =
                "subscription ($id: ID!, $after: String) { messageAdded(roomId: $id, after: $after) { cursor message { seq } } }"
            let stream = try LiveStream(server, query, ["id": group.general], token: ben.token)
            try server.send("one", to: group.general, by: ida)
            let first = try #require(try stream.next())
            #expect(first["data.messageAdded.message.seq"] == "1")
            try server.send("two", to: group.general, by: ida)
            #expect(try stream.next()?["data.messageAdded.message.seq"] == "2")
            let cursor = try #require(first["data.messageAdded.cursor"])
            let again = try LiveStream(server, query, ["id": group.general, "after": cursor], token: ben.token)
            #expect(try again.next()?["data.messageAdded.message.seq"] == "2")
            _ = try server.remove(ben, from: group, by: ida)
            #expect(try stream.next() == nil)
        }
    }
}
