package import PostgresClient

/// What is written down of a vendor.
package struct VendorFields: Sendable {
    package var name: String
    package var companyName: String?
    package var email: String?
    package var phone: String?
    package var website: String?
    package var taxID: String?

    package init(
        name: String,
        companyName: String?,
        email: String?,
        phone: String?,
        website: String?,
        taxID: String?
    ) {
        self.name = name
        self.companyName = companyName
        self.email = email
        self.phone = phone
        self.website = website
        self.taxID = taxID
    }
}

/// What is written down of a seller.
package struct SellerFields: Sendable {
    package var name: String
    package var email: String?
    package var phone: String?

    package init(name: String, email: String?, phone: String?) {
        self.name = name
        self.email = email
        self.phone = phone
    }
}

extension Transaction {
    /// A room of its own, with its owner in it.
    package func insertConversation(_ id: UUID, uuid: UUID, title: String, owner: UUID) async throws {
        try await execute(RoomWriteStatements.insertRoom, id, "CONVERSATION", title, nil)
        try await execute(ConversationWriteStatements.insert, id, uuid, owner)
        _ = try await addRoomMembers([owner], to: id)
    }

    package func conversationsMade(by user: UUID) async throws -> Int {
        try await one(ConversationWriteStatements.countMade, user)
    }

    /// Holds the conversation until the transaction ends: its parties and products change one after the other, and nobody
    /// writes meanwhile. Nil when the viewer sees none of this id.
    package func lockConversation(_ id: UUID, visibleTo viewer: UUID) async throws -> RoomRow? {
        guard try await first(RoomWriteStatements.lock, id) != nil else { return nil }
        return try await rooms([id], visibleTo: viewer).first { $0.conversation != nil }
    }

    package func setTitle(_ title: String, of conversation: UUID) async throws {
        try await execute(ConversationWriteStatements.setTitle, conversation, title)
        try await touchConversation(conversation)
    }

    /// False where the state machine knows no such step.
    package func setConversationStatus(_ status: String, of conversation: UUID) async throws -> Bool {
        try await execute(ConversationWriteStatements.setStatus, conversation, status) == 1
    }

    /// Raises its version.
    package func touchConversation(_ id: UUID) async throws {
        try await execute(ConversationWriteStatements.touch, id)
    }

    /// Takes it away with its parties, products and links: nobody sees its room any more, and nobody writes to it. What
    /// was said there is removed later, and then its guests, by `emptyDeletedRoom`.
    package func deleteConversation(_ id: UUID, at time: Timestamp) async throws {
        try await execute(RoomDeletionStatements.mark, [id], time)
        try await execute(ConversationWriteStatements.keepGuests, id)
        try await execute(ConversationWriteStatements.removeMembers, id)
        try await execute(ConversationWriteStatements.delete, id)
    }

    /// Nil when the conversation has a vendor.
    package func insertVendor(
        _ id: UUID,
        of conversation: UUID,
        _ fields: VendorFields,
        user: UUID?
    ) async throws -> VendorRow? {
        try await first(
            ConversationWriteStatements.insertVendor,
            id,
            conversation,
            fields.name,
            fields.companyName,
            fields.email,
            fields.phone,
            fields.website,
            fields.taxID,
            user
        )
    }

    package func setVendor(_ id: UUID, _ fields: VendorFields) async throws -> VendorRow {
        try await one(
            ConversationWriteStatements.updateVendor,
            id,
            fields.name,
            fields.companyName,
            fields.email,
            fields.phone,
            fields.website,
            fields.taxID
        )
    }

    package func deleteVendor(_ id: UUID) async throws {
        try await execute(ConversationWriteStatements.deleteVendor, id)
    }

    package func sellerCount(of conversation: UUID) async throws -> Int {
        try await one(ConversationWriteStatements.sellerCount, conversation)
    }

    /// Nil when another seller of the conversation has the name, the address or the account.
    package func insertSeller(
        _ id: UUID,
        of conversation: UUID,
        _ fields: SellerFields,
        user: UUID?
    ) async throws -> SellerRow? {
        try await first(
            ConversationWriteStatements.insertSeller,
            id,
            conversation,
            fields.name,
            fields.email,
            fields.phone,
            user
        )
    }

    /// What another seller of the conversation has of this: its name, its address or its account; the first of them.
    package func sellerConflict(
        in conversation: UUID,
        _ fields: SellerFields,
        user: UUID?,
        except id: UUID? = nil
    ) async throws -> String? {
        try await first(
            ConversationWriteStatements.sellerConflict,
            conversation,
            fields.name,
            fields.email,
            user,
            id
        )
    }

    package func setSeller(_ id: UUID, _ fields: SellerFields) async throws -> SellerRow {
        try await one(ConversationWriteStatements.updateSeller, id, fields.name, fields.email, fields.phone)
    }

    package func deleteSeller(_ id: UUID) async throws {
        try await execute(ConversationWriteStatements.deleteSeller, id)
    }

    /// Takes an account out of the room that is nothing in the conversation any more; whether it was there.
    package func leaveConversation(_ conversation: UUID, user: UUID) async throws -> Bool {
        try await execute(ConversationWriteStatements.leave, conversation, user) == 1
    }
}

enum ConversationWriteStatements {
    static let insert = Command<UUID, UUID, UUID>("INSERT INTO conversations (id, uuid, owner_id) VALUES ($1, $2, $3)")
    static let countMade = Statement<Int, UUID>("SELECT count(*) FROM conversations WHERE owner_id = $1")
    static let setTitle = Command<UUID, String>("UPDATE rooms SET title = $2 WHERE id = $1")
    static let setStatus = Command<UUID, String>(
        """
        UPDATE conversations SET status = $2, closed_at = CASE WHEN $2 <> 'OPEN' THEN coalesce(closed_at, now()) END
        WHERE id = $1 AND EXISTS (
            SELECT FROM state_transitions
            WHERE machine = 'conversation' AND from_state = conversations.status AND to_state = $2)
        """
    )
    static let touch = Command<UUID>("UPDATE conversations SET updated_at = now() WHERE id = $1")
    // Those who were taken out as well: without the links this is all that tells of which room they were.
    static let keepGuests = Command<UUID>(
        """
        INSERT INTO room_members (room_id, guest_id)
        SELECT DISTINCT conversation_id, guest_id FROM guest_links WHERE conversation_id = $1
        ON CONFLICT (room_id, guest_id) WHERE guest_id IS NOT NULL DO NOTHING
        """
    )
    static let removeMembers = Command<UUID>("DELETE FROM room_members WHERE room_id = $1 AND user_id IS NOT NULL")
    static let delete = Command<UUID>("DELETE FROM conversations WHERE id = $1")
    static let insertVendor = Statement<
        VendorRow, UUID, UUID, String, String?, String?, String?, String?, String?, UUID?
    >(
        """
        INSERT INTO vendors AS v (id, conversation_id, name, company_name, email, phone, website, tax_id, user_id)
        VALUES ($1, $2, $3, $4, $5::citext, $6, $7, $8, $9) ON CONFLICT (conversation_id) DO NOTHING
        RETURNING v.id, v.conversation_id, v.name, v.company_name, v.email::text, v.phone, v.website, v.tax_id, v.user_id,
            v.guest_id, v.created_at, v.updated_at
        """
    )
    static let updateVendor = Statement<VendorRow, UUID, String, String?, String?, String?, String?, String?>(
        """
        UPDATE vendors AS v SET name = $2, company_name = $3, email = $4::citext, phone = $5, website = $6, tax_id = $7,
            updated_at = now()
        WHERE v.id = $1
        RETURNING v.id, v.conversation_id, v.name, v.company_name, v.email::text, v.phone, v.website, v.tax_id, v.user_id,
            v.guest_id, v.created_at, v.updated_at
        """
    )
    static let deleteVendor = Command<UUID>("DELETE FROM vendors WHERE id = $1")
    static let sellerCount = Statement<Int, UUID>("SELECT count(*) FROM sellers WHERE conversation_id = $1")
    static let insertSeller = Statement<SellerRow, UUID, UUID, String, String?, String?, UUID?>(
        """
        INSERT INTO sellers AS s (id, conversation_id, name, email, phone, user_id)
        VALUES ($1, $2, $3::citext, $4::citext, $5, $6) ON CONFLICT DO NOTHING
        RETURNING s.id, s.conversation_id, s.name::text, s.email::text, s.phone, s.user_id, s.guest_id, s.created_at,
            s.updated_at
        """
    )
    static let sellerConflict = Statement<String, UUID, String, String?, UUID?, UUID?>(
        """
        SELECT CASE WHEN s.name = $2::citext THEN 'name' WHEN s.email = $3::citext THEN 'email' ELSE 'userId' END
        FROM sellers s
        WHERE s.conversation_id = $1 AND s.id IS DISTINCT FROM $5
            AND (s.name = $2::citext OR s.email = $3::citext OR s.user_id = $4)
        ORDER BY 1 DESC LIMIT 1
        """
    )
    static let updateSeller = Statement<SellerRow, UUID, String, String?, String?>(
        """
        UPDATE sellers AS s SET name = $2::citext, email = $3::citext, phone = $4, updated_at = now() WHERE s.id = $1
        RETURNING s.id, s.conversation_id, s.name::text, s.email::text, s.phone, s.user_id, s.guest_id, s.created_at,
            s.updated_at
        """
    )
    static let deleteSeller = Command<UUID>("DELETE FROM sellers WHERE id = $1")
    static let leave = Command<UUID, UUID>(
        """
        DELETE FROM room_members m WHERE m.room_id = $1 AND m.user_id = $2
            AND NOT EXISTS (SELECT FROM conversations c WHERE c.id = $1 AND c.owner_id = $2)
            AND NOT EXISTS (SELECT FROM vendors v WHERE v.conversation_id = $1 AND v.user_id = $2)
            AND NOT EXISTS (SELECT FROM sellers s WHERE s.conversation_id = $1 AND s.user_id = $2)
        """
    )
    static let all: [any CheckableStatement] = [
        insert, countMade, setTitle, setStatus, touch, keepGuests, removeMembers, delete, insertVendor, updateVendor,
        deleteVendor, sellerCount, insertSeller, sellerConflict, updateSeller, deleteSeller, leave,
    ]
}
