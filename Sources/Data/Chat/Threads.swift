package import PostgresClient

/// What hangs below a message.
package struct ThreadRow: PostgresRow, Equatable {
    package let rootID: UUID
    package let count: Int
    package let lastReplyAt: Timestamp

    package init(from row: inout RowReader) throws {
        rootID = try row.next()
        count = try row.next()
        lastReplyAt = try row.next()
    }
}

extension StatementRunner {
    /// The threads of messages that have one. For those alone who see the messages.
    package func threads(of messages: [UUID]) async throws -> [ThreadRow] {
        try await rows(ThreadStatements.ofMessages, messages)
    }
}

extension Session {
    /// What stands below messages, the oldest first. For those alone who see the messages.
    package func replies(below messages: [UUID], _ request: PageRequest) async throws -> [Page<MessageRow>] {
        try await pages(ThreadStatements.replies, request, of: messages)
    }
}

enum ThreadStatements {
    static let ofMessages = Statement<ThreadRow, [UUID]>(
        """
        SELECT root.id, count(*), max(m.created_at) FROM unnest($1) AS root (id)
        JOIN messages m ON m.thread_root_id = root.id WHERE m.deleted_at IS NULL GROUP BY root.id
        """
    )
    static let replies = PagedLists<MessageRow, Keyset<Int>, UUID>(
        "Message.replies",
        by: [.ascending("m.seq")],
        key: { Keyset($0.seq) },
        """
        SELECT parent.number, m.* FROM unnest($1) WITH ORDINALITY AS parent (id, number)
        CROSS JOIN LATERAL (
            SELECT m.id, m.room_id, m.seq, m.author_id, m.body, m.reply_to_id, m.thread_root_id, m.pinned_at,
                m.edited_at, m.deleted_at, m.created_at, m.updated_at
            FROM messages m WHERE m.thread_root_id = parent.id AND {after} ORDER BY {order} LIMIT {limit}
        ) AS m
        ORDER BY parent.number, {order}
        """
    )
    static var all: [any CheckableStatement] { replies.variants + [ofMessages] }
}
