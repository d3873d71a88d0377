import Foundation
import Testing

@Suite(.timeLimit(.minutes(3))) struct GroupLiveTests {
    private func hear(
        _ server: APIServer,
        _ group: TestGroup,
        _ person: TestPerson,
        after: String? = nil
    ) throws
        -> LiveStream
    {
        try LiveStream(
            server,
            """
            subscription ($g: ID!, $a: String) { groupEvents(groupId: $g, after: $a) { __typename
                ... on LiveEvent { cursor }
                ... on GroupChanged { group { name } } ... on ChannelChanged { channel { name } }
                ... on GroupMemberChanged { user { username } member { role } }
                ... on GroupJoinRequested { joinRequest { user { username } } }
                ... on ResyncRequired { reason } ... on AccessRevoked { reason }
            } }
            """,
            ["g": group.id, "a": after.map { $0 as Any } ?? NSNull()],
            token: person.token
        )
    }

    @Test func `what happens to a group is told to those who may know it`() async throws {
        try await APIServer.with { server in
            let (ida, ben, eve) = (try server.person("ida"), try server.person("ben"), try server.person("eve"))
            let group = try server.group(of: [ida, ben], visibility: "REQUEST_TO_JOIN")
            #expect(try hear(server, group, eve).next()?.errorCode == "NOT_FOUND")
            let (idas, bens) = (try hear(server, group, ida), try hear(server, group, ben))
            let event = "data.groupEvents"
            // A private channel and a request are told to those alone who see them.
            _ = try server.askChannel("secret", in: group, isPrivate: true, by: ida)
            #expect(try idas.next()?["\(event).channel.name"] == "secret")
            let join = "mutation ($g: ID!) { groupJoin(groupId: $g) { userErrors { code } } }"
            _ = try server.ask(join, ["g": group.id], token: eve.token)
            #expect(try idas.next()?["\(event).joinRequest.user.username"] == "eve")
            _ = try server.askChannel("open", in: group, by: ida)
            let told = try #require(try bens.next())
            #expect(told["\(event).channel.name"] == "open", "\(told.text)")
            let cursor = try #require(told["\(event).cursor"])
            let rename = "mutation ($in: GroupUpdateInput!) { groupUpdate(input: $in) { userErrors { code } } }"
            _ = try server.ask(rename, ["in": ["id": group.id, "name": "Pier"]], token: ida.token)
            #expect(try bens.next()?["\(event).group.name"] == "Pier")
            _ = try server.remove(ben, from: group, by: ida)
            let end = try #require(try bens.next())
            #expect(end["\(event).__typename"] == "AccessRevoked")
            #expect(end["\(event).reason"] == "NOT_A_MEMBER")
            #expect(try bens.next() == nil)
            for name in ["open", "Pier"] {
                let answer = try #require(try idas.next())
                #expect((answer["\(event).channel.name"] ?? answer["\(event).group.name"]) == name)
            }
            let left = try #require(try idas.next())
            #expect(left["\(event).user.username"] == "ben")
            #expect(left["\(event).member.role"] == nil)
            // From a cursor what was missed is told first.
            let again = try hear(server, group, ida, after: cursor)
            #expect(try again.next()?["\(event).group.name"] == "Pier")
            #expect(try hear(server, group, ida, after: "x").next()?["\(event).reason"] == "UNKNOWN_CURSOR")
        }
    }

    @Test func `people hear of groups and rooms that become theirs, or are no more`() async throws {
        try await APIServer.with { server in
            let (ida, ben) = (try server.person("ida"), try server.person("ben"))
            let stream = try LiveStream(
                server,
                """
                subscription { viewerEvents { __typename
                    ... on GroupMembershipChanged { groupId group { name } }
                    ... on RoomMembershipChanged { roomId room { title } }
                    ... on NotificationCreated { notification { title } }
                } }
                """,
                token: ben.token
            )
            let event = "data.viewerEvents"
            let group = try server.group(of: [ida, ben])
            #expect(try stream.next()?["\(event).group.name"] == "Harbour")
            let made = try server.askChannel("secret", in: group, isPrivate: true, members: [ben], by: ida)
            let secret = try #require(made["data.channelCreate.channel.id"])
            #expect(try stream.next()?["\(event).room.title"] == "secret")
            let out =
                "mutation ($c: ID!, $u: ID!) { channelMemberRemove(channelId: $c, userId: $u) { userErrors { code } } }"
            _ = try server.ask(out, ["c": secret, "u": ben.id], token: ida.token)
            let gone = try #require(try stream.next())
            #expect(gone["\(event).roomId"] == secret)
            #expect(gone["\(event).room.title"] == nil)
            let open = "mutation ($u: [ID!]!) { directRoomOpen(userIds: $u) { room { id } } }"
            let room = try server.ask(open, ["u": [ben.id]], token: ida.token)["data.directRoomOpen.room.id"]
            #expect(try stream.next()?["\(event).roomId"] == room)
            _ = try server.remove(ben, from: group, by: ida)
            let left = try #require(try stream.next())
            #expect(left["\(event).groupId"] == group.id)
            #expect(left["\(event).group.name"] == nil)
        }
    }
}
