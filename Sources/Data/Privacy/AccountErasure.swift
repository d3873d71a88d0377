package import PostgresClient

/// What is left of somebody whose account is erased: a row without a name, to which others' rows may point. Each table that
/// refers to people is here, or kept by decision; a test holds the list against the schema.
extension Transaction {
    /// Takes the author from some messages of theirs, whose words stay; whether there were so many.
    package func detachMessages(of user: UUID, limit: Int) async throws -> Bool {
        try await execute(AccountErasureStatements.detachMessages, user, limit) == limit
    }

    /// Everything else, at once. Groups of theirs get another owner, or go with the last who was in them.
    ///
    /// - Returns: The rooms that were deleted: what was said there is removed later, by `emptyDeletedRoom`.
    package func erase(_ user: UUID, at time: Timestamp) async throws -> [UUID] {
        let statements = AccountErasureStatements.self
        let groups = try await rows(statements.ownedGroups, user)
        let conversations = try await rows(statements.ownedConversations, user)
        let mails = try await rows(ErasedRowStatements.mails, user)
        try await execute(ErasedRowStatements.mailJobs, user, mails)
        for conversation in conversations { try await deleteConversation(conversation, at: time) }
        for command in ErasedRowStatements.inOrder { try await execute(command, user) }
        let channels = try await rows(statements.channelsOfEmptyGroups, groups)
        try await deleteChannels(channels, at: time)
        try await execute(statements.emptyGroups, groups)
        try await execute(statements.succeed, groups)
        try await execute(statements.account, user)
        return try await conversations + channels + rows(statements.deleteEmptyDirectRooms, user, time)
    }
}

enum AccountErasureStatements {
    static let detachMessages = Command<UUID, Int>(
        """
        UPDATE messages SET author_id = NULL, nonce = NULL
        WHERE id = ANY (ARRAY(SELECT id FROM messages WHERE author_id = $1 LIMIT $2))
        """
    )
    static let ownedGroups = Statement<UUID, UUID>(
        """
        SELECT g.id FROM groups g JOIN group_members m ON m.group_id = g.id
        WHERE m.user_id = $1 AND m.role = 'OWNER' ORDER BY g.id FOR UPDATE OF g
        """
    )
    static let ownedConversations = Statement<UUID, UUID>(
        """
        SELECT r.id FROM conversations c JOIN rooms r USING (id) WHERE c.owner_id = $1 ORDER BY r.id
        FOR NO KEY UPDATE OF r
        """
    )

    // Nobody would ever see them again.
    static let channelsOfEmptyGroups = Statement<UUID, [UUID]>(
        """
        SELECT c.id FROM channels c WHERE c.group_id = ANY ($1)
            AND NOT EXISTS (SELECT FROM group_members m WHERE m.group_id = c.group_id)
        ORDER BY c.id
        """
    )
    static let emptyGroups = Command<[UUID]>(
        """
        DELETE FROM groups g WHERE g.id = ANY ($1)
            AND NOT EXISTS (SELECT FROM group_members m WHERE m.group_id = g.id)
        """
    )
    /// Whoever stands highest, and of those the one who has been there longest.
    static let succeed = Command<[UUID]>(
        """
        UPDATE group_members SET role = 'OWNER' WHERE id IN (
            SELECT DISTINCT ON (m.group_id) m.id FROM group_members m JOIN users u ON u.id = m.user_id
            WHERE m.group_id = ANY ($1)
            ORDER BY m.group_id, u.status IN ('ACTIVE', 'PENDING_VERIFICATION') DESC,
                array_position(ARRAY['ADMIN', 'MODERATOR', 'MEMBER'], m.role), m.joined_at, m.id
        )
        """
    )
    static let account = Command<UUID>(
        """
        UPDATE users SET email = NULL, username = 'deleted_' || left(md5(gen_random_uuid()::text), 22),
            name = 'Deleted user', password_hash = NULL, status = 'DELETED', email_verified_at = NULL, locale = 'en',
            time_zone = 'UTC', suspended_until = NULL, last_active_at = NULL, session_epoch = session_epoch + 1,
            deleted_at = now()
        WHERE id = $1
        """
    )
    // Of which nobody is left.
    static let deleteEmptyDirectRooms = Statement<UUID, UUID, Timestamp>(
        """
        UPDATE rooms r SET deleted_at = $2, archived_at = coalesce(r.archived_at, $2) FROM room_members own
        WHERE own.user_id = $1 AND own.room_id = r.id AND r.kind = 'DIRECT' AND r.deleted_at IS NULL AND NOT EXISTS (
            SELECT FROM room_members m JOIN users u ON u.id = m.user_id
            WHERE m.room_id = r.id AND u.status <> 'DELETED')
        RETURNING r.id
        """
    )
    static let all: [any CheckableStatement] = [
        detachMessages, ownedGroups, ownedConversations, channelsOfEmptyGroups, emptyGroups, succeed, account,
        deleteEmptyDirectRooms,
    ]
}
