import Foundation
import SocketTesting
import Testing

/// Calls are for those who see their rooms.
@Suite struct CallLeavingTests {
    private struct Scene {
        let ida: TestPerson
        let ben: TestPerson
        let eve: TestPerson
        let group: TestGroup
        let channel: String
    }

    /// Three people in a private channel.
    private func scene(_ server: APIServer) throws -> Scene {
        let people = try ["ida", "ben", "eve"].map { try server.person($0) }
        let group = try server.group(of: people)
        let made = try server.askChannel(
            "secret",
            in: group,
            isPrivate: true,
            members: Array(people[1...]),
            by: people[0]
        )
        return Scene(
            ida: people[0],
            ben: people[1],
            eve: people[2],
            group: group,
            channel: try #require(made["data.channelCreate.channel.id"], "\(made.text)")
        )
    }

    private func takeOut(_ person: TestPerson, of channel: String, _ server: APIServer, by other: TestPerson) throws {
        let remove =
            "mutation ($c: ID!, $u: ID!) { channelMemberRemove(channelId: $c, userId: $u) { userErrors { code } } }"
        let answer = try server.ask(remove, ["c": channel, "u": person.id], token: other.token)
        #expect(answer.codes("channelMemberRemove") == [], "\(answer.text)")
    }

    @Test func `who is taken out of a room is off the line, hears no more and is not let back`() async throws {
        try await APIServer.with { server in
            let scene = try scene(server)
            let (ida, ben, eve) = (scene.ida, scene.ben, scene.eve)
            let started = try server.askStart(scene.channel, on: "a", calling: [ben, eve], by: ida)
            let call = try #require(started["data.callStart.call.id"], "\(started.text)")
            for (person, device) in [(ben, "b"), (eve, "e")] {
                #expect(try server.askAnswer(call, on: device, by: person).codes("callAnswer") == [])
            }
            let line = try server.signals(of: call, on: "e", as: eve)
            let (hers, his) = (try server.callEvents(as: eve), try server.callEvents(as: ben))
            #expect(try server.askSignal("x", in: call, to: eve, from: "a", by: ida).codes("callSignal") == [])
            #expect(try line.signal() == "1 x")
            try takeOut(eve, of: scene.channel, server, by: ida)
            #expect(try line.next() == nil)
            for stream in [hers, his] { #expect(try stream.callEvent() == "CallChanged ACTIVE") }
            #expect(try server.askAnswer(call, on: "e", by: eve).codes("callAnswer") == ["NOT_FOUND"])
            #expect(try server.askHangup(call, by: eve).codes("callHangup") == ["NOT_FOUND"])
            #expect(
                try server.askSignal("y", in: call, to: eve, from: "a", by: ida).codes("callSignal") == ["NOT_FOUND"]
            )
            #expect(
                try server.askSignal("z", in: call, to: ida, from: "e", by: eve).codes("callSignal") == ["NOT_FOUND"]
            )
            #expect(try server.signals(of: call, on: "e", as: eve).next()?.errorCode == "NOT_FOUND")
            // Of the call that goes on she sees that she was in it.
            let seen = try server.state(of: call, as: eve)
            #expect(seen.count("data.call.participants") == 1, "\(seen.text)")
            #expect(seen["data.call.participants.0.state"] == "LEFT")
            #expect(try server.state(of: call, as: ben).count("data.call.participants") == 3)
            // With the last but one it is over.
            try takeOut(ben, of: scene.channel, server, by: ida)
            let ended = try server.state(of: call, as: ida)
            #expect(ended["data.call.status"] == "ENDED" && ended["data.call.endReason"] == "HANGUP")
            #expect(try his.callEvent() == "CallChanged ENDED")
        }
    }

    @Test func `a call no longer rings for those who are taken out, and who declined cannot take it after all`()
        async throws
    {
        try await APIServer.with { server in
            let scene = try scene(server)
            let (ida, ben, eve) = (scene.ida, scene.ben, scene.eve)
            let room = scene.group.general
            let started = try server.askStart(room, on: "a", calling: [ben, eve], by: ida)
            let call = try #require(started["data.callStart.call.id"], "\(started.text)")
            let hers = try server.callEvents(as: eve)
            #expect(try server.askDecline(call, by: ben).codes("callDecline") == [])
            #expect(try hers.callEvent() == "CallChanged RINGING")
            let ban = """
                mutation ($g: ID!, $u: ID!) { groupBan(groupId: $g, userId: $u, reason: "loud") { userErrors { code } } }
                """
            let banned = try server.ask(ban, ["g": scene.group.id, "u": ben.id], token: ida.token)
            #expect(banned.codes("groupBan") == [], "\(banned.text)")
            #expect(try server.askAnswer(call, on: "b", by: ben).codes("callAnswer") == ["NOT_FOUND"])
            #expect(try server.remove(eve, from: scene.group, by: ida).codes("groupMemberRemove") == [])
            #expect(try hers.callEvent() == "CallChanged MISSED")
            #expect(try server.askAnswer(call, on: "e", by: eve).codes("callAnswer") == ["NOT_FOUND"])
            #expect(try server.state(of: call, as: ida)["data.call.status"] == "MISSED")
        }
    }

    @Test func `a channel that becomes private, and a party that is removed, leave the call`() async throws {
        try await APIServer.with { server in
            let scene = try scene(server)
            let (ida, ben, eve) = (scene.ida, scene.ben, scene.eve)
            let started = try server.askStart(scene.group.general, on: "a", calling: [ben, eve], by: ida)
            let call = try #require(started["data.callStart.call.id"], "\(started.text)")
            #expect(try server.askAnswer(call, on: "b", by: ben).codes("callAnswer") == [])
            let close = """
                mutation ($in: ChannelUpdateInput!) { channelUpdate(input: $in) { userErrors { code } } }
                """
            let input: [String: Any] = ["id": scene.group.general, "isPrivate": true, "memberIds": [ben.id]]
            let closed = try server.ask(close, ["in": input], token: ida.token)
            #expect(closed.codes("channelUpdate") == [], "\(closed.text)")
            #expect(try server.askAnswer(call, on: "e", by: eve).codes("callAnswer") == ["NOT_FOUND"])
            let seen = try server.state(of: call, as: ben)
            #expect(seen["data.call.status"] == "ACTIVE", "\(seen.text)")
            #expect(try server.sql("SELECT count(*) FROM call_participants WHERE state = 'MISSED'") == "1")
            #expect(try server.askHangup(call, by: ben).codes("callHangup") == [])

            let conversation = try server.conversation(of: ida)
            let seller = try server.seller("Lamps", in: conversation, account: eve, by: ida)
            let second = try server.start(conversation, on: "a", by: ida)
            #expect(try server.askAnswer(second, on: "e", by: eve).codes("callAnswer") == [])
            let line = try server.signals(of: second, on: "e", as: eve)
            let remove = "mutation ($id: ID!) { sellerRemove(id: $id) { userErrors { code } } }"
            let removed = try server.ask(remove, ["id": seller], token: ida.token)
            #expect(removed.codes("sellerRemove") == [], "\(removed.text)")
            #expect(try line.next() == nil)
            #expect(try server.state(of: second, as: ida)["data.call.status"] == "ENDED")
        }
    }

    @Test func `a party is removed while others hold its person, as who calls them does`() async throws {
        try await APIServer.with { server in
            let (ida, eve) = (try server.person("ida"), try server.person("eve"))
            let conversation = try server.conversation(of: ida)
            let seller = try server.seller("Lamps", in: conversation, account: eve, by: ida)
            let call = try server.start(conversation, on: "a", by: ida)
            #expect(try server.askAnswer(call, on: "e", by: eve).codes("callAnswer") == [])
            let hold = "PERFORM FROM users WHERE username = 'eve' FOR NO KEY UPDATE"
            let held = try HeldTransaction(hold, on: server.connectionString)
            let remove = "mutation ($id: ID!) { sellerRemove(id: $id) { userErrors { code } } }"
            #expect(try server.ask(remove, ["id": seller], token: ida.token).codes("sellerRemove") == [])
            // It would end with the first who waits.
            #expect(try held.isHeld)
            try server.sql("UPDATE users SET name = name WHERE username = 'eve'")
            try held.end()
            #expect(try server.state(of: call, as: ida)["data.call.status"] == "ENDED")
        }
    }
}
