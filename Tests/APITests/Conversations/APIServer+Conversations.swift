import Foundation
import SocketTesting
import Testing

extension APIServer {
    /// A mutation with one argument `input`, and what to select of its answer.
    func mutate(
        _ name: String,
        _ type: String,
        _ input: [String: Any],
        _ selection: String,
        by token: String
    ) throws -> APIAnswer {
        let query = "mutation ($in: \(type)!) { \(name)(input: $in) { \(selection) userErrors { code path } } }"
        return try ask(query, ["in": input], token: token)
    }

    func conversation(of person: TestPerson, title: String = "Lamps", first: String? = nil) throws -> String {
        var input: [String: Any] = ["title": title]
        input["firstMessage"] = first
        let answer = try mutate(
            "conversationCreate",
            "ConversationCreateInput",
            input,
            "conversation { id }",
            by: person.token
        )
        return try #require(answer["data.conversationCreate.conversation.id"], "\(answer.text)")
    }

    func askVendor(
        _ name: String,
        in conversation: String,
        account: TestPerson? = nil,
        by person: TestPerson
    ) throws -> APIAnswer {
        var input: [String: Any] = ["conversationId": conversation, "name": name, "email": "buyer@example.org"]
        input["userId"] = account?.id
        return try mutate("vendorRegister", "VendorRegisterInput", input, "vendor { id }", by: person.token)
    }

    func askSeller(
        _ name: String,
        email: String? = nil,
        in conversation: String,
        account: TestPerson? = nil,
        by person: TestPerson
    ) throws -> APIAnswer {
        var input: [String: Any] = ["conversationId": conversation, "name": name]
        input["email"] = email
        input["userId"] = account?.id
        return try mutate("sellerAdd", "SellerAddInput", input, "seller { id name hasLink }", by: person.token)
    }

    func seller(
        _ name: String,
        in conversation: String,
        account: TestPerson? = nil,
        by person: TestPerson
    ) throws -> String {
        let answer = try askSeller(name, in: conversation, account: account, by: person)
        return try #require(answer["data.sellerAdd.seller.id"], "\(answer.text)")
    }

    func askProduct(
        _ sku: String,
        of seller: String,
        price: Int = 1_250,
        currency: String = "EUR",
        by person: TestPerson
    ) throws -> APIAnswer {
        try mutate(
            "sellerProductCreate",
            "SellerProductCreateInput",
            [
                "sellerId": seller, "sku": sku, "name": "Lamp \(sku)",
                "price": ["minorUnits": "\(price)", "currency": currency],
                "attributes": [["name": "colour", "value": "warm \"white\""], ["name": "base", "value": "E27"]],
            ],
            "product { id version }",
            by: person.token
        )
    }

    /// A guest's token, and the id of their link.
    func invite(seller: String, to conversation: String, by person: TestPerson) throws -> (token: String, link: String)
    {
        let answer = try mutate(
            "conversationGuestInvite",
            "ConversationGuestInviteInput",
            ["conversationId": conversation, "sellerId": seller],
            "token link { id guest { name } }",
            by: person.token
        )
        let payload = "data.conversationGuestInvite"
        return (
            try #require(answer["\(payload).token"], "\(answer.text)"), try #require(answer["\(payload).link.id"])
        )
    }

    func status(_ status: String, of conversation: String, by person: TestPerson) throws -> APIAnswer {
        try ask(
            """
            mutation ($id: ID!, $status: ConversationStatus!) { conversationStatusSet(id: $id, status: $status) {
                conversation { status archivedAt closedAt viewerCanPost } userErrors { code path } } }
            """,
            ["id": conversation, "status": status],
            token: person.token
        )
    }
}
