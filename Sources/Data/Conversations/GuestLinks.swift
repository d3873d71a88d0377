package import PostgresClient

/// A link to be.
package struct NewGuestLink: Sendable {
    package let id: UUID
    package let conversationID: UUID
    package let guestID: UUID
    /// Of the token, which only the guest gets.
    package let tokenHash: [UInt8]
    package let invitedBy: UUID
    package let expiresAt: Timestamp

    package init(
        id: UUID,
        conversationID: UUID,
        guestID: UUID,
        tokenHash: [UInt8],
        invitedBy: UUID,
        expiresAt: Timestamp
    ) {
        self.id = id
        self.conversationID = conversationID
        self.guestID = guestID
        self.tokenHash = tokenHash
        self.invitedBy = invitedBy
        self.expiresAt = expiresAt
    }
}

extension StatementRunner {
    /// The link of a token, while it is good.
    package func guestLink(tokenHash: [UInt8]) async throws -> GuestLinkRow? {
        try await first(GuestLinkStatements.byToken, Bytes(tokenHash))
    }

    /// Those that are good, of conversations that whoever asks has shown to own; the oldest first.
    package func guestLinks(of conversations: [UUID]) async throws -> [GuestLinkRow] {
        try await rows(GuestLinkStatements.ofConversations, conversations)
    }

    /// Those of these that are good, and let into conversations of this owner.
    package func guestLinks(_ ids: [UUID], ofOwner owner: UUID) async throws -> [GuestLinkRow] {
        try await rows(GuestLinkStatements.ofOwner, ids, owner)
    }

    package func guestLink(_ id: UUID) async throws -> GuestLinkRow? { try await first(GuestLinkStatements.byID, id) }
}

/// What a mail with a link tells.
package struct GuestInvitationRow: PostgresRow, Equatable {
    package let guest: String
    package let title: String
    package let inviter: String?
    package let expiresAt: Timestamp

    package init(from row: inout RowReader) throws {
        guest = try row.next()
        title = try row.next()
        inviter = try row.next()
        expiresAt = try row.next()
    }
}

extension Transaction {
    /// In place of the token the link had; nil once the link has ended.
    package func setGuestToken(hash: [UInt8], of link: UUID) async throws -> GuestInvitationRow? {
        try await first(GuestLinkStatements.setToken, link, Bytes(hash))
    }

    /// Makes a guest of a vendor or a seller, with a place in the room.
    package func insertGuest(_ id: UUID, name: String, email: String?, for party: ConversationParty) async throws {
        try await execute(GuestLinkStatements.insertGuest, id, name, email)
        switch party {
        case .vendor(let vendor):
            try await execute(GuestLinkStatements.setVendorGuest, vendor.id, id)
            try await execute(GuestLinkStatements.addMember, vendor.conversationID, id)
        case .seller(let seller):
            try await execute(GuestLinkStatements.setSellerGuest, seller.id, id)
            try await execute(GuestLinkStatements.addMember, seller.conversationID, id)
        }
    }

    /// In place of the one the guest had, which ends.
    package func insert(_ link: NewGuestLink) async throws -> GuestLinkRow {
        try await endLinks(ofGuest: link.guestID)
        try await execute(
            GuestLinkStatements.insert,
            link.id,
            link.conversationID,
            link.guestID,
            Bytes(link.tokenHash),
            link.invitedBy,
            link.expiresAt
        )
        return try await one(GuestLinkStatements.byID, link.id)
    }

    package func endLinks(ofGuest guest: UUID) async throws { try await execute(GuestLinkStatements.end, guest) }

    /// Out of the room, for good; what they wrote stays theirs.
    package func removeGuest(_ guest: UUID) async throws {
        try await endLinks(ofGuest: guest)
        try await execute(GuestLinkStatements.removeMember, guest)
    }
}

/// One of the two sides of a conversation.
package enum ConversationParty: Sendable {
    case vendor(VendorRow)
    case seller(SellerRow)

    package var conversationID: UUID {
        switch self {
        case .vendor(let row): row.conversationID
        case .seller(let row): row.conversationID
        }
    }

    package var name: String {
        switch self {
        case .vendor(let row): row.name
        case .seller(let row): row.name
        }
    }

    package var email: String? {
        switch self {
        case .vendor(let row): row.email
        case .seller(let row): row.email
        }
    }

    package var userID: UUID? {
        switch self {
        case .vendor(let row): row.userID
        case .seller(let row): row.userID
        }
    }

    package var guestID: UUID? {
        switch self {
        case .vendor(let row): row.guestID
        case .seller(let row): row.guestID
        }
    }
}

enum GuestLinkStatements {
    static let byToken = Statement<GuestLinkRow, Bytes>(
        """
        SELECT l.id, l.conversation_id, l.guest_id, g.name, l.created_at, l.expires_at, l.revoked_at
        FROM guest_links l JOIN guests g ON g.id = l.guest_id
        WHERE l.token_hash = $1 AND l.revoked_at IS NULL AND l.expires_at > now()
        """
    )
    static let ofConversations = Statement<GuestLinkRow, [UUID]>(
        """
        SELECT l.id, l.conversation_id, l.guest_id, g.name, l.created_at, l.expires_at, l.revoked_at
        FROM guest_links l JOIN guests g ON g.id = l.guest_id
        WHERE l.conversation_id = ANY ($1) AND l.revoked_at IS NULL AND l.expires_at > now()
        ORDER BY l.conversation_id, l.created_at, l.id
        """
    )
    static let ofOwner = Statement<GuestLinkRow, [UUID], UUID>(
        """
        SELECT l.id, l.conversation_id, l.guest_id, g.name, l.created_at, l.expires_at, l.revoked_at
        FROM guest_links l JOIN guests g ON g.id = l.guest_id JOIN conversations c ON c.id = l.conversation_id
        WHERE l.id = ANY ($1) AND c.owner_id = $2 AND l.revoked_at IS NULL AND l.expires_at > now()
        """
    )
    static let byID = Statement<GuestLinkRow, UUID>(
        """
        SELECT l.id, l.conversation_id, l.guest_id, g.name, l.created_at, l.expires_at, l.revoked_at
        FROM guest_links l JOIN guests g ON g.id = l.guest_id WHERE l.id = $1
        """
    )
    static let insertGuest = Command<UUID, String, String?>(
        "INSERT INTO guests (id, name, email) VALUES ($1, $2, $3::citext)"
    )
    static let setVendorGuest = Command<UUID, UUID>("UPDATE vendors SET guest_id = $2 WHERE id = $1")
    static let setSellerGuest = Command<UUID, UUID>("UPDATE sellers SET guest_id = $2 WHERE id = $1")
    static let addMember = Command<UUID, UUID>("INSERT INTO room_members (room_id, guest_id) VALUES ($1, $2)")
    static let removeMember = Command<UUID>("DELETE FROM room_members WHERE guest_id = $1")
    static let insert = Command<UUID, UUID, UUID, Bytes, UUID, Timestamp>(
        """
        INSERT INTO guest_links (id, conversation_id, guest_id, token_hash, invited_by, expires_at)
        VALUES ($1, $2, $3, $4, $5, $6)
        """
    )
    static let setToken = Statement<GuestInvitationRow, UUID, Bytes>(
        """
        UPDATE guest_links l SET token_hash = $2 FROM guests g, rooms r
        WHERE l.id = $1 AND l.revoked_at IS NULL AND l.expires_at > now() AND g.id = l.guest_id
            AND r.id = l.conversation_id
        RETURNING g.name, r.title, (SELECT u.name FROM users u WHERE u.id = l.invited_by), l.expires_at
        """
    )
    static let end = Command<UUID>(
        "UPDATE guest_links SET revoked_at = now() WHERE guest_id = $1 AND revoked_at IS NULL"
    )
    static let all: [any CheckableStatement] = [
        byToken, ofConversations, ofOwner, byID, insertGuest, setVendorGuest, setSellerGuest, addMember, removeMember,
        insert, setToken, end,
    ]
}
