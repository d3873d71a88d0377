package import PostgresClient

extension Transaction {
    /// What tells somebody of messages that they have read in their room is read, too. Which those were.
    package func readNotifications(
        ofMessagesIn room: UUID,
        upTo seq: Int,
        of user: UUID,
        at now: Timestamp
    ) async throws -> [UUID] {
        try await rows(RoomNotificationStatements.readUpTo, user, room, seq, now)
    }
}

extension StatementBatch {
    /// What tells somebody of messages of a room and is unread; nothing, without a look, where they have read the room.
    package mutating func unreadNotifications(ofMessagesIn room: UUID, of user: UUID) -> Answer<[UUID]> {
        rows(RoomNotificationStatements.unread, user, room)
    }

    package mutating func readNotifications(_ ids: [UUID], of user: UUID, at now: Timestamp) {
        execute(RoomNotificationStatements.read, user, ids, now)
    }
}

enum RoomNotificationStatements {
    static let readUpTo = Statement<UUID, UUID, UUID, Int, Timestamp>(
        """
        UPDATE notifications n SET read_at = $4, seen_at = coalesce(n.seen_at, $4)
        FROM messages m
        WHERE n.user_id = $1 AND n.category IN ('CHAT_MENTION', 'CHAT_REPLY', 'CHAT_DIRECT', 'CHAT_CHANNEL') AND n.read_at IS NULL
            AND n.deleted_at IS NULL AND n.subject_type = 'msg' AND m.id = n.subject_id AND m.room_id = $2
            AND m.seq <= $3
        RETURNING n.id
        """
    )
    static let unread = Statement<UUID, UUID, UUID>(
        """
        SELECT n.id FROM notifications n JOIN messages m ON m.id = n.subject_id
        WHERE n.user_id = $1 AND n.category IN ('CHAT_MENTION', 'CHAT_REPLY', 'CHAT_DIRECT', 'CHAT_CHANNEL') AND n.read_at IS NULL
            AND n.deleted_at IS NULL AND n.subject_type = 'msg' AND m.room_id = $2
            AND EXISTS (
                SELECT FROM rooms r LEFT JOIN room_members own ON own.room_id = r.id AND own.user_id = $1
                WHERE r.id = $2 AND r.last_seq > coalesce(own.last_read_seq, 0))
        ORDER BY n.id
        """
    )
    static let read = Command<UUID, [UUID], Timestamp>(
        """
        UPDATE notifications n SET read_at = $3, seen_at = coalesce(n.seen_at, $3)
        WHERE n.user_id = $1 AND n.id = ANY ($2) AND n.read_at IS NULL AND n.deleted_at IS NULL
        """
    )
    static let all: [any CheckableStatement] = [readUpTo, unread, read]
}
