import Foundation
import HTTPServer
import Mail
import SocketTesting
import Testing

@Suite(.timeLimit(.minutes(3))) struct GuestTests {
    @Test func `a guest reads and writes in one conversation, and does nothing else`() async throws {
        try await APIServer.with { server in
            let ida = try server.person("ida")
            let room = try server.conversation(of: ida, first: "Who has lamps?")
            let other = try server.conversation(of: ida, title: "Other")
            let seller = try server.seller("Lampen", in: room, by: ida)
            let (token, _) = try server.invite(seller: seller, to: room, by: ida)
            let guest = TestPerson(name: "guest", id: "", token: token)
            #expect(token.hasPrefix("mg_"))
            #expect(
                try server.sql("SELECT count(*) FROM guest_links WHERE encode(token_hash, 'escape') LIKE '%mg_%'")
                    == "0"
            )

            let own = try server.ask(
                """
                { conversation { id title viewerCanManage guestLinks { id } owner { username email }
                    viewerState { unreadCount } messages { nodes { body author { username } } } } }
                """,
                token: token
            )
            #expect(own["data.conversation.id"] == room, "\(own.text)")
            #expect(own["data.conversation.viewerState.unreadCount"] == "1")
            #expect(own["data.conversation.owner.email"] == nil)
            #expect(own.count("data.conversation.guestLinks") == 0)
            let stream = try server.listen(to: [(room, nil)], as: ida)
            let sent = try server.askSend("We do.", to: room, by: guest, nonce: "12345678")
            let again = try server.askSend("We do.", to: room, by: guest, nonce: "12345678")
            #expect(sent["data.messageSend.message.id"] == again["data.messageSend.message.id"], "\(sent.text)")
            #expect(sent["data.messageSend.message.id"] != nil)
            #expect(try stream.event() == "MessageCreated 2")
            let read = try server.ask(
                "query ($id: ID!) { room(id: $id) { messages { nodes { body author { username } guest { name } } } } }",
                ["id": room],
                token: ida.token
            )
            #expect(read["data.room.messages.nodes.0.guest.name"] == "Lampen", "\(read.text)")
            #expect(read["data.room.messages.nodes.1.author.username"] == "ida")
            #expect(read["data.room.messages.nodes.1.guest.name"] == nil)

            // Nothing of other rooms, and nothing that takes an account.
            let foreign =
                "query ($id: ID!) { room(id: $id) { id } conversation(id: $id) { id } conversationOffers(conversationId: $id) { sku } }"
            #expect(
                try server.ask(foreign, ["id": other], token: token).text.contains(
                    #""room":null,"conversation":null,"conversationOffers":null"#
                )
            )
            #expect(try server.askSend("x", to: other, by: guest).codes("messageSend") == ["NOT_FOUND"])
            for query in [
                "{ nodes(ids: [\"\(room)\"]) { id } }",
                "mutation { conversationCreate(input: {}) { userErrors { code } } }",
                "mutation { sellerRemove(id: \"\(seller)\") { userErrors { code } } }",
                "mutation { reactionAdd(messageId: \"msg_1\", emoji: \"x\") { userErrors { code } } }",
            ] {
                let answer = try server.ask(query, token: token)
                #expect(answer.text.contains("UNAUTHENTICATED"), "\(query) \(answer.text)")
            }
            #expect(try server.ask("{ viewer { user { id } } }", token: token).text.contains(#""viewer":null"#))
            // Two guests do not see each other's conversations either.
            let third = try server.seller("Third", in: other, by: ida)
            let (foreigner, _) = try server.invite(seller: third, to: other, by: ida)
            #expect(try server.ask(foreign, ["id": room], token: foreigner).text.contains(#""room":null"#))
        }
    }

    @Test func `a link that is sent by mail lets in, and nobody else is told its token`() async throws {
        try await APIServer.with { server in
            await server.runJobs()
            let ida = try server.person("ida")
            let room = try server.conversation(of: ida, title: "Lamps for the harbour")
            func seller(_ name: String, _ email: String?) throws -> String {
                var input: [String: Any] = ["conversationId": room, "name": name]
                input["email"] = email
                let made = try server.mutate("sellerAdd", "SellerAddInput", input, "seller { id }", by: ida.token)
                return try #require(made["data.sellerAdd.seller.id"], "\(made.text)")
            }
            func invite(_ seller: String) throws -> APIAnswer {
                try server.mutate(
                    "conversationGuestInvite",
                    "ConversationGuestInviteInput",
                    ["conversationId": room, "sellerId": seller, "byMail": true],
                    "token link { id } ",
                    by: ida.token
                )
            }
            let silent = try invite(try seller("Stumm", nil))
            #expect(silent.codes("conversationGuestInvite") == ["INVALID_INPUT"])
            let answer = try invite(try seller("Lampen", "lampen@example.org"))
            #expect(answer["data.conversationGuestInvite.link.id"] != nil, "\(answer.text)")
            #expect(answer["data.conversationGuestInvite.token"] == nil)
            let mail = try await server.mail(to: "lampen@example.org", "Lamps for the harbour")
            let link = try #require(mail.links.first)
            let token = String(try #require(link.split(separator: "guest=").last))
            let seen = try server.ask("{ conversation { id title } }", token: token)
            #expect(seen["data.conversation.id"] == room, "\(seen.text)")
            try await server.untilMailsAreDone()
            let sent = "SELECT status FROM email_messages WHERE to_address = 'lampen@example.org'"
            #expect(try server.sql(sent) == "SENT")
        }
    }

    @Test func `a link ends when it is taken back, replaced, or its party is taken out`() async throws {
        try await APIServer.with { server in
            let ida = try server.person("ida")
            let room = try server.conversation(of: ida)
            let seller = try server.seller("Lampen", in: room, by: ida)
            let (first, _) = try server.invite(seller: seller, to: room, by: ida)
            let (token, link) = try server.invite(seller: seller, to: room, by: ida)
            let own = "{ conversation { id } }"
            #expect(try server.ask(own, token: first).errorCode == "UNAUTHENTICATED")
            #expect(try server.ask(own, token: token)["data.conversation.id"] == room)
            let guest = TestPerson(name: "guest", id: "", token: token)
            let stream = try server.listen(to: [(room, nil)], as: guest)
            try server.send("heard", to: room, by: ida)
            #expect(try stream.event() == "MessageCreated 1")
            let revoke =
                "mutation ($id: ID!) { conversationGuestRevoke(id: $id) { conversation { guestLinks { id } } userErrors { code } } }"
            let stranger = try server.person("eve")
            #expect(
                try server.ask(revoke, ["id": link], token: stranger.token).codes("conversationGuestRevoke") == [
                    "NOT_FOUND"
                ]
            )
            let revoked = try server.ask(revoke, ["id": link], token: ida.token)
            #expect(revoked.count("data.conversationGuestRevoke.conversation.guestLinks") == 0)
            #expect(revoked.codes("conversationGuestRevoke") == [], "\(revoked.text)")
            try server.send("not heard", to: room, by: ida)
            #expect(try stream.next()?.errorCode == "UNAUTHENTICATED")
            #expect(try stream.next() == nil)
            #expect(try server.ask(own, token: token).errorCode == "UNAUTHENTICATED")
            #expect(
                try server.ask(revoke, ["id": link], token: ida.token).codes("conversationGuestRevoke") == ["NOT_FOUND"]
            )

            // Time ends it as well, in the middle of listening.
            let (third, _) = try server.invite(seller: seller, to: room, by: ida)
            let late = try server.listen(to: [(room, nil)], as: TestPerson(name: "", id: "", token: third))
            try server.sql(
                "UPDATE guest_links SET created_at = now() - interval '2 days', expires_at = now() - interval '1 second' WHERE revoked_at IS NULL"
            )
            try server.send("too late", to: room, by: ida)
            #expect(try late.next()?.errorCode == "UNAUTHENTICATED")
            #expect(try server.ask(own, token: third).errorCode == "UNAUTHENTICATED")

            let (fourth, _) = try server.invite(seller: seller, to: room, by: ida)
            #expect(
                try server.askSend("here", to: room, by: TestPerson(name: "", id: "", token: fourth)).codes(
                    "messageSend"
                ) == []
            )
            let remove = "mutation ($id: ID!) { sellerRemove(id: $id) { conversation { id } userErrors { code } } }"
            #expect(try server.ask(remove, ["id": seller], token: ida.token).codes("sellerRemove") == [])
            #expect(try server.ask(own, token: fourth).errorCode == "UNAUTHENTICATED")
            let read = "query ($id: ID!) { room(id: $id) { messages(first: 1) { nodes { guest { name } } } } }"
            #expect(
                try server.ask(read, ["id": room], token: ida.token)["data.room.messages.nodes.0.guest.name"]
                    == "Lampen"
            )
        }
    }

    @Test func `links are for parties without accounts, made by owners, for a time`() async throws {
        try await APIServer.with { server in
            let (ida, ben) = (try server.person("ida"), try server.person("ben"))
            let room = try server.conversation(of: ida)
            let other = try server.conversation(of: ida)
            let seller = try server.seller("Lampen", in: room, by: ida)
            let account = try server.seller("Ben", in: room, account: ben, by: ida)
            func codes(_ input: [String: Any], _ person: TestPerson) throws -> [String] {
                try server.mutate(
                    "conversationGuestInvite",
                    "ConversationGuestInviteInput",
                    input,
                    "token",
                    by: person.token
                ).codes("conversationGuestInvite")
            }
            #expect(try codes(["conversationId": room, "sellerId": seller, "days": 0], ida) == ["INVALID_INPUT"])
            #expect(try codes(["conversationId": room, "sellerId": seller, "days": 91], ida) == ["INVALID_INPUT"])
            #expect(try codes(["conversationId": room], ida) == ["INVALID_INPUT"])
            #expect(try codes(["conversationId": room, "sellerId": account], ida) == ["INVALID_INPUT"])
            #expect(try codes(["conversationId": other, "sellerId": seller], ida) == ["INVALID_INPUT"])
            #expect(try codes(["conversationId": room, "sellerId": seller], ben) == ["FORBIDDEN"])
            #expect(try codes(["conversationId": room, "vendorId": seller], ida) == ["NOT_FOUND"])
            // Many at a time leave one that is good.
            let query =
                "mutation ($in: ConversationGuestInviteInput!) { conversationGuestInvite(input: $in) { token userErrors { code } } }"
            let sockets = try (0..<6).map { _ in try server.socket() }
            for socket in sockets {
                let input = ["in": ["conversationId": room, "sellerId": seller]]
                try socket.send(server.request(query, input, token: ida.token))
            }
            let tokens = try sockets.compactMap { try APIAnswer(from: $0)["data.conversationGuestInvite.token"] }
            #expect(tokens.count == 6)
            let good = try tokens.filter { try server.ask("{ conversation { id } }", token: $0).errorCode == nil }
            #expect(good.count == 1)
            #expect(try server.sql("SELECT count(*) FROM guests") == "1")
        }
    }

    @Test func `a guest comes by a WebSocket as well`() async throws {
        try await APIServer.with { server in
            let ida = try server.person("ida")
            let room = try server.conversation(of: ida)
            let seller = try server.seller("Lampen", in: room, by: ida)
            let (token, _) = try server.invite(seller: seller, to: room, by: ida)
            let socket = try LiveSocket(server, authorization: "Bearer \(token)")
            try socket.start(
                "1",
                """
                subscription ($id: ID!) { roomEvents(rooms: [{ roomId: $id, after: "of nowhere" }]) {
                    event { __typename ... on MessageCreated { message { body } } } } }
                """,
                ["id": room]
            )
            // It listens from here on.
            #expect(try socket.next().contains("ResyncRequired"))
            try socket.start(
                "2",
                "mutation ($id: ID!) { messageSend(input: { roomId: $id, body: \"over the wire\" }) { userErrors { code } } }",
                ["id": room]
            )
            let heard = [try socket.next(), try socket.next()]
            #expect(heard.contains { $0.contains(#""id":"1""#) && $0.contains("over the wire") }, "\(heard)")
            #expect(heard.contains { $0.contains(#""id":"2""#) && $0.contains(#""userErrors":[]"#) })
        }
    }
}
