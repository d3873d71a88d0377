import Foundation
import Testing

/// What lists of rooms show: who is in them, what was said last, what is unread, who has read what.
@Suite(.timeLimit(.minutes(3))) struct RoomPeopleTests {
    private let rooms = """
        { viewer { rooms(first: 5) { nodes { id lastSeq lastMessage { seq body author { username } }
            viewerPermissions members(first: 2) {
                nodes { user { username } lastReadSeq joinedAt } pageInfo { hasNextPage } } } } } }
        """
    private let readBy = """
        query ($id: ID!, $n: Int = 50, $a: String) { node(id: $id) { ... on Message { readBy(first: $n, after: $a) {
            nodes { user { username } lastReadSeq } pageInfo { hasNextPage endCursor } } } } }
        """
    private let members = """
        query ($id: ID!, $n: Int, $a: String, $l: Int, $b: String) { room(id: $id) {
            members(first: $n, after: $a, last: $l, before: $b) {
                nodes { user { username } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } } }
        """

    private func names(_ answer: APIAnswer, _ path: String) -> [String] {
        (0..<answer.count("\(path).nodes")).compactMap { answer["\(path).nodes.\($0).user.username"] }
    }

    @Test func `a list of rooms with what was said last and who is there is a statement for each kind`() async throws {
        try await APIServer.with { server in
            let people = try ["ida", "ben", "eve"].map { try server.person($0) }
            let (ida, ben) = (people[0], people[1])
            let group = try server.group(of: people)
            let made = try server.askChannel("secret", in: group, isPrivate: true, members: [ben], by: ida)
            let secret = try #require(made["data.channelCreate.channel.id"])
            let direct = try server.directRoom(of: [ida, ben])
            for (room, text) in [(direct, "direct"), (secret, "secret"), (group.general, "general")] {
                try server.send("first", to: room, by: ben)
                try server.send(text, to: room, by: ida)
            }
            _ = try server.ask(rooms, token: ida.token)
            let before = try await server.statements()
            let answer = try server.ask(rooms, token: ida.token)
            // The rooms; of each of two kinds messages, their authors, members, their people, and which rooms are small.
            let count = try await server.statements() - before
            #expect(count == 11, "\(answer.text)")
            let list = "data.viewer.rooms.nodes"
            let bodies = (0..<3).map { answer["\(list).\($0).lastMessage.body"] }
            #expect(bodies == ["general", "secret", "direct"], "\(answer.text)")
            #expect(names(answer, "\(list).0.members").count == 2)
            for number in 1..<3 { #expect(Set(names(answer, "\(list).\(number).members")) == ["ida", "ben"]) }
            #expect((0..<3).map { answer["\(list).\($0).members.pageInfo.hasNextPage"] } == ["1", "0", "0"])
            let read = (0..<2).compactMap { answer["\(list).2.members.nodes.\($0).lastReadSeq"] }
            #expect(Set(read) == ["1", "2"])
            // An empty room has none.
            let empty = try server.directRoom(of: [ida])
            let look = "query ($id: ID!) { room(id: $id) { lastMessage { id } } }"
            #expect(
                try server.ask(look, ["id": empty], token: ida.token).text == #"{"data":{"room":{"lastMessage":null}}}"#
            )
        }
    }

    @Test func `the people of a room are its members, and of an open channel those of its group`() async throws {
        try await APIServer.with { server in
            let all = try ["ida", "ben", "eve", "tom"].map { try server.person($0) }
            let (ida, ben, eve, tom) = (all[0], all[1], all[2], all[3])
            let group = try server.group(of: [ida, ben, eve])
            let made = try server.askChannel("secret", in: group, isPrivate: true, members: [eve], by: ida)
            let secret = try #require(made["data.channelCreate.channel.id"])
            func people(_ room: String, _ person: TestPerson, _ place: [String: Any] = ["n": 50]) throws -> APIAnswer {
                try server.ask(members, place.merging(["id": room]) { $1 }, token: person.token)
            }
            #expect(try Set(names(people(group.general, ben), "data.room.members")) == ["ida", "ben", "eve"])
            #expect(try Set(names(people(secret, eve), "data.room.members")) == ["ida", "eve"])
            // Nobody hears of those in a room that they do not see.
            #expect(try people(secret, ben).text == #"{"data":{"room":null}}"#)
            #expect(try people(group.general, tom).text == #"{"data":{"room":null}}"#)
            // Who has read an open channel and has left its group is not of it.
            try server.send("one", to: group.general, by: ida)
            try server.markRead(group.general, upTo: 1, by: ben)
            _ = try server.remove(ben, from: group, by: ida)
            #expect(try Set(names(people(group.general, eve), "data.room.members")) == ["ida", "eve"])
            // Page by page, from either end.
            let first = try people(group.general, ida, ["n": 1])
            let cursor = try #require(first["data.room.members.pageInfo.endCursor"])
            let second = try people(group.general, ida, ["n": 1, "a": cursor])
            let both = [first, second].flatMap { names($0, "data.room.members") }
            #expect(both.count == 2 && Set(both) == ["ida", "eve"])
            #expect(second["data.room.members.pageInfo.hasNextPage"] == "0")
            let last = try people(group.general, ida, ["n": NSNull(), "l": 1])
            #expect(names(last, "data.room.members") == [both[1]])
            #expect(last["data.room.members.pageInfo.hasPreviousPage"] == "1")
        }
    }

    @Test func `who has read a message is told in rooms of few`() async throws {
        try await APIServer.with { server in
            let all = try ["ida", "ben", "eve", "tom"].map { try server.person($0) }
            let (ida, ben, eve) = (all[0], all[1], all[2])
            let group = try server.group(of: all)
            let ids = try ["one", "two"].map { try server.send($0, to: group.general, by: ida) }
            try server.markRead(group.general, upTo: 2, by: ben)
            try server.markRead(group.general, upTo: 1, by: eve)
            func readers(_ id: String, _ person: TestPerson) throws -> [String] {
                let answer = try server.ask(readBy, ["id": id], token: person.token)
                return names(answer, "data.node.readBy").sorted()
            }
            #expect(try readers(ids[0], ida) == ["ben", "eve"] && readers(ids[1], ida) == ["ben"])
            let page = try server.ask(readBy, ["id": ids[0], "n": 1], token: ida.token)
            #expect(page["data.node.readBy.pageInfo.hasNextPage"] == "1", "\(page.text)")
            let cursor = try #require(page["data.node.readBy.pageInfo.endCursor"])
            let rest = try server.ask(readBy, ["id": ids[0], "a": cursor], token: ida.token)
            #expect(Set(names(page, "data.node.readBy") + names(rest, "data.node.readBy")) == ["ben", "eve"])
            _ = try server.remove(eve, from: group, by: ida)
            #expect(try readers(ids[0], ida) == ["ben"])
            // Who reads less again has not read it.
            _ = try server.ask(
                "mutation ($r: ID!) { roomMarkUnread(roomId: $r, fromSeq: 2) { userErrors { code } } }",
                ["r": group.general],
                token: ben.token
            )
            #expect(try readers(ids[1], ida) == [])
            try server.sql(
                """
                INSERT INTO users (email, username, name) SELECT 'crowd' || n || '@example.org', 'crowd' || n, 'x'
                FROM generate_series(1, 99) n;
                INSERT INTO group_members (group_id, user_id) SELECT g.id, u.id FROM groups g, users u
                WHERE u.username LIKE 'crowd%'
                """
            )
            #expect(try readers(ids[0], ida) == [])
            let large = try server.ask(
                "query ($id: ID!) { room(id: $id) { members { nodes { user { username } lastReadSeq } } } }",
                ["id": group.general],
                token: ida.token
            )
            // But what everybody knows of themselves.
            let told = (0..<50).filter { large["data.room.members.nodes.\($0).lastReadSeq"] != nil }
            #expect(told.count == 1 && large["data.room.members.nodes.\(told[0]).user.username"] == "ida")
        }
    }

    @Test func `who has reacted is listed for each emoji`() async throws {
        try await APIServer.with { server in
            let all = try ["ida", "ben", "eve"].map { try server.person($0) }
            let room = try server.group(of: all).general
            let ids = try ["one", "two"].map { try server.send($0, to: room, by: all[0]) }
            let add =
                "mutation ($id: ID!, $e: String!) { reactionAdd(messageId: $id, emoji: $e) { userErrors { code } } }"
            for (id, emoji, by) in [(0, "👍", 1), (0, "👍", 2), (0, "🎉", 0), (1, "👍", 1)] {
                _ = try server.ask(add, ["id": ids[id], "e": emoji], token: all[by].token)
            }
            let look = """
                query ($id: ID!, $n: Int, $a: String) { room(id: $id) { messages(first: 2) { nodes { seq reactions { emoji count
                    users(first: $n, after: $a) { nodes { username } totalCount pageInfo { hasNextPage endCursor } } } } } } }
                """
            _ = try server.ask(look, ["id": room, "n": 3], token: all[0].token)
            let before = try await server.statements()
            let answer = try server.ask(look, ["id": room, "n": 3], token: all[0].token)
            // The room, its messages, reactions, who reacted, and those people.
            let count = try await server.statements() - before
            #expect(count == 5)
            let older = "data.room.messages.nodes.1.reactions"
            let thumbs = (0..<2).compactMap { answer["\(older).0.users.nodes.\($0).username"] }
            #expect(Set(thumbs) == ["ben", "eve"] && answer["\(older).0.users.totalCount"] == "2", "\(answer.text)")
            #expect(answer["\(older).1.users.nodes.0.username"] == "ida")
            #expect(answer["data.room.messages.nodes.0.reactions.0.users.nodes.0.username"] == "ben")
            let first = try server.ask(look, ["id": room, "n": 1], token: all[0].token)
            #expect(first["\(older).0.users.pageInfo.hasNextPage"] == "1")
            let cursor = try #require(first["\(older).0.users.pageInfo.endCursor"])
            let next = try server.ask(look, ["id": room, "n": 1, "a": cursor], token: all[0].token)
            let both = [first, next].compactMap { $0["\(older).0.users.nodes.0.username"] }
            #expect(Set(both) == ["ben", "eve"])
        }
    }

    @Test func `a badge counts what is unread in rooms that are not silenced, and mentions in all`() async throws {
        try await APIServer.with { server in
            let all = try ["ida", "ben"].map { try server.person($0) }
            let (ida, ben) = (all[0], all[1])
            let group = try server.group(of: all)
            let direct = try server.directRoom(of: all)
            let made = try server.askChannel("secret", in: group, isPrivate: true, by: ida)
            let secret = try #require(made["data.channelCreate.channel.id"])
            func totals(_ person: TestPerson) throws -> String {
                let answer = try server.ask(
                    "{ viewer { unreadTotals { messages mentions threads } } }",
                    token: person.token
                )
                return ["messages", "mentions", "threads"].map { answer["data.viewer.unreadTotals.\($0)"] ?? "-" }
                    .joined(separator: " ")
            }
            #expect(try totals(ben) == "0 0 0")
            let root = try server.send("root", to: group.general, by: ben)
            for body in ["one", "@ben two"] { try server.send(body, to: group.general, by: ida) }
            _ = try server.ask(
                """
                mutation ($in: MessageSendInput!) { messageSend(input: $in) { userErrors { code } } }
                """,
                ["in": ["roomId": group.general, "body": "below", "threadId": root]],
                token: ida.token
            )
            try server.send("three", to: direct, by: ida)
            // What somebody does not see is counted nowhere.
            try server.send("@ben four", to: secret, by: ida)
            #expect(try totals(ben) == "4 1 1")
            #expect(try totals(ida) == "0 0 0")
            // Who owns a group sees private channels that they are not in, and has read nothing there.
            try server.sql("DELETE FROM room_members WHERE room_id = (SELECT id FROM channels WHERE is_private)")
            #expect(try totals(ida) == "0 0 0")
            let mute =
                "mutation ($in: RoomPreferencesInput!) { roomPreferencesUpdate(input: $in) { userErrors { code } } }"
            _ = try server.ask(mute, ["in": ["roomId": group.general, "notificationLevel": "NONE"]], token: ben.token)
            #expect(try totals(ben) == "1 1 1")
            let until = "2999-01-01T00:00:00Z"
            _ = try server.ask(mute, ["in": ["roomId": direct, "mutedUntil": until]], token: ben.token)
            #expect(try totals(ben) == "0 1 1")
            try server.markRead(group.general, upTo: 4, by: ben)
            _ = try server.ask(mute, ["in": ["roomId": direct, "mutedUntil": NSNull()]], token: ben.token)
            #expect(try totals(ben) == "1 0 0")
            _ = try server.remove(ben, from: group, by: ida)
            #expect(try totals(ben) == "1 0 0")
        }
    }

    @Test func `a room tells what its group's roles allow there`() async throws {
        try await APIServer.with { server in
            let all = try ["ida", "ben"].map { try server.person($0) }
            let group = try server.group(of: all)
            let direct = try server.directRoom(of: all)
            let look = """
                query ($id: ID!) { room(id: $id) { viewerPermissions post: viewerCan(permission: ROOM_POST)
                    moderate: viewerCan(permission: ROOM_MODERATE) pay: viewerCan(permission: TEAM_BILLING) } }
                """
            func can(_ room: String, _ person: TestPerson) throws -> [String?] {
                let answer = try server.ask(look, ["id": room], token: person.token)
                return ["post", "moderate", "pay"].map { answer["data.room.\($0)"] }
            }
            #expect(try can(group.general, all[0]) == ["1", "1", "0"])
            #expect(try can(group.general, all[1]) == ["1", "0", "0"])
            #expect(try can(direct, all[1]) == ["1", "0", "0"])
            let own = try server.ask(look, ["id": direct], token: all[1].token)
            #expect(own.text.contains(#""viewerPermissions":["ROOM_POST","ROOM_CALL","ROOM_PIN"]"#), "\(own.text)")
            let membership =
                "query ($id: ID!) { group(id: $id) { viewerMembership { role joinedAt user { username } } } }"
            let mine = try server.ask(membership, ["id": group.id], token: all[1].token)
            #expect(mine["data.group.viewerMembership.role"] == "MEMBER", "\(mine.text)")
            #expect(mine["data.group.viewerMembership.user.username"] == "ben")
        }
    }
}
