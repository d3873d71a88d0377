package import PostgresClient

extension StatementRunner {
    /// What is pinned in rooms, the last pinned first. For those alone who see the rooms.
    package func pins(of rooms: [UUID], limit: Int) async throws -> [MessageRow] {
        try await rows(PinStatements.ofRooms, rooms, limit)
    }
}

extension Transaction {
    package func pinCount(of room: UUID) async throws -> Int { try await one(PinStatements.count, room) }

    /// Nil for a time takes the pin away.
    package func setPinned(_ message: UUID, at time: Timestamp?, by user: UUID) async throws -> MessageRow {
        try await one(PinStatements.set, message, time, user)
    }
}

enum PinStatements {
    static let ofRooms = Statement<MessageRow, [UUID], Int>(
        """
        SELECT m.* FROM unnest($1) AS room (id)
        CROSS JOIN LATERAL (
            SELECT m.id, m.room_id, m.seq, m.author_id, m.body, m.reply_to_id, m.thread_root_id, m.pinned_at,
                m.edited_at, m.deleted_at, m.created_at, m.updated_at
            FROM messages m WHERE m.room_id = room.id AND m.pinned_at IS NOT NULL ORDER BY m.pinned_at DESC LIMIT $2
        ) AS m
        ORDER BY m.room_id, m.pinned_at DESC, m.seq DESC
        """
    )
    static let count = Statement<Int, UUID>(
        "SELECT count(*) FROM messages WHERE room_id = $1 AND pinned_at IS NOT NULL"
    )
    static let set = Statement<MessageRow, UUID, Timestamp?, UUID>(
        """
        UPDATE messages SET pinned_at = $2, pinned_by = CASE WHEN $2 IS NULL THEN NULL ELSE $3 END WHERE id = $1
        RETURNING id, room_id, seq, author_id, body, reply_to_id, thread_root_id, pinned_at, edited_at, deleted_at,
            created_at, updated_at
        """
    )
    static let all: [any CheckableStatement] = [ofRooms, count, set]
}
