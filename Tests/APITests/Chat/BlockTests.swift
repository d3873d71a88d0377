import Foundation
import Testing

@Suite struct BlockTests {
    private func block(
        _ other: TestPerson,
        by person: TestPerson,
        lifts: Bool = false,
        _ server: APIServer
    ) throws -> APIAnswer {
        let name = lifts ? "userUnblock" : "userBlock"
        return try server.ask(
            "mutation ($id: ID!) { \(name)(userId: $id) { user { username viewerHasBlocked } userErrors { code path } } }",
            ["id": other.id],
            token: person.token
        )
    }

    private func codes(
        _ mutation: String,
        _ variables: [String: Any],
        _ person: TestPerson,
        _ server: APIServer
    ) throws -> [String] {
        let types = variables.keys.sorted().map { key in
            "$\(key): " + (variables[key] is [String] ? "[ID!]!" : key == "emoji" ? "String!" : "ID!")
        }
        let answer = try server.ask(
            "mutation (\(types.joined(separator: ", "))) { result: \(mutation) { userErrors { code } } }",
            variables,
            token: person.token
        )
        return answer.errorCode.map { [$0] } ?? answer.codes("result")
    }

    private let open = "directRoomOpen(userIds: $users)"
    private let typing = "typingSet(roomId: $room)"
    private let react = "reactionAdd(messageId: $message, emoji: $emoji)"

    @Test func `whom somebody has blocked is theirs to know, list and take back`() async throws {
        try await APIServer.with { server in
            let people = try ["ida", "ben", "eve", "tom"].map { try server.person($0) }
            let (ida, ben, eve, tom) = (people[0], people[1], people[2], people[3])
            for person in [ben, eve, tom, ben] {
                let answer = try block(person, by: ida, server)
                #expect(answer["data.userBlock.user.viewerHasBlocked"] == "1", "\(answer.text)")
            }
            #expect(try block(ida, by: ida, server).codes("userBlock") == ["INVALID_INPUT"])
            let nobody = TestPerson(name: "x", id: "usr_00000000000000000000000000", token: "")
            #expect(try block(nobody, by: ida, server).codes("userBlock") == ["NOT_FOUND"])
            let list = """
                query ($a: String) { viewer { blockedUsers(first: 2, after: $a) { nodes { username viewerHasBlocked }
                    totalCount pageInfo { hasNextPage endCursor } } } }
                """
            let path = "data.viewer.blockedUsers"
            let first = try server.ask(list, token: ida.token)
            #expect(first["\(path).nodes.0.username"] == "tom", "\(first.text)")
            #expect(first["\(path).nodes.0.viewerHasBlocked"] == "1")
            #expect(first["\(path).totalCount"] == "3")
            let second = try server.ask(
                list,
                ["a": try #require(first["\(path).pageInfo.endCursor"])],
                token: ida.token
            )
            #expect(second["\(path).nodes.0.username"] == "ben")
            #expect(second["\(path).pageInfo.hasNextPage"] == "0")
            // Who is blocked is not told.
            let theirs = try server.ask(list, token: ben.token)
            #expect(theirs["\(path).totalCount"] == "0")
            let look = "query ($id: ID!) { user(id: $id) { viewerHasBlocked } }"
            #expect(try server.ask(look, ["id": ida.id], token: ben.token)["data.user.viewerHasBlocked"] == "0")
            for _ in 0..<2 {
                let answer = try block(ben, by: ida, lifts: true, server)
                #expect(answer["data.userUnblock.user.viewerHasBlocked"] == "0", "\(answer.text)")
            }
            #expect(try server.ask(list, token: ida.token)["\(path).totalCount"] == "2")
            #expect(
                try server.sql(
                    "SELECT string_agg(action || ' ' || outcome, ', ' ORDER BY sequence) FROM audit_logs WHERE action LIKE 'user.%block'"
                ) == """
                    user.block SUCCEEDED, user.block SUCCEEDED, user.block SUCCEEDED, user.block SUCCEEDED, \
                    user.block REFUSED, user.unblock SUCCEEDED, user.unblock SUCCEEDED
                    """
            )
        }
    }

    @Test func `between two of whom one has blocked the other nothing is said, and no call rings`() async throws {
        try await APIServer.with { server in
            let people = try ["ida", "ben", "eve"].map { try server.person($0) }
            let (ida, ben, eve) = (people[0], people[1], people[2])
            let room = try server.directRoom(of: [ida, ben])
            let before = try server.send("before", to: room, by: ben)
            let idas = try server.send("mine", to: room, by: ida)
            #expect(try block(ben, by: ida, server).codes("userBlock") == [])
            let edit = "mutation ($in: MessageEditInput!) { messageEdit(input: $in) { userErrors { code } } }"
            for (person, other, message) in [(ida, ben, idas), (ben, ida, before)] {
                #expect(try codes(open, ["users": [other.id]], person, server) == ["BLOCKED"])
                #expect(try server.askSend("hi", to: room, by: person).codes("messageSend") == ["BLOCKED"])
                #expect(
                    try server.ask(edit, ["in": ["id": message, "body": "x"]], token: person.token).codes("messageEdit")
                        == ["BLOCKED"]
                )
                #expect(try codes(typing, ["room": room], person, server) == ["BLOCKED"])
                #expect(try codes(react, ["message": before, "emoji": "👍"], person, server) == ["BLOCKED"])
                #expect(try server.askStart(room, on: "a", by: person).codes("callStart") == ["BLOCKED"])
                // A room of three is no way around it, unless it is there already.
                #expect(try codes(open, ["users": [other.id, eve.id]], person, server) == ["BLOCKED"])
                // What was said stays.
                let read = "query ($id: ID!) { room(id: $id) { messages(first: 5) { nodes { body } } } }"
                #expect(try server.ask(read, ["id": room], token: person.token).count("data.room.messages.nodes") == 2)
            }
            #expect(try codes(open, ["users": [ida.id]], eve, server) == [])
            // Each blocks the other: it takes both to end it.
            #expect(try block(ida, by: ben, server).codes("userBlock") == [])
            _ = try block(ben, by: ida, lifts: true, server)
            #expect(try server.askSend("hi", to: room, by: ida).codes("messageSend") == ["BLOCKED"])
            _ = try block(ida, by: ben, lifts: true, server)
            #expect(try server.askSend("hi", to: room, by: ida).codes("messageSend") == [])
            #expect(try server.askStart(room, on: "a", by: ben)["data.callStart.call.status"] == "RINGING")
        }
    }

    @Test func `in rooms of many the blocked one goes on, and is not heard of by whoever blocked them`() async throws {
        try await APIServer.with { server in
            let people = try ["ida", "ben", "eve"].map { try server.person($0) }
            let (ida, ben, eve) = (people[0], people[1], people[2])
            let group = try server.group(of: people)
            let several = try server.directRoom(of: people)
            let asked = try server.send("a question", to: group.general, by: ida)
            #expect(try block(ben, by: ida, server).codes("userBlock") == [])
            func told() throws -> String? {
                try server.sql(
                    """
                    SELECT string_agg(u.username || ' ' || n.type, ', ' ORDER BY u.username, n.type)
                    FROM notifications n JOIN users u ON u.id = n.user_id WHERE n.category <> 'SECURITY'
                    """
                )
            }
            let sent = try server.ask(
                """
                mutation ($in: MessageSendInput!) { messageSend(input: $in) { message { mentions { username } }
                    userErrors { code } } }
                """,
                ["in": ["roomId": group.general, "body": "@ida @eve", "replyToId": asked]],
                token: ben.token
            )
            #expect(sent.count("data.messageSend.message.mentions") == 1, "\(sent.text)")
            try await server.work()
            #expect(try told() == "eve chat.mention")
            // A call of all rings for the others; one for them alone does not.
            let call = try server.askStart(several, on: "b", by: ben)
            #expect(call["data.callStart.call.participants.1.user.username"] == "eve", "\(call.text)")
            #expect(call["data.callStart.call.participants.2.state"] == nil)
            _ = try server.askHangup(try #require(call["data.callStart.call.id"]), by: ben)
            #expect(
                try server.askStart(group.general, on: "b", calling: [ida, eve], by: ben).codes("callStart") == [
                    "BLOCKED"
                ]
            )
            #expect(try told() == "eve call.missed, eve chat.mention")
            #expect(try codes(react, ["message": asked, "emoji": "👍"], ben, server) == ["BLOCKED"])
            #expect(try codes(react, ["message": asked, "emoji": "👍"], eve, server) == [])
            #expect(try server.askSend("hello all", to: several, by: ben).codes("messageSend") == [])
            // Who has blocked somebody is taken nowhere by them.
            let other = try server.group(of: [ben], name: "Other")
            let add = "groupMembersAdd(groupId: $group, userIds: $users)"
            #expect(try codes(add, ["group": other.id, "users": [ida.id, eve.id]], ben, server) == ["BLOCKED"])
            #expect(try codes(add, ["group": other.id, "users": [eve.id]], ben, server) == [])
            let third = try server.group(of: [eve], name: "Third")
            #expect(try codes(add, ["group": third.id, "users": [ida.id]], eve, server) == [])
            // Clients fold what the blocked one says.
            let read = """
                query ($id: ID!) { room(id: $id) { messages(first: 1) { nodes { author { username viewerHasBlocked } } } } }
                """
            for (person, hasBlocked) in [(ida, "1"), (eve, "0")] {
                let seen = try server.ask(read, ["id": several], token: person.token)
                #expect(seen["data.room.messages.nodes.0.author.viewerHasBlocked"] == hasBlocked, "\(seen.text)")
            }
        }
    }

    @Test func `neither a conversation nor a third person brings them together`() async throws {
        try await APIServer.with { server in
            let people = try ["ida", "ben", "eve"].map { try server.person($0) }
            let (ida, ben, eve) = (people[0], people[1], people[2])
            let before = try server.directRoom(of: [eve, ida, ben])
            #expect(try block(ben, by: ida, server).codes("userBlock") == [])
            let conversation = try server.conversation(of: ben)
            #expect(
                try server.askSeller("Ida", in: conversation, account: ida, by: ben).codes("sellerAdd") == ["BLOCKED"]
            )
            #expect(
                try server.askVendor("Ida", in: conversation, account: ida, by: ben).codes("vendorRegister") == [
                    "BLOCKED"
                ]
            )
            let seen = try server.ask("{ viewer { conversations { totalCount } } }", token: ida.token)
            #expect(seen["data.viewer.conversations.totalCount"] == "0", "\(seen.text)")
            #expect(try server.sql("SELECT count(*) FROM sellers") == "0")
            #expect(try server.askSeller("Eve", in: conversation, account: eve, by: ben).codes("sellerAdd") == [])
            // A room that is there already is opened by those between whom there is nothing; a new one is not made.
            let again = try server.directRoom(of: [eve, ida, ben])
            #expect(again == before)
            let tom = try server.person("tom")
            #expect(try codes(open, ["users": [ida.id, ben.id]], tom, server) == ["BLOCKED"])
            #expect(try codes(open, ["users": [ida.id, eve.id]], tom, server) == [])
            #expect(try server.sql("SELECT count(*) FROM rooms WHERE kind = 'DIRECT'") == "2")
        }
    }

    @Test func `what is under way to somebody who blocks its sender meanwhile is not brought`() async throws {
        try await APIServer.with { server in
            let (ida, ben) = (try server.person("ida"), try server.person("ben"))
            let group = try server.group(of: [ida, ben])
            try server.sql("UPDATE users SET status = 'ACTIVE', email_verified_at = now()")
            try server.sql("DELETE FROM jobs; DELETE FROM email_messages")
            try server.send("@ida look", to: group.general, by: ben)
            #expect(try server.deliveries() == "EMAIL QUEUED")
            #expect(try block(ben, by: ida, server).codes("userBlock") == [])
            try await server.work(all: true)
            #expect(try server.deliveries() == "EMAIL SUPPRESSED")
            #expect(try server.sql("SELECT last_error FROM notification_deliveries") == "blocked")
        }
    }

    @Test func `two who listen to the same are each told whom they have blocked`() async throws {
        try await APIServer.with { server in
            let people = try ["ida", "ben", "eve"].map { try server.person($0) }
            let (ida, ben, eve) = (people[0], people[1], people[2])
            let group = try server.group(of: people)
            #expect(try block(ben, by: ida, server).codes("userBlock") == [])
            let streams = try [ida, eve].map {
                try LiveStream(
                    server,
                    """
                    subscription ($id: ID!) { messageAdded(roomId: $id) { message { author { username viewerHasBlocked } } } }
                    """,
                    ["id": group.general],
                    token: $0.token
                )
            }
            try server.send("hello", to: group.general, by: ben)
            for (stream, hasBlocked) in zip(streams, ["1", "0"]) {
                let told = try #require(try stream.next())
                #expect(told["data.messageAdded.message.author.viewerHasBlocked"] == hasBlocked, "\(told.text)")
            }
        }
    }
}
