package import PostgresClient

extension Session {
    /// The conversations of these states that the user is in, those with the newest messages first.
    package func conversations(
        of user: UUID,
        statuses: [String],
        search: String?,
        _ request: PageRequest
    ) async throws -> Page<RoomRow> {
        try await page(ConversationReadStatements.ofUser, request, user, statuses, search)
    }

    package func conversationCount(of user: UUID, statuses: [String], search: String?) async throws -> Int {
        try await one(ConversationReadStatements.countOfUser, user, statuses, search)
    }

    /// Of conversations that whoever asks has shown to see.
    package func sellers(of conversations: [UUID], _ request: PageRequest) async throws -> [Page<SellerRow>] {
        try await pages(ConversationReadStatements.sellers, request, of: conversations)
    }

    package func sellerCounts(of conversations: [UUID]) async throws -> [Int] {
        try await counts(ConversationReadStatements.sellerCounts, of: conversations)
    }
}

extension StatementRunner {
    package func conversation(uuid: UUID) async throws -> UUID? {
        try await first(ConversationReadStatements.byUUID, uuid)
    }

    /// Of conversations that whoever asks has shown to see.
    package func vendors(of conversations: [UUID]) async throws -> [VendorRow] {
        try await rows(ConversationReadStatements.vendorsOf, conversations)
    }

    package func vendors(_ ids: [UUID], visibleTo viewer: UUID) async throws -> [VendorRow] {
        try await rows(ConversationReadStatements.vendors, ids, viewer)
    }

    package func sellers(_ ids: [UUID], visibleTo viewer: UUID) async throws -> [SellerRow] {
        try await rows(ConversationReadStatements.sellersByID, ids, viewer)
    }

    /// Those of these messages that guests have written.
    package func guests(of messages: [UUID]) async throws -> [MessageGuestRow] {
        try await rows(ConversationReadStatements.guests, messages)
    }
}

enum ConversationReadStatements {
    static let ofUser = PagedStatement<RoomRow, Keyset<Timestamp, UUID>, UUID, [String], String?>(
        "Viewer.conversations",
        by: [.descending("room.active_at"), .descending("room.id")],
        key: { Keyset($0.activeAt, $0.id) },
        """
        SELECT seen.* FROM (
            SELECT room.* FROM (
                SELECT r.id, coalesce(r.last_message_at, r.created_at) AS active_at
                FROM room_members m JOIN conversations c ON c.id = m.room_id JOIN rooms r ON r.id = m.room_id
                WHERE m.user_id = $1 AND c.status = ANY ($2::text[])
                    AND ($3::text IS NULL OR position(lower($3) IN lower(r.title)) > 0)
            ) AS room ORDER BY {order} OFFSET 0
        ) AS room
        CROSS JOIN LATERAL (SELECT * FROM visible_rooms(ARRAY[room.id], $1) OFFSET 0) AS seen
        WHERE {after} ORDER BY {order} LIMIT {limit}
        """
    )
    static let countOfUser = Statement<Int, UUID, [String], String?>(
        """
        SELECT count(*) FROM room_members m JOIN conversations c ON c.id = m.room_id
        CROSS JOIN LATERAL (SELECT v.title FROM visible_rooms(ARRAY[m.room_id], $1) AS v OFFSET 0) AS room
        WHERE m.user_id = $1 AND c.status = ANY ($2::text[]) AND ($3::text IS NULL OR position(lower($3) IN lower(room.title)) > 0)
        """
    )
    static let byUUID = Statement<UUID, UUID>("SELECT id FROM conversations WHERE uuid = $1")
    static let vendorsOf = Statement<VendorRow, [UUID]>(
        """
        SELECT v.id, v.conversation_id, v.name, v.company_name, v.email::text, v.phone, v.website, v.tax_id, v.user_id,
            v.guest_id, v.created_at, v.updated_at
        FROM vendors v WHERE v.conversation_id = ANY ($1)
        """
    )
    static let vendors = Statement<VendorRow, [UUID], UUID>(
        """
        SELECT v.id, v.conversation_id, v.name, v.company_name, v.email::text, v.phone, v.website, v.tax_id, v.user_id,
            v.guest_id, v.created_at, v.updated_at
        FROM vendors v
        CROSS JOIN LATERAL (SELECT FROM visible_rooms(ARRAY[v.conversation_id], $2) OFFSET 0) AS room
        WHERE v.id = ANY ($1)
        """
    )
    static let sellersByID = Statement<SellerRow, [UUID], UUID>(
        """
        SELECT s.id, s.conversation_id, s.name::text, s.email::text, s.phone, s.user_id, s.guest_id, s.created_at,
            s.updated_at
        FROM sellers s
        CROSS JOIN LATERAL (SELECT FROM visible_rooms(ARRAY[s.conversation_id], $2) OFFSET 0) AS room
        WHERE s.id = ANY ($1)
        """
    )
    static let sellers = PagedLists<SellerRow, Keyset<Timestamp, UUID>, UUID>(
        "Conversation.sellers",
        by: [.ascending("s.created_at"), .ascending("s.id")],
        key: { Keyset($0.createdAt, $0.id) },
        """
        SELECT parent.number, s.* FROM unnest($1) WITH ORDINALITY AS parent (id, number)
        CROSS JOIN LATERAL (
            SELECT s.id, s.conversation_id, s.name::text, s.email::text, s.phone, s.user_id, s.guest_id, s.created_at,
                s.updated_at
            FROM sellers s WHERE s.conversation_id = parent.id AND {after} ORDER BY {order} LIMIT {limit}
        ) AS s
        ORDER BY parent.number, {order}
        """
    )
    static let sellerCounts = Statement<ParentCount<UUID>, [UUID]>(
        "SELECT conversation_id, count(*) FROM sellers WHERE conversation_id = ANY ($1) GROUP BY conversation_id"
    )
    static let guests = Statement<MessageGuestRow, [UUID]>(
        "SELECT m.id, g.name FROM messages m JOIN guests g ON g.id = m.guest_id WHERE m.id = ANY ($1)"
    )

    static var all: [any CheckableStatement] {
        ofUser.variants + sellers.variants + [
            countOfUser, byUUID, vendorsOf, vendors, sellersByID, sellerCounts, guests,
        ]
    }
}
