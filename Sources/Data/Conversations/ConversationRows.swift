package import PostgresClient

/// What is known of either side of a conversation.
package protocol PartyRow {
    var conversationID: UUID { get }
    /// The account that acts for them, or the guest; neither for those who are only written down.
    var userID: UUID? { get }
    var guestID: UUID? { get }
    var createdAt: Timestamp { get }
    var updatedAt: Timestamp { get }
}

/// The one who buys in a conversation.
package struct VendorRow: PartyRow, PostgresRow, Equatable {
    package let id: UUID
    package let conversationID: UUID
    package let name: String
    package let companyName: String?
    package let email: String?
    package let phone: String?
    package let website: String?
    package let taxID: String?
    package let userID: UUID?
    package let guestID: UUID?
    package let createdAt: Timestamp
    package let updatedAt: Timestamp

    package init(from row: inout RowReader) throws {
        id = try row.next()
        conversationID = try row.next()
        name = try row.next()
        companyName = try row.next()
        email = try row.next()
        phone = try row.next()
        website = try row.next()
        taxID = try row.next()
        userID = try row.next()
        guestID = try row.next()
        createdAt = try row.next()
        updatedAt = try row.next()
    }
}

/// Somebody who offers products in a conversation.
package struct SellerRow: PartyRow, PostgresRow, Equatable {
    package let id: UUID
    package let conversationID: UUID
    package let name: String
    package let email: String?
    package let phone: String?
    package let userID: UUID?
    package let guestID: UUID?
    package let createdAt: Timestamp
    package let updatedAt: Timestamp

    package init(from row: inout RowReader) throws {
        id = try row.next()
        conversationID = try row.next()
        name = try row.next()
        email = try row.next()
        phone = try row.next()
        userID = try row.next()
        guestID = try row.next()
        createdAt = try row.next()
        updatedAt = try row.next()
    }
}

/// Something that a seller offers.
package struct SellerProductRow: PostgresRow, Equatable {
    package let id: UUID
    package let sellerID: UUID
    package let conversationID: UUID
    package let sku: String
    package let name: String
    package let description: String
    package let priceMinor: Int
    package let currency: String
    package let minimumQuantity: Int32
    package let availableQuantity: Int32?
    package let leadTimeDays: Int32?
    package let status: String
    /// Names and values, as many of the one as of the other.
    package let attributeNames: [String]
    package let attributeValues: [String]
    package let createdAt: Timestamp
    package let updatedAt: Timestamp
    package let version: Int32

    package init(from row: inout RowReader) throws {
        id = try row.next()
        sellerID = try row.next()
        conversationID = try row.next()
        sku = try row.next()
        name = try row.next()
        description = try row.next()
        priceMinor = try row.next()
        currency = try row.next()
        minimumQuantity = try row.next()
        availableQuantity = try row.next()
        leadTimeDays = try row.next()
        status = try row.next()
        attributeNames = try row.next()
        attributeValues = try row.next()
        createdAt = try row.next()
        updatedAt = try row.next()
        version = try row.next()
    }
}

/// A link by which somebody without an account comes into a conversation.
package struct GuestLinkRow: PostgresRow, Equatable {
    package let id: UUID
    package let conversationID: UUID
    package let guestID: UUID
    package let guestName: String
    package let createdAt: Timestamp
    package let expiresAt: Timestamp
    package let revokedAt: Timestamp?

    package init(from row: inout RowReader) throws {
        id = try row.next()
        conversationID = try row.next()
        guestID = try row.next()
        guestName = try row.next()
        createdAt = try row.next()
        expiresAt = try row.next()
        revokedAt = try row.next()
    }
}

/// The guest who wrote a message.
package struct MessageGuestRow: PostgresRow, Equatable {
    package let messageID: UUID
    package let name: String

    package init(from row: inout RowReader) throws {
        messageID = try row.next()
        name = try row.next()
    }
}
