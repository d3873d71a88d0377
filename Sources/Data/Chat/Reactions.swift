package import PostgresClient

/// How many have reacted to a message with one emoji.
package struct ReactionRow: PostgresRow, Equatable {
    package let messageID: UUID
    package let emoji: String
    package let count: Int
    package let isOwn: Bool

    package init(from row: inout RowReader) throws {
        messageID = try row.next()
        emoji = try row.next()
        count = try row.next()
        isOwn = try row.next()
    }
}

extension StatementRunner {
    /// The reactions to messages, each message's in the order in which they first came.
    package func reactions(to messages: [UUID], seenBy user: UUID) async throws -> [ReactionRow] {
        try await rows(ReactionStatements.ofMessages, messages, user)
    }
}

/// One of somebody's reactions.
package struct OwnReactionRow: PostgresRow, Equatable {
    package let messageID: UUID
    package let userID: UUID
    package let emoji: String

    package init(from row: inout RowReader) throws {
        messageID = try row.next()
        userID = try row.next()
        emoji = try row.next()
    }
}

extension StatementRunner {
    /// What each of these people has reacted with to the message beside them.
    package func reactions(to messages: [UUID], of users: [UUID]) async throws -> [OwnReactionRow] {
        try await rows(ReactionStatements.own, messages, users)
    }
}

extension Session {
    /// Who has reacted to each of these messages with the emoji beside it.
    package func reactors(
        to messages: [UUID],
        with emoji: [String],
        _ request: PageRequest
    ) async throws -> [Page<UUID>] {
        try await pages(ReactionStatements.reactors, request, of: messages, emoji)
    }
}

extension Transaction {
    /// False when it was there, or the message has as many kinds as it may have.
    package func addReaction(_ emoji: String, to message: UUID, by user: UUID, mostKinds: Int) async throws -> Bool {
        try await execute(ReactionStatements.add, message, user, emoji, mostKinds) == 1
    }

    package func removeReaction(_ emoji: String, from message: UUID, by user: UUID) async throws -> Bool {
        try await execute(ReactionStatements.remove, message, user, emoji) == 1
    }
}

enum ReactionStatements {
    static let ofMessages = Statement<ReactionRow, [UUID], UUID>(
        """
        SELECT message_id, emoji, count(*), bool_or(user_id = $2) FROM message_reactions WHERE message_id = ANY ($1)
        GROUP BY message_id, emoji ORDER BY message_id, min(created_at), emoji
        """
    )
    static let own = Statement<OwnReactionRow, [UUID], [UUID]>(
        """
        SELECT r.message_id, r.user_id, r.emoji FROM unnest($1, $2) AS pair (message_id, user_id)
        JOIN message_reactions r ON r.message_id = pair.message_id AND r.user_id = pair.user_id
        """
    )
    // In the order of the index: a channel's thousands are not sorted for a page.
    static let reactors = PagedLists<UUID, Keyset<UUID>, UUID, [String]>(
        "ReactionSummary.users",
        by: [.ascending("r.user_id")],
        key: { Keyset($0) },
        """
        SELECT parent.number, r.user_id FROM unnest($1, $2) WITH ORDINALITY AS parent (id, emoji, number)
        CROSS JOIN LATERAL (
            SELECT r.user_id FROM message_reactions r
            WHERE r.message_id = parent.id AND r.emoji = parent.emoji AND {after} ORDER BY {order} LIMIT {limit}
        ) AS r
        ORDER BY parent.number, {order}
        """
    )
    static let add = Command<UUID, UUID, String, Int>(
        """
        INSERT INTO message_reactions (message_id, user_id, emoji)
        SELECT $1, $2, $3 WHERE EXISTS (SELECT FROM message_reactions WHERE message_id = $1 AND emoji = $3)
            OR (SELECT count(DISTINCT emoji) FROM message_reactions WHERE message_id = $1) < $4
        ON CONFLICT DO NOTHING
        """
    )
    static let remove = Command<UUID, UUID, String>(
        "DELETE FROM message_reactions WHERE message_id = $1 AND user_id = $2 AND emoji = $3"
    )
    static var all: [any CheckableStatement] { reactors.variants + [ofMessages, own, add, remove] }
}
