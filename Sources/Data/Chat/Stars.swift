package import PostgresClient

/// A message somebody wants to find again.
package struct StarRow: PostgresRow, Equatable {
    package let message: MessageRow
    package let starredAt: Timestamp

    package init(from row: inout RowReader) throws {
        message = try MessageRow(from: &row)
        starredAt = try row.next()
    }
}

/// That somebody has starred a message.
struct StarMark: PostgresRow {
    let messageID: UUID
    let userID: UUID

    init(from row: inout RowReader) throws {
        messageID = try row.next()
        userID = try row.next()
    }
}

extension StatementRunner {
    /// Those of these messages that have a star of the user beside them.
    package func starred(_ messages: [UUID], by users: [UUID]) async throws -> [(message: UUID, user: UUID)] {
        try await rows(StarStatements.marks, messages, users).map { ($0.messageID, $0.userID) }
    }
}

extension Session {
    /// What the user has starred and still sees, the last starred first.
    package func stars(of user: UUID, _ request: PageRequest) async throws -> Page<StarRow> {
        try await page(StarStatements.list, request, user)
    }
}

extension Transaction {
    /// False when there are as many as there may be. Others of the same user wait, or two would take the last place.
    package func star(_ message: UUID, by user: UUID, limit: Int) async throws -> Bool {
        // A statement of its own: one that waits counts what was there before it waited.
        _ = try await one(StarStatements.hold, user)
        return try await execute(StarStatements.add, user, message, limit) == 1
    }

    package func isStarred(_ message: UUID, by user: UUID) async throws -> Bool {
        try await !starred([message], by: [user]).isEmpty
    }

    package func unstar(_ message: UUID, by user: UUID) async throws {
        try await execute(StarStatements.remove, user, message)
    }
}

enum StarStatements {
    static let marks = Statement<StarMark, [UUID], [UUID]>(
        """
        SELECT s.message_id, s.user_id FROM unnest($1, $2) AS pair (message_id, user_id)
        JOIN message_stars s ON s.message_id = pair.message_id AND s.user_id = pair.user_id
        """
    )
    static let list = PagedStatement<StarRow, Keyset<Timestamp, UUID>, UUID>(
        "Viewer.starredMessages",
        by: [.descending("s.created_at"), .descending("s.message_id")],
        key: { Keyset($0.starredAt, $0.message.id) },
        """
        SELECT m.id, m.room_id, m.seq, m.author_id, m.body, m.reply_to_id, m.thread_root_id, m.pinned_at, m.edited_at,
            m.deleted_at, m.created_at, m.updated_at, s.created_at
        FROM message_stars s JOIN messages m ON m.id = s.message_id
        CROSS JOIN LATERAL (SELECT v.id FROM visible_rooms(ARRAY[m.room_id], $1) AS v OFFSET 0) AS room
        WHERE s.user_id = $1 AND m.deleted_at IS NULL AND {after} ORDER BY {order} LIMIT {limit}
        """
    )
    static let hold = Statement<Bool, UUID>(
        "SELECT pg_advisory_xact_lock(hashtextextended('message_stars:' || $1::text, 0)) IS NOT NULL"
    )
    static let add = Command<UUID, UUID, Int>(
        """
        INSERT INTO message_stars (user_id, message_id, created_at)
        SELECT $1, $2, clock_timestamp() WHERE (SELECT count(*) FROM message_stars WHERE user_id = $1) < $3
        ON CONFLICT DO NOTHING
        """
    )
    static let remove = Command<UUID, UUID>("DELETE FROM message_stars WHERE user_id = $1 AND message_id = $2")
    static var all: [any CheckableStatement] { list.variants + [marks, hold, add, remove] }
}
