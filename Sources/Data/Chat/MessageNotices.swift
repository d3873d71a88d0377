package import PostgresClient

/// A message of which somebody may still have to be told.
package struct MessageNoticeRow: PostgresRow, Equatable {
    package let message: MessageRow
    /// Whether it stands in a channel; else all people of its room are told of it.
    package let isInChannel: Bool
    /// The last of those who were told for what they follow or are in; nil before the first.
    package let toldThrough: UUID?
    /// Whoever wrote what it answers.
    package let answeredID: UUID?
    /// Those of whom it speaks.
    package let mentions: [UUID]

    package init(from row: inout RowReader) throws {
        message = try MessageRow(from: &row)
        isInChannel = try row.next()
        toldThrough = try row.next()
        answeredID = try row.next()
        mentions = try row.next()
    }
}

/// Somebody who may have to be told of a message, whatever it says.
package struct MessageListenerRow: PostgresRow, Equatable {
    package let userID: UUID
    /// Whether they follow its thread; nil where they have nothing to do with it, or it stands in none, and it is the room that
    /// they listen to.
    package let followsThread: Bool?

    package init(from row: inout RowReader) throws {
        userID = try row.next()
        followsThread = try row.next()
    }
}

extension StatementBatch {
    /// Notes that somebody is to be told of a message that is sent with it.
    package mutating func noteMessage(_ message: UUID) { execute(MessageNoticeStatements.insert, message) }
}

extension Transaction {
    /// Nobody else tells of it meanwhile; nil when all were told.
    package func lockMessageNotice(_ message: UUID) async throws -> MessageNoticeRow? {
        guard try await first(MessageNoticeStatements.lock, message) != nil else { return nil }
        return try await first(MessageNoticeStatements.byMessage, message)
    }

    /// Some of those who have to do with the thread of a message, want to be told all of its channel, or are in its room that is none, in
    /// the order of their ids; whether they see the room is to be asked.
    package func listeners(to notice: MessageNoticeRow, limit: Int) async throws -> [MessageListenerRow] {
        try await rows(
            MessageNoticeStatements.listeners,
            notice.message.roomID,
            notice.message.threadRootID,
            notice.isInChannel,
            notice.toldThrough,
            limit
        )
    }

    /// From here on none of them notes that they have read more of the room, where they have noted anything before: what
    /// they are told meanwhile is there when they do.
    package func holdReading(of room: UUID, by users: [UUID]) async throws {
        _ = try await rows(MessageNoticeStatements.holdReading, room, users)
    }

    package func advanceMessageNotice(_ message: UUID, past user: UUID) async throws {
        try await execute(MessageNoticeStatements.advance, message, user)
    }

    /// All were told.
    package func endMessageNotice(_ message: UUID) async throws {
        try await execute(MessageNoticeStatements.delete, message)
    }
}

/// The table is called by what was noted first.
enum MessageNoticeStatements {
    static let insert = Command<UUID>("INSERT INTO reply_notices (message_id) VALUES ($1)")
    static let lock = Statement<UUID, UUID>("SELECT message_id FROM reply_notices WHERE message_id = $1 FOR UPDATE")
    static let byMessage = Statement<MessageNoticeRow, UUID>(
        """
        SELECT m.id, m.room_id, m.seq, m.author_id, m.body, m.reply_to_id, m.thread_root_id, m.pinned_at, m.edited_at,
            m.deleted_at, m.created_at, m.updated_at, r.kind = 'CHANNEL', n.told_through, answered.author_id,
            ARRAY(SELECT own.user_id FROM message_mentions own WHERE own.message_id = m.id ORDER BY own.user_id)
        FROM reply_notices n JOIN messages m ON m.id = n.message_id JOIN rooms r ON r.id = m.room_id
        LEFT JOIN messages answered ON answered.id = m.reply_to_id
        WHERE n.message_id = $1
        """
    )
    // Of threads and channels as many as are asked for, in order, by an index, however many there are behind them. Rooms that are
    // no channels are small; asked for in order, PostgreSQL would look for them among all people there are.
    static let listeners = Statement<MessageListenerRow, UUID, UUID?, Bool, UUID?, Int>(
        """
        SELECT l.user_id, bool_or(l.follows) FROM (
            (SELECT s.user_id, s.following AS follows FROM thread_states s
            WHERE s.root_id = $2
                AND s.user_id > coalesce($4, '00000000-0000-0000-0000-000000000000') ORDER BY s.user_id LIMIT $5)
            UNION ALL
            (SELECT w.user_id, NULL FROM room_preferences w
            WHERE w.room_id = $1 AND w.level = 'ALL' AND $3
                AND w.user_id > coalesce($4, '00000000-0000-0000-0000-000000000000') ORDER BY w.user_id LIMIT $5)
            UNION ALL
            (SELECT m.user_id, NULL FROM room_members m
            WHERE m.room_id = $1 AND NOT $3
                AND m.user_id > coalesce($4, '00000000-0000-0000-0000-000000000000'))
        ) AS l GROUP BY l.user_id ORDER BY l.user_id LIMIT $5
        """
    )
    static let holdReading = Statement<UUID, UUID, [UUID]>(
        "SELECT room_id FROM room_members WHERE room_id = $1 AND user_id = ANY ($2) ORDER BY user_id FOR SHARE"
    )
    static let advance = Command<UUID, UUID>("UPDATE reply_notices SET told_through = $2 WHERE message_id = $1")
    static let delete = Command<UUID>("DELETE FROM reply_notices WHERE message_id = $1")
    static let all: [any CheckableStatement] = [insert, lock, byMessage, listeners, holdReading, advance, delete]
}
