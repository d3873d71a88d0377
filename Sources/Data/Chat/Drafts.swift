package import PostgresClient

/// What somebody has begun to write in a room.
package struct DraftRow: PostgresRow, Equatable {
    package let roomID: UUID
    package let body: String
    package let replyToID: UUID?
    package let updatedAt: Timestamp

    package init(from row: inout RowReader) throws {
        roomID = try row.next()
        body = try row.next()
        replyToID = try row.next()
        updatedAt = try row.next()
    }
}

extension StatementRunner {
    package func drafts(in rooms: [UUID], of user: UUID) async throws -> [DraftRow] {
        try await rows(DraftStatements.ofRooms, rooms, user)
    }
}

extension Transaction {
    package func saveDraft(
        _ body: String,
        replyTo: UUID?,
        in room: UUID,
        of user: UUID,
        at time: Timestamp
    ) async throws -> DraftRow { try await one(DraftStatements.save, user, room, body, replyTo, time) }

    package func deleteDraft(in room: UUID, of user: UUID) async throws {
        try await execute(DraftStatements.delete, user, room)
    }
}

enum DraftStatements {
    static let ofRooms = Statement<DraftRow, [UUID], UUID>(
        "SELECT room_id, body, reply_to_id, updated_at FROM message_drafts WHERE user_id = $2 AND room_id = ANY ($1)"
    )
    static let save = Statement<DraftRow, UUID, UUID, String, UUID?, Timestamp>(
        """
        INSERT INTO message_drafts (user_id, room_id, body, reply_to_id, updated_at) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (user_id, room_id) DO UPDATE SET body = $3, reply_to_id = $4, updated_at = $5
        RETURNING room_id, body, reply_to_id, updated_at
        """
    )
    static let delete = Command<UUID, UUID>("DELETE FROM message_drafts WHERE user_id = $1 AND room_id = $2")
    static let all: [any CheckableStatement] = [ofRooms, save, delete]
}
