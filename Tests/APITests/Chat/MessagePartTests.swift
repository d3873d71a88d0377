import Testing

/// Threads, pins, stars, mentions, drafts, attachments.
@Suite(.timeLimit(.minutes(3))) struct MessagePartTests {
    private let send = """
        mutation ($in: MessageSendInput!) { messageSend(input: $in) { message {
            id seq body threadRoot { id } mentions { username } attachments { caption file { id filename visibility } }
        } userErrors { code path } } }
        """

    @Test func `what answers in a thread stands below its first message`() async throws {
        try await APIServer.with { server in
            let (ida, ben) = (try server.person("ida"), try server.person("ben"))
            let (group, second) = (try server.group(of: [ida, ben]), try server.group(of: [ida, ben], name: "Second"))
            let root = try server.send("root", to: group.general, by: ida)
            func reply(_ body: String, _ thread: String, to room: String) throws -> APIAnswer {
                try server.ask(send, ["in": ["roomId": room, "body": body, "threadId": thread]], token: ben.token)
            }
            let first = try reply("first", root, to: group.general)
            #expect(first["data.messageSend.message.threadRoot.id"] == root, "\(first.text)")
            // An answer to an answer stands in the same thread.
            let id = try #require(first["data.messageSend.message.id"])
            #expect(try reply("second", id, to: group.general)["data.messageSend.message.threadRoot.id"] == root)
            #expect(try reply("elsewhere", root, to: second.general).codes("messageSend") == ["NOT_FOUND"])
            #expect(try reply("nowhere", ida.id, to: group.general).codes("messageSend") == ["NOT_FOUND"])
            let look = """
                query ($id: ID!) { node(id: $id) { ... on Message { thread { replyCount lastReplyAt }
                    replies(first: 1) { nodes { body thread { replyCount } } pageInfo { hasNextPage } } } } }
                """
            let seen = try server.ask(look, ["id": root], token: ida.token)
            #expect(seen["data.node.thread.replyCount"] == "2", "\(seen.text)")
            #expect(seen["data.node.replies.nodes.0.body"] == "first")
            #expect(seen["data.node.replies.pageInfo.hasNextPage"] == "1")
            #expect(seen["data.node.replies.nodes.0.thread.replyCount"] == nil)
        }
    }

    @Test func `pins are set by those who moderate, told, and as many as there may be`() async throws {
        try await APIServer.with { server in
            let (ida, ben, eve) = (try server.person("ida"), try server.person("ben"), try server.person("eve"))
            let group = try server.group(of: [ida, ben])
            let pin = """
                mutation ($id: ID!, $p: Boolean! = true) { messagePin(id: $id, pinned: $p) {
                    message { isPinned pinnedAt } userErrors { code } } }
                """
            let id = try server.send("rules", to: group.general, by: ben)
            #expect(try server.ask(pin, ["id": id], token: ben.token).codes("messagePin") == ["FORBIDDEN"])
            #expect(try server.ask(pin, ["id": id], token: eve.token).codes("messagePin") == ["NOT_FOUND"])
            let stream = try server.listen(to: [(group.general, nil)], as: ben)
            for _ in 0..<2 {
                #expect(try server.ask(pin, ["id": id], token: ida.token)["data.messagePin.message.isPinned"] == "1")
            }
            #expect(try stream.event() == "MessagePinChanged")
            #expect(
                try server.ask(pin, ["id": id, "p": false], token: ida.token)["data.messagePin.message.isPinned"] == "0"
            )
            #expect(try stream.event() == "MessagePinChanged")
            try server.sql(
                """
                SET session_replication_role = replica;
                INSERT INTO messages (room_id, seq, body, pinned_at)
                SELECT room_id, seq + n, 'pin ' || n, now() FROM messages, generate_series(1, 50) n
                """
            )
            #expect(try server.ask(pin, ["id": id], token: ida.token).codes("messagePin") == ["QUOTA_EXCEEDED"])
            let pins = "query ($id: ID!) { room(id: $id) { pinnedMessages { body } } }"
            let seen = try server.ask(pins, ["id": group.general], token: ben.token)
            #expect(seen.count("data.room.pinnedMessages") == 50)
            // In a room of two either pins.
            let open = "mutation ($u: [ID!]!) { directRoomOpen(userIds: $u) { room { id } } }"
            let room = try #require(
                try server.ask(open, ["u": [ben.id]], token: ida.token)["data.directRoomOpen.room.id"]
            )
            let other = try server.send("hi", to: room, by: ida)
            #expect(try server.ask(pin, ["id": other], token: ben.token).codes("messagePin") == [])
        }
    }

    @Test func `stars are one's own, and go with the room`() async throws {
        try await APIServer.with { server in
            let (ida, ben) = (try server.person("ida"), try server.person("ben"))
            let group = try server.group(of: [ida, ben])
            let star = """
                mutation ($id: ID!, $s: Boolean! = true) { messageStar(id: $id, starred: $s) {
                    message { viewerHasStarred } userErrors { code } } }
                """
            let list =
                "{ viewer { starredMessages(first: 2) { nodes { body viewerHasStarred } pageInfo { hasNextPage } } } }"
            let ids = try ["one", "two", "three"].map { try server.send($0, to: group.general, by: ida) }
            for id in ids + ids {
                let answer = try server.ask(star, ["id": id], token: ben.token)
                #expect(answer["data.messageStar.message.viewerHasStarred"] == "1", "\(answer.text)")
            }
            let seen = try server.ask(list, token: ben.token)
            #expect(seen["data.viewer.starredMessages.nodes.0.body"] == "three", "\(seen.text)")
            #expect(seen["data.viewer.starredMessages.pageInfo.hasNextPage"] == "1")
            #expect(try server.ask(list, token: ida.token).count("data.viewer.starredMessages.nodes") == 0)
            _ = try server.ask(star, ["id": ids[2], "s": false], token: ben.token)
            #expect(try server.ask(list, token: ben.token)["data.viewer.starredMessages.nodes.0.body"] == "two")
            _ = try server.remove(ben, from: group, by: ida)
            #expect(try server.ask(list, token: ben.token).count("data.viewer.starredMessages.nodes") == 0)
            #expect(try server.ask(star, ["id": ids[0]], token: ben.token).codes("messageStar") == ["NOT_FOUND"])
        }
    }

    @Test func `who is spoken of is told, if they see the room, and once`() async throws {
        try await APIServer.with { server in
            let (ida, ben, eve) = (try server.person("ida"), try server.person("ben"), try server.person("eve"))
            let group = try server.group(of: [ida, ben, eve])
            let made = try server.askChannel("secret", in: group, isPrivate: true, members: [ben], by: ida)
            let secret = try #require(made["data.channelCreate.channel.id"])
            let body = "@ben, @eve and @nobody: write to mail@eve.example, not to @ida. @ben!"
            let sent = try server.ask(send, ["in": ["roomId": secret, "body": body]], token: ida.token)
            #expect(sent.count("data.messageSend.message.mentions") == 1, "\(sent.text)")
            #expect(sent["data.messageSend.message.mentions.0.username"] == "ben")
            let told = "{ viewer { notifications { nodes { title } } mentions { nodes { id body } } } }"
            let bens = try server.ask(told, token: ben.token)
            #expect(bens.count("data.viewer.notifications.nodes") == 1, "\(bens.text)")
            #expect(bens["data.viewer.mentions.nodes.0.body"] == body)
            let eves = try server.ask(told, token: eve.token)
            #expect(eves.count("data.viewer.notifications.nodes") + eves.count("data.viewer.mentions.nodes") == 0)
            let unread = "query ($id: ID!) { room(id: $id) { viewerState { unreadMentionCount unreadCount } } }"
            let state = try server.ask(unread, ["id": secret], token: ben.token)
            #expect(state["data.room.viewerState.unreadMentionCount"] == "1")
            // An edit speaks of others, and tells those alone who are new.
            let id = try #require(sent["data.messageSend.message.id"])
            let edit = """
                mutation ($in: MessageEditInput!) { messageEdit(input: $in) { message { mentions { username } } } }
                """
            let edited = try server.ask(edit, ["in": ["id": id, "body": "only @ida"]], token: ida.token)
            #expect(edited.count("data.messageEdit.message.mentions") == 0)
            #expect(try server.ask(told, token: ben.token).count("data.viewer.mentions.nodes") == 0)
        }
    }

    @Test func `a draft is kept for its writer, and makes nobody a member`() async throws {
        try await APIServer.with { server in
            let (ida, ben) = (try server.person("ida"), try server.person("ben"))
            let group = try server.group(of: [ida, ben])
            let made = try server.askChannel("secret", in: group, isPrivate: true, members: [ben], by: ida)
            let secret = try #require(made["data.channelCreate.channel.id"])
            let save = """
                mutation ($r: ID!, $b: String!, $t: ID) { draftSave(roomId: $r, body: $b, replyToId: $t) {
                    room { viewerState { draft { body replyTo { body } } } } userErrors { code path } } }
                """
            let target = try server.send("question", to: secret, by: ben)
            let answer = try server.ask(save, ["r": secret, "b": "half an", "t": target], token: ida.token)
            #expect(answer["data.draftSave.room.viewerState.draft.body"] == "half an", "\(answer.text)")
            #expect(answer["data.draftSave.room.viewerState.draft.replyTo.body"] == "question")
            let look = "query ($id: ID!) { room(id: $id) { viewerState { draft { body } } } }"
            #expect(try server.ask(look, ["id": secret], token: ben.token)["data.room.viewerState.draft.body"] == nil)
            #expect(
                try server.sql(
                    "SELECT count(*) FROM room_members WHERE user_id = (SELECT id FROM users WHERE username = 'ida')"
                ) == "1"
            )
            let empty = try server.ask(save, ["r": secret, "b": " "], token: ida.token)
            #expect(empty["data.draftSave.room.viewerState.draft.body"] == nil)
            let elsewhere = try server.send("elsewhere", to: group.general, by: ida)
            #expect(
                try server.ask(save, ["r": secret, "b": "x", "t": elsewhere], token: ida.token).codes("draftSave") == [
                    "NOT_FOUND"
                ]
            )
            let eve = try server.person("eve")
            #expect(
                try server.ask(save, ["r": secret, "b": "x"], token: eve.token).codes("draftSave") == ["NOT_FOUND"]
            )
        }
    }

    @Test func `files hang on messages, and who sees the room sees them`() async throws {
        try await APIServer.with { server in
            let (ida, ben, eve) = (try server.person("ida"), try server.person("ben"), try server.person("eve"))
            let group = try server.group(of: [ida, ben, eve])
            let made = try server.askChannel("secret", in: group, isPrivate: true, members: [ben], by: ida)
            let secret = try #require(made["data.channelCreate.channel.id"])
            let uploaded = try server.upload(
                Array("some words".utf8),
                name: "a.txt",
                type: "text/plain",
                token: ida.token
            )
            let file = try #require(uploaded["data.fileUpload.file.id"], "\(uploaded.text)")
            func attach(_ files: [String], by person: TestPerson, body: String = "") throws -> APIAnswer {
                let list = files.map { ["fileId": $0, "caption": "notes"] }
                let input: [String: Any] = ["roomId": secret, "body": body, "attachments": list]
                return try server.ask(send, ["in": input], token: person.token)
            }
            let look = "query ($id: ID!) { node(id: $id) { ... on File { filename url } } }"
            // Before it hangs anywhere it is its owner's alone; others can neither see nor attach it.
            #expect(try server.ask(look, ["id": file], token: ben.token)["data.node.filename"] == nil)
            #expect(try attach([file], by: ben).codes("messageSend") == ["NOT_FOUND"])
            #expect(try attach([file, file], by: ida).codes("messageSend") == ["INVALID_INPUT"])
            #expect(try attach([], by: ida).codes("messageSend") == ["INVALID_INPUT"])
            #expect(try attach([secret], by: ida).codes("messageSend") == ["NOT_FOUND"])
            let sent = try attach([file], by: ida)
            #expect(sent["data.messageSend.message.attachments.0.file.filename"] == "a.txt", "\(sent.text)")
            #expect(sent["data.messageSend.message.attachments.0.caption"] == "notes")
            #expect(sent["data.messageSend.message.attachments.0.file.visibility"] == "ATTACHED")
            #expect(try server.ask(look, ["id": file], token: ben.token)["data.node.url"] != nil)
            #expect(try server.ask(look, ["id": file], token: eve.token)["data.node.filename"] == nil)
            // Access follows the room, and the message.
            let out =
                "mutation ($c: ID!, $u: ID!) { channelMemberRemove(channelId: $c, userId: $u) { userErrors { code } } }"
            _ = try server.ask(out, ["c": secret, "u": ben.id], token: ida.token)
            #expect(try server.ask(look, ["id": file], token: ben.token)["data.node.filename"] == nil)
            let remove = "mutation ($id: ID!) { messageDelete(id: $id) { message { attachments { caption } } } }"
            let id = try #require(sent["data.messageSend.message.id"])
            let deleted = try server.ask(remove, ["id": id], token: ida.token)
            #expect(deleted.count("data.messageDelete.message.attachments") == 0)
            #expect(try server.sql("SELECT ref_count FROM files") == "0")
        }
    }
}
