package import PostgresClient

/// A message to be.
package struct NewMessage: Sendable {
    package let id: UUID
    package let roomID: UUID
    package let authorID: UUID
    /// Whether the author is a guest of the conversation, and no user.
    package let isOfGuest: Bool
    package let body: String
    package let replyToID: UUID?
    package let threadRootID: UUID?
    package let nonce: String?

    package init(
        id: UUID,
        roomID: UUID,
        authorID: UUID,
        isOfGuest: Bool = false,
        body: String,
        replyToID: UUID?,
        threadRootID: UUID? = nil,
        nonce: String?
    ) {
        self.threadRootID = threadRootID
        self.id = id
        self.roomID = roomID
        self.authorID = authorID
        self.isOfGuest = isOfGuest
        self.body = body
        self.replyToID = replyToID
        self.nonce = nonce
    }
}

extension Transaction {
    package func insert(_ message: NewMessage) async throws -> MessageRow {
        var batch = StatementBatch()
        let row = batch.insert(message)
        try await run(batch)
        return try row.get()
    }

    /// Whether a message that may be replied to stands in the room.
    package func hasMessage(_ id: UUID, in room: UUID) async throws -> Bool {
        try await one(MessageWriteStatements.isInRoom, id, room)
    }

    /// Holds the message until the transaction ends.
    package func lockMessage(_ id: UUID, visibleTo user: UUID) async throws -> MessageRow? {
        guard try await first(MessageWriteStatements.lock, id) != nil else { return nil }
        return try await messages([id], visibleTo: user).first
    }

    /// The same whoever may see it: for those who were found to decide about it.
    package func lockMessage(_ id: UUID) async throws -> MessageRow? {
        guard try await first(MessageWriteStatements.lock, id) != nil else { return nil }
        return try await messagesForAll([id]).first
    }

    /// Keeps what it said before; nil when it was edited as often as it may be.
    package func editMessage(
        _ id: UUID,
        body: String,
        by user: UUID,
        at time: Timestamp,
        mostRevisions: Int
    ) async throws -> MessageRow? {
        guard try await execute(MessageWriteStatements.insertRevision, id, user, mostRevisions) == 1 else { return nil }
        return try await one(MessageWriteStatements.edit, id, body, time)
    }

    /// Leaves its place, and nothing of what it said.
    package func deleteMessage(_ id: UUID, by user: UUID, at time: Timestamp) async throws -> MessageRow {
        try await execute(MessageWriteStatements.deleteRevisions, id)
        try await execute(MessageWriteStatements.deleteReactions, id)
        try await execute(AttachmentStatements.delete, id)
        try await execute(MentionStatements.delete, id, [])
        return try await one(MessageWriteStatements.delete, id, user, time)
    }
}

enum MessageWriteStatements {
    static let sent = Statement<MessageRow, UUID, UUID, String>(
        """
        SELECT id, room_id, seq, author_id, body, reply_to_id, thread_root_id, pinned_at, edited_at, deleted_at,
            created_at, updated_at
        FROM messages WHERE room_id = $1 AND (author_id = $2 OR guest_id = $2) AND nonce = $3
        """
    )
    static let insert = Statement<MessageRow, UUID, UUID, UUID?, UUID?, String, UUID?, UUID?, String?>(
        """
        INSERT INTO messages (id, room_id, author_id, guest_id, body, reply_to_id, thread_root_id, nonce)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        RETURNING id, room_id, seq, author_id, body, reply_to_id, thread_root_id, pinned_at, edited_at, deleted_at,
            created_at, updated_at
        """
    )
    static let isInRoom = Statement<Bool, UUID, UUID>(
        "SELECT EXISTS (SELECT FROM messages WHERE id = $1 AND room_id = $2 AND deleted_at IS NULL)"
    )
    static let threadRoot = Statement<UUID, UUID, UUID>(
        "SELECT coalesce(thread_root_id, id) FROM messages WHERE id = $1 AND room_id = $2 AND deleted_at IS NULL"
    )
    static let lock = Statement<UUID, UUID>("SELECT id FROM messages WHERE id = $1 FOR NO KEY UPDATE")
    static let insertRevision = Command<UUID, UUID, Int>(
        """
        INSERT INTO message_revisions (message_id, revision, body, edited_by)
        SELECT m.id, r.count + 1, m.body, $2
        FROM messages m, LATERAL (SELECT count(*)::int FROM message_revisions WHERE message_id = m.id) AS r
        WHERE m.id = $1 AND r.count < $3
        """
    )
    static let edit = Statement<MessageRow, UUID, String, Timestamp>(
        """
        UPDATE messages SET body = $2, edited_at = $3, updated_at = $3 WHERE id = $1
        RETURNING id, room_id, seq, author_id, body, reply_to_id, thread_root_id, pinned_at, edited_at, deleted_at, created_at, updated_at
        """
    )
    static let deleteRevisions = Command<UUID>("DELETE FROM message_revisions WHERE message_id = $1")
    static let deleteReactions = Command<UUID>("DELETE FROM message_reactions WHERE message_id = $1")
    static let delete = Statement<MessageRow, UUID, UUID, Timestamp>(
        """
        UPDATE messages SET body = '', body_html = '', meta = '{}', deleted_by = $2, deleted_at = $3, updated_at = $3,
            pinned_at = NULL, pinned_by = NULL
        WHERE id = $1
        RETURNING id, room_id, seq, author_id, body, reply_to_id, thread_root_id, pinned_at, edited_at, deleted_at, created_at, updated_at
        """
    )
    static let all: [any CheckableStatement] = [
        sent, insert, isInRoom, threadRoot, lock, insertRevision, edit, deleteRevisions, deleteReactions, delete,
    ]
}
