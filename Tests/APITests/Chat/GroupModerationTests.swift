import Foundation
import Testing

@Suite(.timeLimit(.minutes(3))) struct GroupModerationTests {
    private let join = """
        mutation ($g: ID!, $m: String) { groupJoin(groupId: $g, message: $m) {
            member { role } joinRequest { id status message } userErrors { code path } } }
        """
    private let decide = """
        mutation ($r: ID!, $a: Boolean!) { groupJoinRequestDecide(requestId: $r, approve: $a) {
            joinRequest { status decidedBy { username } } member { user { username } } userErrors { code } } }
        """
    private let ban = """
        mutation ($g: ID!, $u: ID!, $t: DateTime) { groupBan(groupId: $g, userId: $u, reason: "spam", expiresAt: $t) {
            ban { user { username } reason } userErrors { code path } } }
        """

    @Test func `who asks to join is taken in by those who manage the group, once`() async throws {
        try await APIServer.with { server in
            let (ida, ben, eve) = (try server.person("ida"), try server.person("ben"), try server.person("eve"))
            let group = try server.group(of: [ida, ben], visibility: "REQUEST_TO_JOIN")
            let asked = try server.ask(join, ["g": group.id, "m": "let me in"], token: eve.token)
            #expect(asked["data.groupJoin.joinRequest.status"] == "PENDING", "\(asked.text)")
            #expect(asked["data.groupJoin.member.role"] == nil)
            #expect(try server.ask(join, ["g": group.id], token: eve.token).codes("groupJoin") == ["ALREADY_EXISTS"])
            let list = "query ($g: ID!) { group(id: $g) { joinRequests { nodes { id message user { username } } } } }"
            let seen = try server.ask(list, ["g": group.id], token: ida.token)
            #expect(seen["data.group.joinRequests.nodes.0.user.username"] == "eve", "\(seen.text)")
            #expect(try server.ask(list, ["g": group.id], token: ben.token).count("data.group.joinRequests.nodes") == 0)
            #expect(try server.ask(list, ["g": group.id], token: eve.token).count("data.group.joinRequests.nodes") == 0)
            let id = try #require(asked["data.groupJoin.joinRequest.id"])
            #expect(
                try server.ask(decide, ["r": id, "a": true], token: ben.token).codes("groupJoinRequestDecide") == [
                    "NOT_FOUND"
                ]
            )
            #expect(
                try server.ask(decide, ["r": id, "a": true], token: eve.token).codes("groupJoinRequestDecide") == [
                    "FORBIDDEN"
                ]
            )
            let decided = try server.ask(decide, ["r": id, "a": true], token: ida.token)
            #expect(decided["data.groupJoinRequestDecide.member.user.username"] == "eve", "\(decided.text)")
            #expect(
                try server.ask(decide, ["r": id, "a": false], token: ida.token).codes("groupJoinRequestDecide") == [
                    "INVALID_TRANSITION"
                ]
            )
            let node = "query ($id: ID!) { node(id: $id) { ... on GroupJoinRequest { status group { name } } } }"
            #expect(try server.ask(node, ["id": id], token: eve.token)["data.node.status"] == "APPROVED")
            #expect(try server.ask(node, ["id": id], token: ben.token)["data.node.status"] == nil)
            try server.send("thanks", to: group.general, by: eve)
        }
    }

    @Test func `who is banned is out at once, and comes in by no way`() async throws {
        try await APIServer.with { server in
            let (ida, ben, eve) = (try server.person("ida"), try server.person("ben"), try server.person("eve"))
            let group = try server.group(of: [ida, ben, eve], visibility: "PUBLIC")
            let stream = try server.listen(to: [(group.general, nil)], as: eve)
            #expect(
                try server.ask(ban, ["g": group.id, "u": eve.id], token: ben.token).codes("groupBan") == ["FORBIDDEN"]
            )
            #expect(
                try server.ask(ban, ["g": group.id, "u": ida.id], token: ida.token).codes("groupBan") == ["FORBIDDEN"]
            )
            let done = try server.ask(ban, ["g": group.id, "u": eve.id], token: ida.token)
            #expect(done["data.groupBan.ban.user.username"] == "eve", "\(done.text)")
            #expect(try stream.event() == "AccessRevoked NOT_A_MEMBER")
            #expect(try stream.next() == nil)
            #expect(try server.ask(join, ["g": group.id], token: eve.token).codes("groupJoin") == ["BANNED"])
            let add =
                "mutation ($g: ID!, $u: [ID!]!) { groupMembersAdd(groupId: $g, userIds: $u) { userErrors { code } } }"
            #expect(
                try server.ask(add, ["g": group.id, "u": [eve.id]], token: ida.token).codes("groupMembersAdd") == [
                    "BANNED"
                ]
            )
            let list = "query ($g: ID!) { group(id: $g) { bans { nodes { reason user { username } } } } }"
            #expect(try server.ask(list, ["g": group.id], token: ida.token)["data.group.bans.nodes.0.reason"] == "spam")
            for other in [ben, eve] {
                #expect(try server.ask(list, ["g": group.id], token: other.token).count("data.group.bans.nodes") == 0)
            }
            let unban = "mutation ($g: ID!, $u: ID!) { groupUnban(groupId: $g, userId: $u) { userErrors { code } } }"
            let input = ["g": group.id, "u": eve.id]
            #expect(try server.ask(unban, input, token: ben.token).codes("groupUnban") == ["FORBIDDEN"])
            #expect(try server.ask(unban, input, token: ida.token).codes("groupUnban") == [])
            #expect(try server.ask(unban, input, token: ida.token).codes("groupUnban") == ["NOT_FOUND"])
            #expect(try server.ask(join, ["g": group.id], token: eve.token)["data.groupJoin.member.role"] == "MEMBER")
            // A ban for a while ends by itself.
            _ = try server.ask(ban, ["g": group.id, "u": eve.id, "t": "2100-01-01T00:00:00Z"], token: ida.token)
            try server.sql("UPDATE group_bans SET expires_at = now() - interval '1 second'")
            #expect(try server.ask(join, ["g": group.id], token: eve.token)["data.groupJoin.member.role"] == "MEMBER")
        }
    }

    @Test func `slow mode and time-outs hold up all but those who moderate`() async throws {
        try await APIServer.with { server in
            let (ida, ben) = (try server.person("ida"), try server.person("ben"))
            let group = try server.group(of: [ida, ben])
            let update = """
                mutation ($in: ChannelUpdateInput!) { channelUpdate(input: $in) {
                    channel { name slowModeSeconds version } userErrors { code } } }
                """
            let slow = try server.ask(update, ["in": ["id": group.general, "slowModeSeconds": 30]], token: ida.token)
            #expect(slow["data.channelUpdate.channel.slowModeSeconds"] == "30", "\(slow.text)")
            for person in [ida, ida, ben] {
                #expect(try server.askSend("hi", to: group.general, by: person).codes("messageSend") == [])
            }
            #expect(try server.askSend("again", to: group.general, by: ben).codes("messageSend") == ["SLOW_MODE"])
            server.pass(seconds: 31)
            #expect(try server.askSend("again", to: group.general, by: ben).codes("messageSend") == [])
            let timeout = """
                mutation ($r: ID!, $u: ID!, $t: DateTime) { roomMemberTimeout(roomId: $r, userId: $u, until: $t, reason: "") {
                    room { title } userErrors { code path } } }
                """
            let late = "2100-01-01T00:00:00Z"
            func set(_ person: TestPerson, _ until: String?, by other: TestPerson) throws -> [String] {
                try server.ask(
                    timeout,
                    ["r": group.general, "u": person.id, "t": until.map { $0 as Any } ?? NSNull()],
                    token: other.token
                )
                .codes("roomMemberTimeout")
            }
            #expect(try set(ida, late, by: ben) == ["FORBIDDEN"])
            #expect(try set(ben, "2020-01-01T00:00:00Z", by: ida) == ["INVALID_INPUT"])
            #expect(try set(ben, late, by: ida) == [])
            server.pass(seconds: 31)
            #expect(try server.askSend("again", to: group.general, by: ben).codes("messageSend") == ["TIMED_OUT"])
            // Leaving and coming back ends none.
            _ = try server.remove(ben, from: group, by: ida)
            let add =
                "mutation ($g: ID!, $u: [ID!]!) { groupMembersAdd(groupId: $g, userIds: $u) { userErrors { code } } }"
            _ = try server.ask(add, ["g": group.id, "u": [ben.id]], token: ida.token)
            #expect(try server.askSend("again", to: group.general, by: ben).codes("messageSend") == ["TIMED_OUT"])
        }
    }

    @Test func `whoever is timed out changes nothing that others see`() async throws {
        try await APIServer.with { server in
            let (ida, ben) = (try server.person("ida"), try server.person("ben"))
            let group = try server.group(of: [ida, ben])
            let (theirs, own) = (
                try server.send("hello", to: group.general, by: ida), try server.send("hi", to: group.general, by: ben)
            )
            let react = "mutation ($id: ID!) { reactionAdd(messageId: $id, emoji: \"👍\") { userErrors { code } } }"
            let takeBack =
                "mutation ($id: ID!) { reactionRemove(messageId: $id, emoji: \"👍\") { userErrors { code } } }"
            let edit = "mutation ($id: ID!) { messageEdit(input: { id: $id, body: \"ho\" }) { userErrors { code } } }"
            let type = "mutation ($id: ID!) { typingSet(roomId: $id, typing: true) { userErrors { code } } }"
            #expect(try server.ask(react, ["id": own], token: ben.token).codes("reactionAdd") == [])
            let timeout = """
                mutation ($r: ID!, $u: ID!) { roomMemberTimeout(roomId: $r, userId: $u, until: "2100-01-01T00:00:00Z",
                    reason: "") { userErrors { code } } }
                """
            let set = try server.ask(timeout, ["r": group.general, "u": ben.id], token: ida.token)
            #expect(set.codes("roomMemberTimeout") == [])
            #expect(try server.ask(react, ["id": theirs], token: ben.token).codes("reactionAdd") == ["TIMED_OUT"])
            #expect(try server.ask(edit, ["id": own], token: ben.token).codes("messageEdit") == ["TIMED_OUT"])
            #expect(try server.ask(type, ["id": group.general], token: ben.token).codes("typingSet") == ["TIMED_OUT"])
            // What they said before they may take back.
            #expect(try server.ask(takeBack, ["id": own], token: ben.token).codes("reactionRemove") == [])
            let delete = "mutation ($id: ID!) { messageDelete(id: $id) { userErrors { code } } }"
            #expect(try server.ask(delete, ["id": own], token: ben.token).codes("messageDelete") == [])
        }
    }

    @Test func `a channel that becomes private is nowhere for those who had only read it`() async throws {
        try await APIServer.with { server in
            let (ida, ben, eve) = (try server.person("ida"), try server.person("ben"), try server.person("eve"))
            let group = try server.group(of: [ida, ben, eve])
            let made = try server.askChannel("plans", in: group, by: ida)
            let plans = try #require(made["data.channelCreate.channel.id"])
            let message = try server.send("the needle", to: plans, by: ida)
            // Eve has written there: the room knows of her.
            try server.send("hello", to: plans, by: eve)
            let (bens, eves) = (
                try server.listen(to: [(plans, nil)], as: ben), try server.listen(to: [(plans, nil)], as: eve)
            )
            let update = """
                mutation ($in: ChannelUpdateInput!) { channelUpdate(input: $in) {
                    channel { isPrivate version } userErrors { code path } } }
                """
            func change(_ input: [String: Any], by person: TestPerson) throws -> APIAnswer {
                try server.ask(update, ["in": ["id": plans].merging(input) { $1 }], token: person.token)
            }
            #expect(try change(["isPrivate": true], by: ben).codes("channelUpdate") == ["FORBIDDEN"])
            #expect(try change(["name": "general"], by: ida).codes("channelUpdate") == ["NAME_TAKEN"])
            #expect(try change(["version": 99], by: ida).codes("channelUpdate") == ["STALE_VERSION"])
            let closed = try change(["isPrivate": true, "memberIds": [ben.id]], by: ida)
            #expect(closed["data.channelUpdate.channel.isPrivate"] == "1", "\(closed.text)")
            #expect(try bens.event() == "RoomUpdated")
            #expect(try eves.event() == "AccessRevoked NOT_A_MEMBER")
            #expect(try eves.next() == nil)
            try server.send("between us", to: plans, by: ida)
            #expect(try bens.event() == "MessageCreated 3")
            let look = """
                query ($r: ID!, $m: ID!, $g: ID!) { room(id: $r) { id } nodes(ids: [$r, $m]) { id }
                    group(id: $g) { channels { totalCount } } viewer { rooms { totalCount } }
                    messageSearch(query: "needle") { nodes { id } } }
                """
            let hidden = try server.ask(look, ["r": plans, "m": message, "g": group.id], token: eve.token)
            #expect(
                hidden.text == """
                    {"data":{"room":null,"nodes":[null,null],"group":{"channels":{"totalCount":1}},\
                    "viewer":{"rooms":{"totalCount":1}},"messageSearch":{"nodes":[]}}}
                    """
            )
            #expect(try server.askSend("me too", to: plans, by: eve).codes("messageSend") == ["NOT_FOUND"])
            #expect(try change(["topic": "x"], by: eve).codes("channelUpdate") == ["NOT_FOUND"])
        }
    }

    @Test func `an archived channel takes no messages until it is opened again`() async throws {
        try await APIServer.with { server in
            let (ida, ben) = (try server.person("ida"), try server.person("ben"))
            let group = try server.group(of: [ida, ben])
            let archive = """
                mutation ($c: ID!, $a: Boolean! = true) { channelArchive(id: $c, archived: $a) {
                    channel { archivedAt viewerCanPost } userErrors { code } } }
                """
            let stream = try server.listen(to: [(group.general, nil)], as: ben)
            #expect(
                try server.ask(archive, ["c": group.general], token: ben.token).codes("channelArchive") == ["FORBIDDEN"]
            )
            let done = try server.ask(archive, ["c": group.general], token: ida.token)
            #expect(done["data.channelArchive.channel.viewerCanPost"] == "0", "\(done.text)")
            #expect(try stream.event() == "RoomUpdated")
            #expect(try server.askSend("hi", to: group.general, by: ida).codes("messageSend") == ["ROOM_ARCHIVED"])
            let rooms = "{ viewer { rooms { totalCount } } }"
            #expect(try server.ask(rooms, token: ben.token)["data.viewer.rooms.totalCount"] == "0")
            _ = try server.ask(archive, ["c": group.general, "a": false], token: ida.token)
            #expect(try stream.event() == "RoomUpdated")
            #expect(try server.askSend("hi", to: group.general, by: ben).codes("messageSend") == [])
        }
    }

    @Test func `a group is changed by those who manage it`() async throws {
        try await APIServer.with { server in
            let (ida, ben) = (try server.person("ida"), try server.person("ben"))
            let group = try server.group(of: [ida, ben])
            _ = try server.group(of: [ben], name: "Taken")
            let update = """
                mutation ($in: GroupUpdateInput!) { groupUpdate(input: $in) {
                    group { name description visibility version } userErrors { code path } } }
                """
            func change(_ input: [String: Any], by person: TestPerson) throws -> APIAnswer {
                try server.ask(update, ["in": ["id": group.id].merging(input) { $1 }], token: person.token)
            }
            #expect(try change(["name": "Mine"], by: ben).codes("groupUpdate") == ["FORBIDDEN"])
            #expect(try change(["name": "Taken"], by: ida).codes("groupUpdate") == ["NAME_TAKEN"])
            #expect(try change(["name": "x"], by: ida).codes("groupUpdate") == ["INVALID_INPUT"])
            #expect(try change(["name": "Pier", "version": 7], by: ida).codes("groupUpdate") == ["STALE_VERSION"])
            let done = try change(["name": "Pier", "visibility": "PUBLIC", "version": 1], by: ida)
            #expect(done["data.groupUpdate.group.name"] == "Pier", "\(done.text)")
            #expect(done["data.groupUpdate.group.version"] == "2")
        }
    }
}
