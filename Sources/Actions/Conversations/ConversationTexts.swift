internal import Data

/// Which texts the things of conversations have, held against the rules. What is left out is nil; what is empty, too.
enum ConversationTexts {
    static func check(_ vendor: VendorFields, _ faults: inout [ChatFault]) -> VendorFields {
        VendorFields(
            name: ChatText.line(vendor.name, 1...200, ["input", "name"], &faults),
            companyName: line(vendor.companyName, "companyName", 200, &faults),
            email: email(vendor.email, &faults),
            phone: phone(vendor.phone, &faults),
            website: website(vendor.website, &faults),
            taxID: line(vendor.taxID, "taxId", 40, &faults)
        )
    }

    static func check(_ seller: SellerFields, _ faults: inout [ChatFault]) -> SellerFields {
        SellerFields(
            name: ChatText.line(seller.name, 1...200, ["input", "name"], &faults),
            email: email(seller.email, &faults),
            phone: phone(seller.phone, &faults)
        )
    }

    static func check(_ product: SellerProductFields, _ faults: inout [ChatFault]) -> SellerProductFields {
        var product = product
        product.sku = ChatText.line(product.sku, 1...64, ["input", "sku"], &faults)
        product.name = ChatText.line(product.name, 1...200, ["input", "name"], &faults)
        product.description = ChatText.text(product.description, 0...5_000, ["input", "description"], &faults)
        if product.priceMinor < 0 { refuse("price", "Must not be negative.", &faults) }
        let isCurrency = product.currency.utf8.allSatisfy { (0x41...0x5a).contains($0) }
        if product.currency.utf8.count != 3 || !isCurrency {
            refuse("price", "Give its currency by the three capitals of ISO 4217.", &faults)
        }
        if product.minimumQuantity < 1 { refuse("minimumOrderQuantity", "Must be at least 1.", &faults) }
        if let available = product.availableQuantity, available < 0 {
            refuse("availableQuantity", "Must not be negative.", &faults)
        }
        if let days = product.leadTimeDays, !(0...365).contains(days) {
            refuse("leadTimeDays", "Must be from 0 to 365.", &faults)
        }
        let path = ["input", "attributes"]
        if product.attributeNames.count > 50 { refuse("attributes", "Give at most 50.", &faults) }
        product.attributeNames = product.attributeNames.map { ChatText.line($0, 1...60, path, &faults) }
        product.attributeValues = product.attributeValues.map { ChatText.line($0, 0...500, path, &faults) }
        return product
    }

    private static func line(
        _ text: String?,
        _ field: String,
        _ length: Int,
        _ faults: inout [ChatFault]
    ) -> String? {
        guard let text else { return nil }
        let line = ChatText.line(text, 0...length, ["input", field], &faults)
        return line.isEmpty ? nil : line
    }

    private static func email(_ text: String?, _ faults: inout [ChatFault]) -> String? {
        guard let text, case let email = VisibleText.trimmed(text), !email.isEmpty else { return nil }
        if !AccountNames.isEmail(email) {
            refuse("email", "Must be an e-mail address of at most 254 characters.", &faults)
        }
        return email
    }

    /// As people write them: digits, and what stands between them.
    private static func phone(_ text: String?, _ faults: inout [ChatFault]) -> String? {
        guard let phone = line(text, "phone", 32, &faults) else { return nil }
        let digits = phone.utf8.filter { (0x30...0x39).contains($0) }.count
        let isPhone = phone.utf8.allSatisfy { (0x30...0x39).contains($0) || " +-()./".utf8.contains($0) }
        if !isPhone || !(3...20).contains(digits) { refuse("phone", "Must be a telephone number.", &faults) }
        return phone
    }

    /// Only pages: what others open must run nothing.
    private static func website(_ text: String?, _ faults: inout [ChatFault]) -> String? {
        guard let address = line(text, "website", 500, &faults) else { return nil }
        let isPage = ["https://", "http://"].contains {
            address.lowercased().hasPrefix($0) && address.utf8.count > $0.utf8.count
        }
        if !isPage || address.contains(where: { $0.isWhitespace || "<>\"\\".contains($0) }) {
            refuse("website", "Must be an address that begins with https:// or http://.", &faults)
        }
        return address
    }

    private static func refuse(_ field: String, _ message: String, _ faults: inout [ChatFault]) {
        faults.append(.invalid(field, message))
    }
}
