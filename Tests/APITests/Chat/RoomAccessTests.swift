import Foundation
import SocketTesting
import Testing

@Suite(.timeLimit(.minutes(3))) struct RoomAccessTests {
    @Test func `a private channel is nowhere for those who are not in it`() async throws {
        try await APIServer.with { server in
            let (ida, ben, eve) = (try server.person("ida"), try server.person("ben"), try server.person("eve"))
            let group = try server.group(of: [ida, ben, eve])
            let answer = try server.askChannel("secret", in: group, isPrivate: true, members: [ben], by: ida)
            let secret = try #require(answer["data.channelCreate.channel.id"], "\(answer.text)")
            let message = try server.send("between us", to: secret, by: ben)
            let query = """
                query ($room: ID!, $message: ID!, $group: ID!) {
                    room(id: $room) { id } node(id: $room) { id } nodes(ids: [$room, $message]) { id }
                    group(id: $group) { channels { totalCount nodes { name } } }
                    viewer { rooms { totalCount nodes { title } } }
                }
                """
            let variables = ["room": secret, "message": message, "group": group.id]
            let seen = try server.ask(query, variables, token: ben.token)
            #expect(seen["data.room.id"] == secret)
            #expect(seen["data.nodes.1.id"] == message)
            #expect(seen["data.group.channels.totalCount"] == "2")
            let hidden = try server.ask(query, variables, token: eve.token)
            #expect(
                hidden.text == """
                    {"data":{"room":null,"node":null,"nodes":[null,null],"group":{"channels":{"totalCount":1,\
                    "nodes":[{"name":"general"}]}},"viewer":{"rooms":{"totalCount":1,"nodes":[{"title":"general"}]}}}}
                    """
            )
            #expect(try server.askSend("me too", to: secret, by: eve).codes("messageSend") == ["NOT_FOUND"])
            for mutation in ["reactionAdd(messageId: $id, emoji: \"👍\")", "messageDelete(id: $id)"] {
                let refused = try server.ask(
                    "mutation ($id: ID!) { done: \(mutation) { userErrors { code } } }",
                    ["id": message],
                    token: eve.token
                )
                #expect(refused.codes("done") == ["NOT_FOUND"])
            }
            let stream = try server.listen(to: [(secret, nil)], as: eve)
            #expect(try stream.next()?.errorCode == "NOT_FOUND")
            // Who is in the group and no administrator neither adds people nor takes them out.
            let add =
                "mutation ($c: ID!, $u: [ID!]!) { channelMembersAdd(channelId: $c, userIds: $u) { userErrors { code } } }"
            #expect(
                try server.ask(add, ["c": secret, "u": [eve.id]], token: eve.token).codes("channelMembersAdd") == [
                    "NOT_FOUND"
                ]
            )
            #expect(
                try server.ask(add, ["c": secret, "u": [eve.id]], token: ben.token).codes("channelMembersAdd") == [
                    "FORBIDDEN"
                ]
            )
            #expect(
                try server.ask(add, ["c": secret, "u": [eve.id]], token: ida.token).codes("channelMembersAdd") == []
            )
            #expect(try server.ask(query, variables, token: eve.token)["data.room.id"] == secret)
            // A stranger's group is nothing either.
            let stranger = try server.person("mallory")
            #expect(
                try server.ask(query, variables, token: stranger.token).text.contains(#""group":null"#)
            )
        }
    }

    @Test func `reading a private channel makes no member of an administrator`() async throws {
        try await APIServer.with { server in
            let (ida, ben) = (try server.person("ida"), try server.person("ben"))
            let group = try server.group(of: [ida, ben])
            let role = """
                mutation ($g: ID!, $u: ID!, $r: GroupRole!) { groupMemberRoleUpdate(groupId: $g, userId: $u, role: $r) {
                    member { role } userErrors { code } } }
                """
            func set(_ to: String) throws -> APIAnswer {
                try server.ask(role, ["g": group.id, "u": ben.id, "r": to], token: ida.token)
            }
            #expect(try set("ADMIN")["data.groupMemberRoleUpdate.member.role"] == "ADMIN")
            let answer = try server.askChannel("secret", in: group, isPrivate: true, by: ida)
            let secret = try #require(answer["data.channelCreate.channel.id"], "\(answer.text)")
            try server.send("hidden", to: secret, by: ida)
            let read =
                "mutation ($in: RoomMarkReadInput!) { roomMarkRead(input: $in) { room { id } userErrors { code } } }"
            let input: [String: Any] = ["in": ["roomId": secret, "uptoSeq": 1]]
            #expect(try server.ask(read, input, token: ben.token)["data.roomMarkRead.room.id"] == secret)
            _ = try set("MEMBER")
            #expect(try server.ask(read, input, token: ben.token).codes("roomMarkRead") == ["NOT_FOUND"])
        }
    }

    @Test func `announcements are written by those who moderate, and groups are run by those who may`() async throws {
        try await APIServer.with { server in
            let (ida, ben, eve) = (try server.person("ida"), try server.person("ben"), try server.person("eve"))
            let group = try server.group(of: [ida, ben])
            #expect(try server.askChannel("news", in: group, by: ben).codes("channelCreate") == ["FORBIDDEN"])
            #expect(try server.askChannel("news", in: group, by: eve).codes("channelCreate") == ["NOT_FOUND"])
            #expect(try server.askChannel("No Spaces", in: group, by: ida).codes("channelCreate") == ["INVALID_INPUT"])
            #expect(try server.askChannel("general", in: group, by: ida).codes("channelCreate") == ["NAME_TAKEN"])
            let answer = try server.askChannel("news", in: group, kind: "ANNOUNCEMENT", by: ida)
            let news = try #require(answer["data.channelCreate.channel.id"])
            #expect(try server.askSend("hi", to: news, by: ben).codes("messageSend") == ["FORBIDDEN"])
            #expect(try server.askSend("hi", to: news, by: ida).codes("messageSend") == [])
            #expect(try server.remove(ida, from: group, by: ben).codes("groupMemberRemove") == ["FORBIDDEN"])
            let leave = "mutation ($g: ID!) { groupLeave(groupId: $g) { leftGroupId userErrors { code } } }"
            #expect(try server.ask(leave, ["g": group.id], token: ida.token).codes("groupLeave") == ["LAST_OWNER"])
            #expect(try server.ask(leave, ["g": group.id], token: ben.token)["data.groupLeave.leftGroupId"] == group.id)
            #expect(try server.ask(leave, ["g": group.id], token: ben.token).codes("groupLeave") == ["NOT_FOUND"])
            let join = "mutation ($g: ID!) { groupJoin(groupId: $g) { member { role } userErrors { code } } }"
            #expect(try server.ask(join, ["g": group.id], token: ben.token).codes("groupJoin") == ["NOT_FOUND"])
            let open = try server.group(of: [ida], name: "Open house", visibility: "PUBLIC")
            #expect(try server.ask(join, ["g": open.id], token: ben.token)["data.groupJoin.member.role"] == "MEMBER")
            #expect(try server.ask(join, ["g": open.id], token: ben.token).codes("groupJoin") == ["ALREADY_MEMBER"])
        }
    }

    @Test func `two people have one direct room, whoever opens it and when`() async throws {
        try await APIServer.with { server in
            let (ida, ben, eve) = (try server.person("ida"), try server.person("ben"), try server.person("eve"))
            let open = """
                mutation ($u: [ID!]!) { directRoomOpen(userIds: $u) {
                    room { id viewerState { unreadCount } participants { username } } created userErrors { code } } }
                """
            let sockets = try (0..<6).map { _ in try server.socket() }
            for (number, socket) in sockets.enumerated() {
                let (own, other) = number.isMultiple(of: 2) ? (ida, ben) : (ben, ida)
                try socket.send(server.request(open, ["u": [other.id]], token: own.token))
            }
            let answers = try sockets.map { try APIAnswer(from: $0) }
            #expect(Set(answers.map { $0["data.directRoomOpen.room.id"] }).count == 1)
            #expect(answers.filter { $0["data.directRoomOpen.created"] == "1" }.count == 1)
            let room = try #require(answers[0]["data.directRoomOpen.room.id"])
            let audited = "SELECT string_agg(DISTINCT resource_id, ',') FROM audit_logs WHERE action = 'room.open'"
            #expect(try server.sql(audited) == room)
            #expect(answers[0].count("data.directRoomOpen.room.participants") == 2)
            try server.send("hi", to: room, by: ida)
            let unread = "query ($id: ID!) { room(id: $id) { viewerState { unreadCount } } }"
            #expect(try server.ask(unread, ["id": room], token: ben.token)["data.room.viewerState.unreadCount"] == "1")
            #expect(try server.ask(unread, ["id": room], token: ida.token)["data.room.viewerState.unreadCount"] == "0")
            #expect(try server.ask(unread, ["id": room], token: eve.token)["data.room.viewerState.unreadCount"] == nil)
            let read =
                "mutation ($in: RoomMarkReadInput!) { roomMarkRead(input: $in) { room { viewerState { unreadCount lastReadSeq } } } }"
            let input: [String: Any] = ["in": ["roomId": room, "uptoSeq": 99]]
            let marked = try server.ask(read, input, token: ben.token)
            #expect(marked["data.roomMarkRead.room.viewerState.unreadCount"] == "0")
            #expect(marked["data.roomMarkRead.room.viewerState.lastReadSeq"] == "1")
        }
    }
}
