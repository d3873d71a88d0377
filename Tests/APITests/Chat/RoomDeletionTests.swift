import Actions
import Data
import EventLoop
import Foundation
import SocketTesting
import Testing

@Suite struct RoomDeletionTests {
    private let deleteGroup =
        "mutation ($id: ID!) { groupDelete(id: $id) { deletedGroupId userErrors { code path } } }"
    private let deleteChannel =
        "mutation ($id: ID!) { channelDelete(id: $id) { deletedChannelId userErrors { code path } } }"

    private func sweep(_ server: APIServer, stepSize: Int = 3) async throws {
        try await server.group.loops[0].start { [identity = server.identity] in
            try await RoomSweep(identity, stepSize: stepSize).run()
        }
    }

    private func hearOwn(_ server: APIServer, _ person: TestPerson) throws -> LiveStream {
        let stream = try LiveStream(
            server,
            """
            subscription { viewerEvents(after: "nowhere") { __typename
                ... on GroupMembershipChanged { groupId group { name } }
                ... on RoomMembershipChanged { roomId room { title } }
            } }
            """,
            token: person.token
        )
        _ = try stream.next()
        return stream
    }

    private func hear(_ server: APIServer, _ group: TestGroup, _ person: TestPerson) throws -> LiveStream {
        let stream = try LiveStream(
            server,
            """
            subscription ($g: ID!) { groupEvents(groupId: $g, after: "nowhere") { __typename
                ... on ChannelDeleted { channelId } ... on GroupChanged { group { name } } } }
            """,
            ["g": group.id],
            token: person.token
        )
        _ = try stream.next()
        return stream
    }

    @Test func `a room that cannot be emptied holds up none behind it`() async throws {
        try await APIServer.with { server in
            let ida = try server.person("ida")
            for text in ["first", "second"] {
                let room = try server.group(of: [ida], name: text).general
                try server.send(text, to: room, by: ida)
                let done = try server.ask(deleteChannel, ["id": room], token: ida.token)
                #expect(done.codes("channelDelete") == [], "\(done.text)")
            }
            try server.sql(
                """
                CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
                    $$ BEGIN RAISE EXCEPTION 'not this one'; END $$;
                CREATE TRIGGER refuse BEFORE DELETE ON messages FOR EACH ROW
                    WHEN (OLD.body = 'first') EXECUTE FUNCTION refuse()
                """
            )
            server.pass(seconds: 120)
            await #expect(throws: (any Error).self) { try await sweep(server) }
            #expect(try server.sql("SELECT string_agg(body, ' ') FROM messages") == "first")
            try server.sql("DROP TRIGGER refuse ON messages")
            try await sweep(server)
            #expect(try server.sql("SELECT count(*) FROM messages") == "0")
        }
    }

    @Test func `a channel that is deleted is gone at once, and what was said there goes in steps`() async throws {
        try await APIServer.with { server in
            let people = try ["ida", "ben", "eve"].map { try server.person($0) }
            let (ida, ben, eve) = (people[0], people[1], people[2])
            let group = try server.group(of: [ida, ben])
            var messages: [String] = []
            for number in 1...7 { messages.append(try server.send("\(number)", to: group.general, by: ben)) }
            let file = try #require(
                try server.upload(Sample.text(10), name: "a.txt", token: ben.token)["data.fileUpload.file.id"]
            )
            // What refers to others, and what refers to it.
            let answer = try server.ask(
                "mutation ($in: MessageSendInput!) { messageSend(input: $in) { message { id } userErrors { code } } }",
                [
                    "in": [
                        "roomId": group.general, "body": "@ida", "threadId": messages[0], "replyToId": messages[1],
                        "attachments": [["fileId": file]],
                    ] as [String: Any]
                ],
                token: ben.token
            )
            #expect(answer.codes("messageSend") == [], "\(answer.text)")
            try server.send("stays", to: try server.directRoom(of: [ida, ben]), by: ida)
            let streams = try [ida, ben].map { try server.listen(to: [(group.general, nil)], as: $0) }
            let told = try hear(server, group, ben)
            #expect(
                try server.ask(deleteChannel, ["id": group.general], token: eve.token).codes("channelDelete") == [
                    "NOT_FOUND"
                ]
            )
            #expect(
                try server.ask(deleteChannel, ["id": group.general], token: ben.token).codes("channelDelete") == [
                    "FORBIDDEN"
                ]
            )
            #expect(
                try server.ask(deleteChannel, ["id": group.id], token: ida.token).codes("channelDelete") == [
                    "NOT_FOUND"
                ]
            )
            let done = try server.ask(deleteChannel, ["id": group.general], token: ida.token)
            #expect(done["data.channelDelete.deletedChannelId"] == group.general, "\(done.text)")
            for stream in streams {
                #expect(try stream.event() == "AccessRevoked NOT_A_MEMBER")
                #expect(try stream.next() == nil)
            }
            #expect(try told.next()?["data.groupEvents.channelId"] == group.general)
            // Nobody finds it any more, whichever way they ask.
            for person in [ida, ben] {
                #expect(try server.askSend("late", to: group.general, by: person).codes("messageSend") == ["NOT_FOUND"])
                let look = """
                    query ($r: ID!, $m: ID!, $g: ID!, $f: ID!) { room(id: $r) { id } node(id: $m) { id }
                        file: node(id: $f) { id } group(id: $g) { channels { totalCount } }
                        messageSearch(query: "7") { nodes { id } }
                        viewer { rooms { totalCount } mentions { nodes { id } } followedThreads { nodes { replyCount } } } }
                    """
                let seen = try server.ask(
                    look,
                    ["r": group.general, "m": messages[6], "g": group.id, "f": file],
                    token: person.token
                )
                #expect(seen["data.room.id"] == nil, "\(seen.text)")
                #expect(seen["data.node.id"] == nil)
                #expect((seen["data.file.id"] == nil) == (person.name == "ida"))
                #expect(seen["data.group.channels.totalCount"] == "0")
                #expect(seen["data.viewer.rooms.totalCount"] == "1")
                for list in ["messageSearch", "viewer.mentions", "viewer.followedThreads"] {
                    #expect(seen.count("data.\(list).nodes") == 0)
                }
            }
            #expect(
                try server.ask(deleteChannel, ["id": group.general], token: ida.token).codes("channelDelete") == [
                    "NOT_FOUND"
                ]
            )
            #expect(try server.askChannel("general", in: group, by: ida).codes("channelCreate") == [])
            // Those who listen are told first.
            try await sweep(server)
            #expect(try server.sql("SELECT count(*) FROM messages") == "9")
            server.pass(seconds: 62)
            try await sweep(server)
            #expect(try server.sql("SELECT string_agg(body, ' ') FROM messages") == "stays")
            #expect(try server.sql("SELECT count(*) FROM rooms WHERE deleted_at IS NOT NULL") == "0")
            #expect(try server.sql("SELECT ref_count FROM files") == "0")
            #expect(
                try server.sql(
                    "SELECT count(*) FROM audit_logs WHERE action = 'channel.delete' AND outcome = 'SUCCEEDED'"
                ) == "1"
            )
        }
    }

    @Test func `that a private channel is gone is told to those alone who knew of it`() async throws {
        try await APIServer.with { server in
            let people = try ["ida", "ben", "eve", "tom"].map { try server.person($0) }
            let (ida, ben, eve, tom) = (people[0], people[1], people[2], people[3])
            let group = try server.group(of: people)
            try server.sql(
                "UPDATE group_members SET role = 'ADMIN' WHERE user_id = (SELECT id FROM users WHERE username = 'tom')"
            )
            let made = try server.askChannel("secret", in: group, isPrivate: true, members: [ben], by: ida)
            let secret = try #require(made["data.channelCreate.channel.id"])
            let (bens, eves, toms) = (
                try hear(server, group, ben), try hear(server, group, eve), try hear(server, group, tom)
            )
            let own = try hearOwn(server, ben)
            #expect(
                try server.ask(deleteChannel, ["id": secret], token: eve.token).codes("channelDelete") == ["NOT_FOUND"]
            )
            #expect(
                try server.ask(deleteChannel, ["id": secret], token: ben.token).codes("channelDelete") == ["FORBIDDEN"]
            )
            #expect(try server.ask(deleteChannel, ["id": secret], token: tom.token).codes("channelDelete") == [])
            #expect(try toms.next()?["data.groupEvents.channelId"] == secret)
            let gone = try #require(try own.next())
            #expect(gone["data.viewerEvents.roomId"] == secret, "\(gone.text)")
            #expect(gone["data.viewerEvents.room.title"] == nil)
            let rename = "mutation ($in: GroupUpdateInput!) { groupUpdate(input: $in) { userErrors { code } } }"
            _ = try server.ask(rename, ["in": ["id": group.id, "name": "Pier"]], token: ida.token)
            for stream in [bens, eves] { #expect(try stream.next()?["data.groupEvents.group.name"] == "Pier") }
        }
    }

    @Test func `a group that is deleted ends what is listened to and who speaks there, and its people hear of it`()
        async throws
    {
        try await APIServer.with { server in
            let people = try ["ida", "ben", "eve"].map { try server.person($0) }
            let (ida, ben) = (people[0], people[1])
            let group = try server.group(of: people)
            try server.send("hello", to: group.general, by: ben)
            let call = try server.start(group.general, on: "a", by: ida)
            #expect(try server.askAnswer(call, on: "b", by: ben).codes("callAnswer") == [])
            let calls = try server.callEvents(as: ben)
            let line = try server.signals(of: call, on: "b", as: ben)
            let (rooms, events) = (try server.listen(to: [(group.general, nil)], as: ben), try hear(server, group, ben))
            let own = try hearOwn(server, ben)
            #expect(
                try server.ask(deleteGroup, ["id": group.id], token: ben.token).codes("groupDelete") == ["FORBIDDEN"]
            )
            #expect(
                try server.ask(deleteGroup, ["id": group.id], token: try server.person("tom").token).codes(
                    "groupDelete"
                )
                    == ["NOT_FOUND"]
            )
            let done = try server.ask(deleteGroup, ["id": group.id], token: ida.token)
            #expect(done["data.groupDelete.deletedGroupId"] == group.id, "\(done.text)")
            #expect(try rooms.event() == "AccessRevoked NOT_A_MEMBER")
            #expect(try events.next()?["data.groupEvents.__typename"] == "AccessRevoked")
            #expect(try events.next() == nil)
            #expect(try calls.callEvent() == "CallChanged ENDED")
            #expect(try line.next() == nil)
            let told = try #require(try own.next())
            #expect(told["data.viewerEvents.groupId"] == group.id, "\(told.text)")
            #expect(told["data.viewerEvents.group.name"] == nil)
            // Nobody is held by it: not by the call, nor by the name.
            let room = try server.directRoom(of: [ida, ben])
            #expect(try server.askStart(room, on: "a", by: ida)["data.callStart.call.status"] == "RINGING")
            _ = try server.group(of: [ben])
            server.pass(seconds: 62)
            try await server.work(all: true)
            #expect(try server.sql("SELECT count(*) FROM messages") == "0")
            #expect(try server.sql("SELECT count(*) FROM rooms WHERE kind = 'CHANNEL'") == "1")
        }
    }

    @Test func `who writes while a channel is deleted has written to it or not at all`() async throws {
        try await APIServer.with { server in
            let people = try ["ida", "ben"].map { try server.person($0) }
            for round in 0..<4 {
                let group = try server.group(of: people, name: "Group \(round)")
                let sockets = try (0..<12).map { _ in try server.socket() }
                for (number, socket) in sockets.enumerated() {
                    let request =
                        if number == 6 {
                            try server.request(deleteChannel, ["id": group.general], token: people[0].token)
                        } else {
                            try server.request(
                                "mutation ($in: MessageSendInput!) { messageSend(input: $in) { message { seq } userErrors { code } } }",
                                ["in": ["roomId": group.general, "body": "x"]],
                                token: people[1].token
                            )
                        }
                    try socket.send(request)
                }
                let answers = try sockets.map { try APIAnswer(from: $0) }
                #expect(answers[6].codes("channelDelete") == [], "\(answers[6].text)")
                let sent = answers.filter { $0["data.messageSend.message.seq"] != nil }.count
                #expect(answers.filter { $0.codes("messageSend") == ["NOT_FOUND"] }.count == 11 - sent)
                let kept = try server.sql(
                    "SELECT count(*) FROM messages m JOIN rooms r ON r.id = m.room_id WHERE r.title = 'general' AND r.deleted_at IS NOT NULL"
                )
                #expect(kept == "\(sent)")
                server.pass(seconds: 62)
                try await sweep(server, stepSize: 500)
                #expect(try server.sql("SELECT count(*) FROM messages") == "0")
            }
        }
    }

    @Test func `a conversation that is deleted is gone at once, and goes in steps with its guests`() async throws {
        try await APIServer.with { server in
            let (ida, ben) = (try server.person("ida"), try server.person("ben"))
            let conversation = try server.conversation(of: ida)
            _ = try server.seller("Ben", in: conversation, account: ben, by: ida)
            let sellers = try ["Lamps", "Oil"].map { try server.seller($0, in: conversation, by: ida) }
            let guests = try sellers.map { try server.invite(seller: $0, to: conversation, by: ida).token }
            for token in guests {
                let guest = TestPerson(name: "guest", id: "", token: token)
                for number in 0..<4 { try server.send("\(number)", to: conversation, by: guest) }
            }
            // Of one who was taken out nothing is kept, either.
            let remove = "mutation ($id: ID!) { sellerRemove(id: $id) { userErrors { code } } }"
            #expect(try server.ask(remove, ["id": sellers[1]], token: ida.token).codes("sellerRemove") == [])
            let call = try server.start(conversation, on: "a", by: ida)
            let calls = try server.callEvents(as: ben)
            let delete = "mutation ($id: ID!) { conversationDelete(id: $id) { userErrors { code } } }"
            #expect(try server.ask(delete, ["id": conversation], token: ida.token).codes("conversationDelete") == [])
            #expect(try calls.callEvent() == "CallChanged CANCELLED")
            #expect(try server.state(of: call, as: ben)["data.call.status"] == "CANCELLED")
            let look = """
                query ($r: ID!) { room(id: $r) { id } viewer { rooms { totalCount } conversations { totalCount } } }
                """
            for person in [ida, ben] {
                let seen = try server.ask(look, ["r": conversation], token: person.token)
                #expect(seen["data.room.id"] == nil, "\(seen.text)")
                #expect(seen["data.viewer.rooms.totalCount"] == "0")
                #expect(seen["data.viewer.conversations.totalCount"] == "0")
                #expect(try server.askSend("late", to: conversation, by: person).codes("messageSend") == ["NOT_FOUND"])
            }
            let guest = try server.ask("query ($r: ID!) { room(id: $r) { id } }", ["r": conversation], token: guests[0])
            #expect(guest.errorCode == "UNAUTHENTICATED", "\(guest.text)")
            let left = """
                SELECT (SELECT count(*) FROM messages) || ' ' || (SELECT count(*) FROM guests) || ' '
                    || (SELECT count(*) FROM vendors) + (SELECT count(*) FROM sellers)
                """
            #expect(try server.sql(left) == "8 2 0")
            try await sweep(server)
            #expect(try server.sql(left) == "8 2 0")
            server.pass(seconds: 62)
            try await sweep(server)
            #expect(try server.sql(left) == "0 0 0")
            #expect(try server.sql("SELECT count(*) FROM rooms") == "0")
        }
    }
}
