package import PostgresClient

/// Somebody a message speaks of.
package struct MentionRow: PostgresRow, Equatable {
    package let messageID: UUID
    package let userID: UUID

    package init(from row: inout RowReader) throws {
        messageID = try row.next()
        userID = try row.next()
    }
}

extension StatementRunner {
    /// Who is spoken of in messages, in the order of their ids.
    package func mentions(in messages: [UUID]) async throws -> [MentionRow] {
        try await rows(MentionStatements.ofMessages, messages)
    }

    /// In how many messages of these rooms somebody is spoken of behind what they have read.
    package func unreadMentions(in rooms: [UUID], of user: UUID) async throws -> [UUID: Int] {
        let rows = try await rows(MentionStatements.unread, rooms, user)
        return Dictionary(rows.map { ($0.parent, $0.count) }) { first, _ in first }
    }
}

extension Session {
    /// The messages that speak of somebody, as far as they see them, the newest first.
    package func messages(mentioning user: UUID, _ request: PageRequest) async throws -> Page<MessageRow> {
        try await page(MentionStatements.list, request, user)
    }
}

extension Transaction {
    /// Those of these names that are of people who see the room, and may be spoken of there by somebody: who has blocked
    /// them hears nothing of it.
    package func people(named names: [String], seeing room: UUID, by author: UUID) async throws -> [UUID] {
        try await rows(MentionStatements.people, names, room, author)
    }

    /// Those of them who were not spoken of before; others are no more.
    package func setMentions(_ users: [UUID], in message: MessageRow) async throws -> [UUID] {
        try await execute(MentionStatements.delete, message.id, users)
        guard !users.isEmpty else { return [] }
        return try await rows(MentionStatements.insert, message.id, users)
    }
}

enum MentionStatements {
    static let ofMessages = Statement<MentionRow, [UUID]>(
        "SELECT message_id, user_id FROM message_mentions WHERE message_id = ANY ($1) ORDER BY message_id, user_id"
    )
    static let unread = Statement<ParentCount<UUID>, [UUID], UUID>(
        """
        SELECT m.room_id, count(*) FROM message_mentions m
        LEFT JOIN room_members own ON own.room_id = m.room_id AND own.user_id = $2
        WHERE m.user_id = $2 AND m.room_id = ANY ($1) AND m.seq > coalesce(own.last_read_seq, 0) GROUP BY m.room_id
        """
    )
    static let people = Statement<UUID, [String], UUID, UUID>(
        """
        SELECT u.id FROM users u CROSS JOIN LATERAL (SELECT v.id FROM visible_rooms(ARRAY[$2], u.id) AS v OFFSET 0) AS room
        WHERE u.username = ANY ($1::citext[]) AND u.status IN ('ACTIVE', 'PENDING_VERIFICATION')
            AND NOT EXISTS (SELECT FROM user_blocks b WHERE b.user_id = u.id AND b.blocked_id = $3)
        ORDER BY u.id
        """
    )
    static let insert = Statement<UUID, UUID, [UUID]>(
        """
        INSERT INTO message_mentions (room_id, seq, message_id, user_id, created_at)
        SELECT m.room_id, m.seq, m.id, u, m.created_at FROM messages m, unnest($2) AS u WHERE m.id = $1
        ON CONFLICT DO NOTHING RETURNING user_id
        """
    )
    static let delete = Command<UUID, [UUID]>(
        "DELETE FROM message_mentions WHERE message_id = $1 AND user_id <> ALL ($2)"
    )
    static let list = PagedStatement<MessageRow, Keyset<Timestamp, UUID>, UUID>(
        "Viewer.mentions",
        by: [.descending("own.created_at"), .descending("own.message_id")],
        key: { Keyset($0.createdAt, $0.id) },
        """
        SELECT m.id, m.room_id, m.seq, m.author_id, m.body, m.reply_to_id, m.thread_root_id, m.pinned_at, m.edited_at,
            m.deleted_at, m.created_at, m.updated_at
        FROM message_mentions own JOIN messages m ON m.id = own.message_id
        CROSS JOIN LATERAL (SELECT v.id FROM visible_rooms(ARRAY[m.room_id], $1) AS v OFFSET 0) AS room
        WHERE own.user_id = $1 AND m.deleted_at IS NULL AND {after} ORDER BY {order} LIMIT {limit}
        """
    )
    static var all: [any CheckableStatement] { list.variants + [ofMessages, unread, people, insert, delete] }
}
