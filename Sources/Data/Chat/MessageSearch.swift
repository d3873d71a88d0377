package import PostgresClient

/// What messages are looked for by.
package struct MessageFilter: Sendable {
    /// As search engines take it: words, "phrases", or, -without.
    package let text: String
    package let room: UUID?
    package let group: UUID?
    package let author: UUID?

    package init(text: String, room: UUID?, group: UUID?, author: UUID?) {
        self.text = text
        self.room = room
        self.group = group
        self.author = author
    }
}

extension Session {
    /// The messages with these words in rooms that the user sees, the newest first.
    package func messages(
        _ filter: MessageFilter,
        visibleTo user: UUID,
        _ request: PageRequest
    ) async throws -> Page<
        MessageRow
    > {
        try await page(
            MessageSearchStatements.search,
            request,
            user,
            filter.text,
            filter.room,
            filter.group,
            filter.author
        )
    }
}

enum MessageSearchStatements {
    static let search = PagedStatement<MessageRow, Keyset<Timestamp, UUID>, UUID, String, UUID?, UUID?, UUID?>(
        "Query.messageSearch",
        by: [.descending("m.created_at"), .descending("m.id")],
        key: { Keyset($0.createdAt, $0.id) },
        """
        SELECT m.id, m.room_id, m.seq, m.author_id, m.body, m.reply_to_id, m.thread_root_id, m.pinned_at, m.edited_at,
            m.deleted_at, m.created_at, m.updated_at
        FROM messages m
        WHERE m.room_id = ANY (ARRAY(
                SELECT room.id FROM (
                    SELECT room_id FROM room_members WHERE user_id = $1
                    UNION
                    SELECT c.id FROM group_members g JOIN channels c USING (group_id) WHERE g.user_id = $1
                ) AS own
                CROSS JOIN LATERAL (
                    SELECT v.id, v.group_id FROM visible_rooms(ARRAY[own.room_id], $1) AS v OFFSET 0
                ) AS room
                WHERE ($3::uuid IS NULL OR room.id = $3) AND ($4::uuid IS NULL OR room.group_id = $4)
            ))
            AND to_tsvector('simple', m.body) @@ websearch_to_tsquery('simple', $2) AND m.deleted_at IS NULL
            AND ($5::uuid IS NULL OR m.author_id = $5) AND {after} ORDER BY {order} LIMIT {limit}
        """
    )
    static var all: [any CheckableStatement] { search.variants }
}
