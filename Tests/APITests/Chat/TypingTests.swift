import SocketTesting
import Testing

@Suite(.timeLimit(.minutes(3))) struct TypingTests {
    private let set = """
        mutation ($r: ID!, $t: Boolean! = true) { typingSet(roomId: $r, typing: $t) { expiresAt userErrors { code } } }
        """
    private let hear = """
        subscription ($r: [ID!]!) { typing(roomIds: $r) { roomId isTyping expiresAt user { username } } }
        """

    @Test func `who types is told to the others of the room, through whichever process`() async throws {
        try await APIServer.with { server in
            let other = try await APIServer(beside: server)
            do {
                let (ida, ben) = (try server.person("ida"), try server.person("ben"))
                let group = try server.group(of: [ida, ben])
                let streams = try [(other, ben), (server, ida)].map {
                    try LiveStream($0, hear, ["r": [group.general]], token: $1.token)
                }
                let answer = try server.ask(set, ["r": group.general], token: ida.token)
                #expect(answer.codes("typingSet") == [])
                #expect(answer["data.typingSet.expiresAt"] != nil)
                let told = try #require(try streams[0].next())
                #expect(told["data.typing.user.username"] == "ida")
                #expect(told["data.typing.isTyping"] == "1")
                #expect(told["data.typing.roomId"] == group.general)
                _ = try server.ask(set, ["r": group.general, "t": false], token: ida.token)
                #expect(try streams[0].next()?["data.typing.isTyping"] == "0")
                // Her own signals are not told to her: the first she hears is his.
                _ = try other.ask(set, ["r": group.general], token: ben.token)
                #expect(try streams[1].next()?["data.typing.user.username"] == "ben")
            } catch {
                await other.stop()
                throw error
            }
            await other.stop()
        }
    }

    @Test func `ten thousand signals of one client are few events and few statements`() async throws {
        try await APIServer.with { server in
            let (ida, ben) = (try server.person("ida"), try server.person("ben"))
            let group = try server.group(of: [ida, ben])
            let stream = try LiveStream(server, hear, ["r": [group.general]], token: ben.token)
            let before = try await server.allStatements()
            let socket = try server.socket()
            let on = try server.request(set, ["r": group.general], token: ida.token)
            let off = try server.request(set, ["r": group.general, "t": false], token: ida.token)
            let begun = ContinuousClock.now
            for round in 0..<100 {
                try socket.send(String(repeating: round.isMultiple(of: 2) ? on : off, count: 100))
                for _ in 0..<100 { #expect(try APIAnswer(from: socket).codes("typingSet") == []) }
            }
            #expect(try await server.allStatements() - before < 100)
            let windows = Int(begun.duration(to: .now).components.seconds) / 3 + 1
            let eve = try server.person("eve")
            let add =
                "mutation ($g: ID!, $u: [ID!]!) { groupMembersAdd(groupId: $g, userIds: $u) { userErrors { code } } }"
            _ = try server.ask(add, ["g": group.id, "u": [eve.id]], token: ida.token)
            _ = try server.ask(set, ["r": group.general], token: eve.token)
            var told: [String] = []
            while let event = try stream.next(), event["data.typing.user.username"] == "ida" {
                told.append(event["data.typing.isTyping"] ?? event.text)
            }
            #expect(told.starts(with: ["1", "0"]))
            #expect(told.count <= 2 * windows, "\(told)")
        }
    }

    @Test func `typing neither tells of hidden rooms nor in them`() async throws {
        try await APIServer.with { server in
            let (ida, ben, eve) = (try server.person("ida"), try server.person("ben"), try server.person("eve"))
            let group = try server.group(of: [ida, ben, eve])
            let made = try server.askChannel("secret", in: group, isPrivate: true, members: [ben], by: ida)
            let secret = try #require(made["data.channelCreate.channel.id"])
            for room in [secret, "room_x", ida.id] {
                #expect(try server.ask(set, ["r": room], token: eve.token).codes("typingSet") == ["NOT_FOUND"])
                #expect(try LiveStream(server, hear, ["r": [room]], token: eve.token).next()?.errorCode == "NOT_FOUND")
            }
            let news = try server.askChannel("news", in: group, kind: "ANNOUNCEMENT", by: ida)
            let id = try #require(news["data.channelCreate.channel.id"])
            #expect(try server.ask(set, ["r": id], token: eve.token).codes("typingSet") == ["FORBIDDEN"])
            // Who is taken out hears nothing more.
            let stream = try LiveStream(server, hear, ["r": [secret, group.general]], token: ben.token)
            _ = try server.ask(
                "mutation ($c: ID!, $u: ID!) { channelMemberRemove(channelId: $c, userId: $u) { userErrors { code } } }",
                ["c": secret, "u": ben.id],
                token: ida.token
            )
            _ = try server.ask(set, ["r": secret], token: ida.token)
            _ = try server.ask(set, ["r": group.general], token: ida.token)
            #expect(try stream.next()?["data.typing.roomId"] == group.general)
            // Sixty a minute are more than a look-up; what is not seen is never less.
            var refused = false
            for _ in 0..<70 where !refused {
                refused = try server.ask(set, ["r": secret], token: eve.token).errorCode == "RATE_LIMITED"
            }
            #expect(refused)
        }
    }
}
