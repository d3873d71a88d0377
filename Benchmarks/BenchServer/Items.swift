extension Item {
    static let thousand: [Item] = (0..<1_000).map { Item.numbered($0) }

    private static func numbered(_ number: Int32) -> Item {
        Item(
            id: ItemID(rawValue: "item-\(number)"),
            name: "Name \(number)",
            email: "user\(number)@example.com",
            age: number % 90,
            city: "City \(number % 100)",
            country: "Country",
            score: Double(number) / 8,
            bio: "Some longer text about the person number \(number), as people write them.",
            active: number % 2 == 0,
            rank: number
        )
    }
}
