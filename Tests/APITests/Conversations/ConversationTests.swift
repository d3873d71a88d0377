import Foundation
import SocketTesting
import Testing

@Suite(.timeLimit(.minutes(3))) struct ConversationTests {
    @Test func `a conversation is a room with parties and what they offer, told to those in it`() async throws {
        try await APIServer.with { server in
            let (ida, ben, eve) = (try server.person("ida"), try server.person("ben"), try server.person("eve"))
            let room = try server.conversation(of: ida, title: "", first: "  Forty lamps for a ship\nby June  ")
            #expect(try server.askVendor("Ida's ships", in: room, account: eve, by: ida).codes("vendorRegister") == [])
            let stream = try server.listen(to: [(room, nil)], as: eve)
            let seller = try server.seller("Lampen & Söhne", in: room, account: ben, by: ida)
            #expect(try stream.event() == "RoomMemberJoined")
            #expect(try stream.event() == "ConversationChanged")
            let product = try server.askProduct("L-1", of: seller, by: ben)
            #expect(product["data.sellerProductCreate.product.version"] == "1", "\(product.text)")
            #expect(try server.askProduct("L-2", of: seller, price: 900, by: ida).codes("sellerProductCreate") == [])
            #expect(try stream.event() == "ConversationChanged")
            #expect(try stream.event() == "ConversationChanged")
            try server.send("Which colour?", to: room, by: ben)
            #expect(try stream.event() == "MessageCreated 2")

            let before = try await server.statements()
            let answer = try server.ask(
                """
                query ($id: ID!) { conversation(id: $id) {
                    title kind status viewerCanManage owner { username } participants { username }
                    vendor { name user { username } conversation { id } }
                    sellers(first: 3) { totalCount nodes { name user { username } products(first: 3) { totalCount nodes {
                        sku price { minorUnits currency } attributes { name value } seller { name } } } } }
                    viewerState { unreadCount } messages(first: 1) { nodes { body author { username } } } } }
                """,
                ["id": room],
                token: eve.token
            )
            let seen = "data.conversation"
            #expect(answer["\(seen).title"] == "Forty lamps for a ship", "\(answer.text)")
            #expect(answer["\(seen).kind"] == "CONVERSATION")
            #expect(answer["\(seen).viewerCanManage"] == "0")
            #expect(answer["\(seen).owner.username"] == "ida")
            #expect(answer.count("\(seen).participants") == 3)
            #expect(answer["\(seen).vendor.user.username"] == "eve")
            #expect(answer["\(seen).vendor.conversation.id"] == room)
            #expect(answer["\(seen).sellers.totalCount"] == "1")
            let products = "\(seen).sellers.nodes.0.products"
            #expect(answer["\(products).totalCount"] == "2")
            #expect(answer["\(products).nodes.0.price.minorUnits"] == "1250")
            #expect(answer["\(products).nodes.0.attributes.0.value"] == "warm \"white\"")
            #expect(answer["\(products).nodes.1.seller.name"] == "Lampen & Söhne")
            #expect(answer["\(seen).viewerState.unreadCount"] == "2")
            #expect(answer["\(seen).messages.nodes.0.author.username"] == "ben")
            let statements = try await server.statements() - before
            #expect(statements <= 16, "one or two a level, not one a seller: \(statements)")

            let offers = try server.ask(
                "query ($id: ID!) { conversationOffers(conversationId: $id) { sku price { minorUnits } } }",
                ["id": room],
                token: ben.token
            )
            #expect(offers["data.conversationOffers.0.sku"] == "L-2")
            #expect(offers["data.conversationOffers.1.price.minorUnits"] == "1250")
            let list =
                "query ($s: String) { viewer { conversations(search: $s) { totalCount nodes { id } } rooms { nodes { id kind } } } }"
            for person in [ida, ben, eve] {
                let own = try server.ask(list, ["s": "LAMPS"], token: person.token)
                #expect(own["data.viewer.conversations.totalCount"] == "1", "\(own.text)")
                #expect(own["data.viewer.rooms.nodes.0.kind"] == "CONVERSATION")
                #expect(
                    try server.ask(list, ["s": "%"], token: person.token)["data.viewer.conversations.totalCount"] == "0"
                )
            }
        }
    }

    @Test func `nothing of a conversation is there for those outside`() async throws {
        try await APIServer.with { server in
            let (ida, ben, eve) = (try server.person("ida"), try server.person("ben"), try server.person("eve"))
            let room = try server.conversation(of: ida)
            let seller = try server.seller("Ben", in: room, account: ben, by: ida)
            let vendor = try #require(try server.askVendor("V", in: room, by: ida)["data.vendorRegister.vendor.id"])
            let product = try #require(
                try server.askProduct("L-1", of: seller, by: ben)["data.sellerProductCreate.product.id"]
            )
            let ids = [room, seller, vendor, product]
            let nodes = "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }"
            #expect(try server.ask(nodes, ["ids": ids], token: ben.token)["data.nodes.3.id"] == product)
            #expect(try server.ask(nodes, ["ids": ids], token: eve.token).text.contains("[null,null,null,null]"))
            let offers =
                "query ($id: ID!) { conversationOffers(conversationId: $id) { sku } conversation(id: $id) { id } }"
            #expect(
                try server.ask(offers, ["id": room], token: eve.token).text.contains(
                    #""conversationOffers":null,"conversation":null"#
                )
            )
            #expect(try server.askSend("hi", to: room, by: eve).codes("messageSend") == ["NOT_FOUND"])
            #expect(try server.listen(to: [(room, nil)], as: eve).next()?.errorCode == "NOT_FOUND")
            #expect(try server.askSeller("Eve", in: room, by: eve).codes("sellerAdd") == ["NOT_FOUND"])
            #expect(try server.askProduct("X", of: seller, by: eve).codes("sellerProductCreate") == ["NOT_FOUND"])
            #expect(try server.status("CLOSED", of: room, by: eve).codes("conversationStatusSet") == ["NOT_FOUND"])
            // Those inside who do not own it may not manage it.
            #expect(try server.status("CLOSED", of: room, by: ben).codes("conversationStatusSet") == ["FORBIDDEN"])
            #expect(try server.askSeller("Eve", in: room, by: ben).codes("sellerAdd") == ["FORBIDDEN"])
            let other = try server.seller("Other", in: room, by: ida)
            #expect(try server.askProduct("X", of: other, by: ben).codes("sellerProductCreate") == ["FORBIDDEN"])
            let update = ["id": vendor, "name": "Mine"]
            let changed = try server.mutate("vendorUpdate", "VendorUpdateInput", update, "vendor { id }", by: ben.token)
            #expect(changed.codes("vendorUpdate") == ["FORBIDDEN"])
            #expect(try server.sql("SELECT count(*) FROM audit_logs WHERE outcome = 'REFUSED'") == "7")
        }
    }

    @Test func `what is closed takes no messages, and goes only the ways there are`() async throws {
        try await APIServer.with { server in
            let (ida, ben) = (try server.person("ida"), try server.person("ben"))
            let room = try server.conversation(of: ida)
            _ = try server.seller("Ben", in: room, account: ben, by: ida)
            let closed = try server.status("CLOSED", of: room, by: ida)
            #expect(closed["data.conversationStatusSet.conversation.viewerCanPost"] == "0", "\(closed.text)")
            #expect(try server.askSend("late", to: room, by: ben).codes("messageSend") == ["ROOM_ARCHIVED"])
            #expect(
                try server.status("CLOSED", of: room, by: ida).codes("conversationStatusSet") == ["INVALID_TRANSITION"]
            )
            #expect(try server.status("ARCHIVED", of: room, by: ida).codes("conversationStatusSet") == [])
            #expect(
                try server.status("CLOSED", of: room, by: ida).codes("conversationStatusSet") == ["INVALID_TRANSITION"]
            )
            let list = "query ($s: [ConversationStatus!]!) { viewer { conversations(statuses: $s) { totalCount } } }"
            func count(_ statuses: [String]) throws -> String? {
                try server.ask(list, ["s": statuses], token: ben.token)["data.viewer.conversations.totalCount"]
            }
            #expect(try count(["OPEN", "CLOSED"]) == "0")
            #expect(try count(["ARCHIVED"]) == "1")
            #expect(try server.status("OPEN", of: room, by: ida).codes("conversationStatusSet") == [])
            #expect(try server.askSend("again", to: room, by: ben).codes("messageSend") == [])
            // Not even by SQL.
            #expect(throws: (any Error).self) { try server.sql("UPDATE conversations SET status = 'OTHER'") }
            let delete =
                "mutation ($id: ID!) { conversationDelete(id: $id) { deletedConversationId userErrors { code } } }"
            let stream = try server.listen(to: [(room, nil)], as: ben)
            #expect(try server.ask(delete, ["id": room], token: ben.token).codes("conversationDelete") == ["FORBIDDEN"])
            let gone = try server.ask(delete, ["id": room], token: ida.token)
            #expect(gone["data.conversationDelete.deletedConversationId"] == room, "\(gone.text)")
            #expect(try stream.event() == "AccessRevoked NOT_A_MEMBER")
            for table in ["conversations", "sellers", "room_members"] {
                #expect(try server.sql("SELECT count(*) FROM \(table)") == "0")
            }
        }
    }

    @Test func `every rule that says once holds against many at a time`() async throws {
        try await APIServer.with { server in
            let (ida, ben) = (try server.person("ida"), try server.person("ben"))
            let room = try server.conversation(of: ida)
            func race(_ name: String, _ requests: [(String, [String: Any])]) throws -> [String] {
                let sockets = try requests.map { _ in try server.socket() }
                for (socket, request) in zip(sockets, requests) {
                    try socket.send(server.request(request.0, request.1, token: ida.token))
                }
                return try sockets.flatMap { try APIAnswer(from: $0).codes(name) }
            }
            func many(_ name: String, _ type: String, _ inputs: [[String: Any]]) throws -> [String] {
                let query = "mutation ($in: \(type)!) { \(name)(input: $in) { userErrors { code path } } }"
                return try race(name, inputs.map { (query, ["in": $0]) })
            }
            let vendors = (0..<6).map { ["conversationId": room, "name": "Vendor \($0)"] }
            #expect(
                try many("vendorRegister", "VendorRegisterInput", vendors)
                    == Array(repeating: "VENDOR_ALREADY_REGISTERED", count: 5)
            )
            let refused = Array(repeating: "SELLER_ALREADY_EXISTS", count: 5)
            let names = (0..<6).map { _ in ["conversationId": room, "name": "lampen"] }
            #expect(try many("sellerAdd", "SellerAddInput", names) == refused)
            let addresses = (0..<6).map { ["conversationId": room, "name": "A\($0)", "email": "SHOP@example.org"] }
            #expect(try many("sellerAdd", "SellerAddInput", addresses) == refused)
            let accounts = (0..<6).map { ["conversationId": room, "name": "B\($0)", "userId": ben.id] }
            #expect(try many("sellerAdd", "SellerAddInput", accounts) == refused)
            #expect(try server.sql("SELECT count(*) FROM sellers") == "3")
            let path = try server.askSeller("LAMPEN", in: room, by: ida)
            #expect(path["data.sellerAdd.userErrors.0.path.1"] == "name")
            let seller = try server.seller("Ship's store", in: room, by: ida)
            let price = ["minorUnits": "1", "currency": "EUR"]
            let products = (0..<6).map { _ in
                ["sellerId": seller, "sku": "one", "name": "x", "price": price] as [String: Any]
            }
            #expect(
                try many("sellerProductCreate", "SellerProductCreateInput", products)
                    == Array(repeating: "ALREADY_EXISTS", count: 5)
            )
            // Renaming onto another one is refused as well.
            let clash = ["id": seller, "name": "Lampen"]
            #expect(try many("sellerUpdate", "SellerUpdateInput", [clash]) == ["SELLER_ALREADY_EXISTS"])
            // A message either comes before the end, or is refused.
            let send = "mutation ($r: ID!) { messageSend(input: { roomId: $r, body: \"x\" }) { userErrors { code } } }"
            let close = "mutation ($r: ID!) { conversationStatusSet(id: $r, status: CLOSED) { userErrors { code } } }"
            let requests =
                (0..<5).map { _ in (send, ["r": room]) } + [(close, ["r": room])]
                + (0..<5).map { _ in (send, ["r": room]) }
            let late = try race("messageSend", requests.map { ($0.0, $0.1 as [String: Any]) })
            #expect(Set(late).isSubset(of: ["ROOM_ARCHIVED"]))
            #expect(
                try server.sql(
                    """
                    SELECT count(*) FROM messages m JOIN conversations c ON c.id = m.room_id
                    JOIN rooms r ON r.id = m.room_id WHERE m.created_at > r.archived_at AND m.seq > \(10 - late.count)
                    """
                ) == "0"
            )
        }
    }

    @Test func `texts are held against their rules, and versions against each other`() async throws {
        try await APIServer.with { server in
            let ida = try server.person("ida")
            let room = try server.conversation(of: ida)
            let bad: [[String: Any]] = [
                ["email": "nobody"], ["phone": "call me"], ["website": "javascript:alert(1)"], ["name": " "],
                ["website": "https://"], ["companyName": "a\u{202e}b"], ["taxId": String(repeating: "1", count: 41)],
            ]
            for wrong in bad {
                let input = ["conversationId": room, "name": "V"].merging(wrong) { $1 }
                let answer = try server.mutate(
                    "vendorRegister",
                    "VendorRegisterInput",
                    input,
                    "vendor { id }",
                    by: ida.token
                )
                #expect(answer.codes("vendorRegister") == ["INVALID_INPUT"], "\(wrong)")
                #expect(answer["data.vendorRegister.userErrors.0.path.1"] == wrong.keys.first)
            }
            let owner = try server.askVendor("Me", in: room, account: ida, by: ida)
            #expect(owner.codes("vendorRegister") == ["INVALID_INPUT"])
            let seller = try server.seller("S", in: room, by: ida)
            for (price, currency) in [(-1, "EUR"), (1, "eur"), (1, "EURO"), (1, "E€")] {
                let answer = try server.askProduct("x", of: seller, price: price, currency: currency, by: ida)
                #expect(answer.codes("sellerProductCreate") == ["INVALID_INPUT"], "\(currency)")
            }
            let product = try #require(
                try server.askProduct("L", of: seller, by: ida)["data.sellerProductCreate.product.id"]
            )
            func update(_ input: [String: Any]) throws -> APIAnswer {
                try server.mutate(
                    "sellerProductUpdate",
                    "SellerProductUpdateInput",
                    input.merging(["id": product]) { $1 },
                    "product { version name availableQuantity attributes { name } }",
                    by: ida.token
                )
            }
            let first = try update(["name": "New", "availableQuantity": 7, "expectedVersion": 1])
            #expect(first["data.sellerProductUpdate.product.availableQuantity"] == "7", "\(first.text)")
            #expect(first["data.sellerProductUpdate.product.attributes.1.name"] == "base")
            #expect(
                try update(["name": "Old", "expectedVersion": 1]).codes("sellerProductUpdate") == ["STALE_VERSION"]
            )
            let second = try update(["availableQuantity": NSNull(), "attributes": [Any](), "expectedVersion": 2])
            #expect(second["data.sellerProductUpdate.product.name"] == "New")
            #expect(second["data.sellerProductUpdate.product.availableQuantity"] == nil)
            #expect(second.count("data.sellerProductUpdate.product.attributes") == 0)
        }
    }
}
