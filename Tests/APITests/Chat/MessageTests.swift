import Foundation
import SocketTesting
import Testing

@Suite(.timeLimit(.minutes(3))) struct MessageTests {
    @Test func `the newest messages with all that hangs on them take one statement a level`() async throws {
        try await APIServer.with { server in
            let (ida, ben) = (try server.person("ida"), try server.person("ben"))
            let group = try server.group(of: [ida, ben])
            let first = try server.send("message 1", to: group.general, by: ida)
            for number in 2...60 {
                let author = number.isMultiple(of: 2) ? ben : ida
                let answered = number.isMultiple(of: 3) ? first : nil
                let id = try server.send("message \(number)", to: group.general, by: author, replyTo: answered)
                if number > 50 {
                    let react =
                        "mutation ($id: ID!) { reactionAdd(messageId: $id, emoji: \"👍\") { userErrors { code } } }"
                    #expect(try server.ask(react, ["id": id], token: ida.token).codes("reactionAdd") == [])
                }
            }
            let query = """
                query ($id: ID!) { room(id: $id) { title lastSeq viewerState { unreadCount }
                    messages(first: 50) { nodes { \(messageFields) } pageInfo { hasNextPage endCursor } }
                } }
                """
            // The session of the viewer is known for a second; statements behind it are those of the query.
            _ = try server.ask(query, ["id": group.general], token: ida.token)
            let before = try await server.statements()
            let answer = try server.ask(query, ["id": group.general], token: ida.token)
            // Room, messages, authors, reply targets, reactions.
            #expect(try await server.statements() - before <= 5 + 1)
            #expect(answer.count("data.room.messages.nodes") == 50)
            #expect(answer["data.room.lastSeq"] == "60")
            #expect(answer["data.room.messages.nodes.0.seq"] == "60")
            #expect(answer["data.room.messages.nodes.0.author.username"] == "ben")
            #expect(answer["data.room.messages.nodes.0.replyTo.seq"] == "1")
            #expect(answer["data.room.messages.nodes.0.reactions.0.count"] == "1")
            #expect(answer["data.room.messages.nodes.0.reactions.0.viewerHasReacted"] == "1")
            #expect(answer["data.room.messages.nodes.49.seq"] == "11")
            #expect(answer["data.room.messages.pageInfo.hasNextPage"] == "1")
        }
    }

    @Test func `a nonce sends once, however often it is tried and by how many at once`() async throws {
        try await APIServer.with { server in
            let (ida, ben) = (try server.person("ida"), try server.person("ben"))
            let group = try server.group(of: [ida, ben])
            let sockets = try (0..<8).map { _ in try server.socket() }
            let query = """
                mutation ($in: MessageSendInput!) { messageSend(input: $in) { message { id seq } userErrors { code } } }
                """
            let input: [String: Any] = ["in": ["roomId": group.general, "body": "once", "nonce": "nonce-number-1"]]
            for socket in sockets { try socket.send(server.request(query, input, token: ida.token)) }
            let ids = try sockets.map { try APIAnswer(from: $0)["data.messageSend.message.id"] }
            #expect(Set(ids).count == 1 && ids[0] != nil)
            // The same nonce of another person is another message.
            let other = try server.askSend("mine", to: group.general, by: ben, nonce: "nonce-number-1")
            #expect(other["data.messageSend.message.seq"] == "2")
            #expect(try server.sql("SELECT last_seq FROM rooms WHERE kind = 'CHANNEL'") == "2")
            #expect(try server.sql("SELECT count(*) FROM events WHERE kind = 'MessageCreated'") == "2")
        }
    }

    @Test func `messages that are sent at once are numbered without gaps`() async throws {
        try await APIServer.with { server in
            let people = try (0..<4).map { try server.person("person\($0)") }
            let group = try server.group(of: people)
            let query =
                "mutation ($in: MessageSendInput!) { messageSend(input: $in) { message { seq } userErrors { code } } }"
            for _ in 0..<5 {
                let sockets = try people.map { _ in try server.socket() }
                for (socket, person) in zip(sockets, people) {
                    let input: [String: Any] = ["in": ["roomId": group.general, "body": "hello"]]
                    try socket.send(server.request(query, input, token: person.token))
                }
                for socket in sockets { _ = try APIAnswer(from: socket) }
            }
            #expect(
                try server.sql(
                    "SELECT string_agg(seq::text, ',' ORDER BY seq) = (SELECT string_agg(n::text, ',' ORDER BY n) FROM generate_series(1, 20) n) FROM messages"
                ) == "t"
            )
        }
    }

    @Test func `an edited message keeps what it said, and a deleted one its place alone`() async throws {
        try await APIServer.with { server in
            let (ida, ben) = (try server.person("ida"), try server.person("ben"))
            let group = try server.group(of: [ida, ben])
            let id = try server.send("helo", to: group.general, by: ben)
            let edit = """
                mutation ($in: MessageEditInput!) { messageEdit(input: $in) {
                    message { body revisions { revision body } } userErrors { code path }
                } }
                """
            let theirs = try server.ask(edit, ["in": ["id": id, "body": "bye"]], token: ida.token)
            #expect(theirs.codes("messageEdit") == ["FORBIDDEN"])
            let edited = try server.ask(edit, ["in": ["id": id, "body": "hello"]], token: ben.token)
            #expect(edited["data.messageEdit.message.body"] == "hello")
            #expect(edited["data.messageEdit.message.revisions.0.body"] == "helo")
            #expect(edited.count("data.messageEdit.message.revisions") == 1)
            let remove = """
                mutation ($id: ID!) { messageDelete(id: $id) { message { seq body deletedAt revisions { body } }
                    userErrors { code path } } }
                """
            // Ida owns the group, and moderates.
            let deleted = try server.ask(remove, ["id": id], token: ida.token)
            #expect(deleted["data.messageDelete.message.body"] == "")
            #expect(deleted["data.messageDelete.message.seq"] == "1")
            #expect(deleted["data.messageDelete.message.deletedAt"] != nil)
            #expect(deleted.count("data.messageDelete.message.revisions") == 0)
            #expect(try server.ask(remove, ["id": id], token: ida.token).codes("messageDelete") == ["NOT_FOUND"])
            #expect(try server.sql("SELECT count(*) FROM message_revisions") == "0")
            // A day later nothing can be edited.
            let late = try server.send("late", to: group.general, by: ben)
            try server.sql(
                "ALTER TABLE messages DISABLE TRIGGER ALL; UPDATE messages SET created_at = now() - interval '25 hours'"
            )
            let refused = try server.ask(edit, ["in": ["id": late, "body": "later"]], token: ben.token)
            #expect(refused.codes("messageEdit") == ["MESSAGE_TOO_OLD"])
        }
    }

    @Test func `what cannot be a message is refused with its path`() async throws {
        try await APIServer.with { server in
            let ida = try server.person("ida")
            let group = try server.group(of: [ida])
            for body in ["", "   \n", String(repeating: "x", count: 20_001), "bell \u{7}", "turned \u{202e}"] {
                let answer = try server.askSend(body, to: group.general, by: ida)
                #expect(answer.codes("messageSend") == ["INVALID_INPUT"])
                #expect(answer["data.messageSend.userErrors.0.path.1"] == "body")
            }
            #expect(try server.askSend("hi", to: "room_x", by: ida).codes("messageSend") == ["NOT_FOUND"])
            #expect(try server.askSend("hi", to: ida.id, by: ida).codes("messageSend") == ["NOT_FOUND"])
            let second = try server.group(of: [ida], name: "Second")
            let elsewhere = try server.send("elsewhere", to: second.general, by: ida)
            let reply = try server.askSend("hi", to: group.general, by: ida, replyTo: elsewhere)
            #expect(reply["data.messageSend.userErrors.0.path.1"] == "replyToId")
            let id = try server.send("hi", to: group.general, by: ida)
            let react =
                "mutation ($id: ID!, $e: String!) { reactionAdd(messageId: $id, emoji: $e) { userErrors { code path } } }"
            for text in ["", "a", "1", "👍👍", "\"", "<b>"] {
                #expect(
                    try server.ask(react, ["id": id, "e": text], token: ida.token).codes("reactionAdd") == [
                        "INVALID_INPUT"
                    ],
                    "\(text)"
                )
            }
            for emoji in ["👍", "❤️", "👩‍👩‍👧", "🇸🇪", "1️⃣"] {
                #expect(
                    try server.ask(react, ["id": id, "e": emoji], token: ida.token).codes("reactionAdd") == [],
                    "\(emoji)"
                )
            }
            #expect(
                try server.sql(
                    "SELECT last_seq FROM rooms r JOIN channels c USING (id) JOIN groups g ON g.id = c.group_id WHERE g.name = 'Harbour'"
                ) == "1"
            )
        }
    }
}
