internal import Data
internal import PostgresClient

/// A conversation in which Northlight Studio buys lamps, with a seller who has an account and one who has none.
struct SampleConversations: SamplePart {
    func add(to world: SampleWorld, in transaction: Transaction) async throws {
        let id = world.id("conversation/harbour-lights")
        let owner = world.user("tomas")
        // What was changed since is left as it is.
        guard try await transaction.rooms([id], visibleTo: owner).isEmpty else { return }
        let uuid = world.id("conversation/harbour-lights/uuid")
        try await transaction.insertConversation(id, uuid: uuid, title: "Lights for the harbour", owner: owner)
        let vendor = VendorFields(
            name: "Elif Yılmaz",
            companyName: "Northlight Studio",
            email: "elif@atrium.example",
            phone: "+90 212 555 0142",
            website: "https://northlight.example",
            taxID: nil
        )
        let elif = world.user("elif")
        _ = try await transaction.insertVendor(world.id("vendor/elif"), of: id, vendor, user: elif)
        _ = try await transaction.addRoomMembers([elif, world.user("samuel")], to: id)
        let robotics = SellerFields(name: "Harbour Robotics", email: "samuel@atrium.example", phone: nil)
        let lamps = SellerFields(name: "Fanal & Filles", email: "atelier@fanal.example", phone: "+33 2 40 55 01 99")
        let samuel = world.user("samuel")
        let sellers = [
            try await transaction.insertSeller(world.id("seller/robotics"), of: id, robotics, user: samuel),
            try await transaction.insertSeller(world.id("seller/fanal"), of: id, lamps, user: nil),
        ]
        for (seller, offers) in zip(sellers, [Self.buoys, Self.lanterns]) {
            guard let seller else { continue }
            for offer in offers {
                _ = try await transaction.insertProduct(world.id("product/" + offer.sku), of: seller, offer)
            }
        }
        for (number, (author, text)) in Self.talk.enumerated() {
            let message = NewMessage(
                id: world.id("conversation/harbour-lights/\(number)"),
                roomID: id,
                authorID: world.user(author),
                body: text,
                replyToID: nil,
                nonce: nil
            )
            _ = try await transaction.insert(message)
        }
    }

    private static let talk = [
        ("tomas", "We light the harbour in June: forty lamps that stand the salt, and twelve that float."),
        ("samuel", "Our buoys carry lamps of up to four kilos. They come back by themselves."),
        ("elif", "That is the first buoy I would like to meet."),
    ]
    private static let buoys = [
        product("HR-B4", "Buoy that steers", 189_000, 2, days: 35, [("carries", "4 kg"), ("runs for", "9 h")]),
        product("HR-B1", "Buoy that stays", 42_000, 4, days: 14, [("carries", "1.5 kg")]),
    ]
    private static let lanterns = [
        product("FF-12", "Brass lantern, sealed", 21_500, 10, days: 28, [("socket", "E27"), ("stands", "salt water")]),
        product("FF-30", "Glass globe, 30 cm", 9_800, 10, days: 21, [("socket", "E27")]),
    ]

    private static func product(
        _ sku: String,
        _ name: String,
        _ cents: Int,
        _ least: Int32,
        days: Int32,
        _ attributes: [(name: String, value: String)]
    ) -> SellerProductFields {
        SellerProductFields(
            sku: sku,
            name: name,
            description: "",
            priceMinor: cents,
            currency: "EUR",
            minimumQuantity: least,
            availableQuantity: nil,
            leadTimeDays: days,
            status: "ACTIVE",
            attributes: attributes
        )
    }
}
