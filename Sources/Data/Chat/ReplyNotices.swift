package import PostgresClient

/// A reply of which somebody may still have to be told.
package struct ReplyNoticeRow: PostgresRow, Equatable {
    package let message: MessageRow
    /// The last of those who follow the thread and were told; nil before the first.
    package let toldThrough: UUID?
    /// Whoever wrote what it answers.
    package let answeredID: UUID?
    /// Those of whom it speaks.
    package let mentions: [UUID]

    package init(from row: inout RowReader) throws {
        message = try MessageRow(from: &row)
        toldThrough = try row.next()
        answeredID = try row.next()
        mentions = try row.next()
    }
}

extension StatementBatch {
    /// Notes that somebody is to be told of a message that is sent with it.
    package mutating func noteReply(_ message: UUID) { execute(ReplyNoticeStatements.insert, message) }
}

extension Transaction {
    /// Nobody else tells of it meanwhile; nil when all were told.
    package func lockReplyNotice(_ message: UUID) async throws -> ReplyNoticeRow? {
        guard try await first(ReplyNoticeStatements.lock, message) != nil else { return nil }
        return try await first(ReplyNoticeStatements.byMessage, message)
    }

    /// From here on none of them notes that they have read more of the room, where they have noted anything before: what
    /// they are told meanwhile is there when they do.
    package func holdReading(of room: UUID, by users: [UUID]) async throws {
        _ = try await rows(ReplyNoticeStatements.holdReading, room, users)
    }

    package func advanceReplyNotice(_ message: UUID, past user: UUID) async throws {
        try await execute(ReplyNoticeStatements.advance, message, user)
    }

    /// All were told.
    package func endReplyNotice(_ message: UUID) async throws {
        try await execute(ReplyNoticeStatements.delete, message)
    }
}

enum ReplyNoticeStatements {
    static let insert = Command<UUID>("INSERT INTO reply_notices (message_id) VALUES ($1)")
    static let lock = Statement<UUID, UUID>("SELECT message_id FROM reply_notices WHERE message_id = $1 FOR UPDATE")
    static let byMessage = Statement<ReplyNoticeRow, UUID>(
        """
        SELECT m.id, m.room_id, m.seq, m.author_id, m.body, m.reply_to_id, m.thread_root_id, m.pinned_at, m.edited_at,
            m.deleted_at, m.created_at, m.updated_at, n.told_through, answered.author_id,
            ARRAY(SELECT own.user_id FROM message_mentions own WHERE own.message_id = m.id ORDER BY own.user_id)
        FROM reply_notices n JOIN messages m ON m.id = n.message_id
        LEFT JOIN messages answered ON answered.id = m.reply_to_id
        WHERE n.message_id = $1
        """
    )
    static let holdReading = Statement<UUID, UUID, [UUID]>(
        "SELECT room_id FROM room_members WHERE room_id = $1 AND user_id = ANY ($2) ORDER BY user_id FOR SHARE"
    )
    static let advance = Command<UUID, UUID>("UPDATE reply_notices SET told_through = $2 WHERE message_id = $1")
    static let delete = Command<UUID>("DELETE FROM reply_notices WHERE message_id = $1")
    static let all: [any CheckableStatement] = [insert, lock, byMessage, holdReading, advance, delete]
}
