package import PostgresClient

/// A group to be.
package struct NewGroup: Sendable {
    package let id: UUID
    package let name: String
    package let slug: String
    package let description: String
    package let visibility: String
    package let createdBy: UUID

    package init(id: UUID, name: String, slug: String, description: String, visibility: String, createdBy: UUID) {
        self.id = id
        self.name = name
        self.slug = slug
        self.description = description
        self.visibility = visibility
        self.createdBy = createdBy
    }
}

extension Transaction {
    /// False when another group has the name.
    package func insert(_ group: NewGroup) async throws -> Bool {
        try await execute(
            GroupWriteStatements.insert,
            group.id,
            group.name,
            group.slug,
            group.description,
            group.visibility,
            group.createdBy
        ) == 1
    }

    /// Holds the group until the transaction ends: its people and channels change one after the other. Nil when there is
    /// no such group for the user.
    package func lockGroup(_ id: UUID, visibleTo user: UUID) async throws -> GroupRow? {
        guard try await first(GroupWriteStatements.lock, id) != nil else { return nil }
        return try await groups([id], visibleTo: user).first
    }

    /// Those of these people who were not there before; people without an account in use are passed over.
    package func addGroupMembers(_ users: [UUID], to group: UUID, role: String) async throws -> [GroupMemberRow] {
        try await rows(GroupWriteStatements.addMembers, group, users, role)
    }

    /// Also takes them out of the group's private channels.
    package func removeGroupMember(_ user: UUID, from group: UUID) async throws -> Bool {
        guard try await execute(GroupWriteStatements.removeMember, group, user) == 1 else { return false }
        try await execute(GroupWriteStatements.removeFromChannels, group, user)
        return true
    }

    package func setGroupRole(_ role: String, of user: UUID, in group: UUID) async throws -> GroupMemberRow? {
        try await first(GroupWriteStatements.setRole, group, user, role)
    }

    package func groupsMade(by user: UUID) async throws -> Int { try await one(GroupWriteStatements.countMade, user) }

    /// All rooms of the group, whoever sees them.
    package func channelIDs(of group: UUID) async throws -> [UUID] {
        try await rows(GroupWriteStatements.channels, group)
    }

    /// Those of these people who belong to the group.
    package func groupMembers(among users: [UUID], of group: UUID) async throws -> [UUID] {
        try await rows(GroupWriteStatements.membersAmong, group, users)
    }
}

enum GroupWriteStatements {
    static let insert = Command<UUID, String, String, String, String, UUID>(
        """
        INSERT INTO groups (id, name, slug, description, visibility, created_by)
        VALUES ($1, $2::citext, $3::citext, $4, $5, $6) ON CONFLICT DO NOTHING
        """
    )
    static let lock = Statement<UUID, UUID>("SELECT id FROM groups WHERE id = $1 FOR NO KEY UPDATE")
    static let addMembers = Statement<GroupMemberRow, UUID, [UUID], String>(
        """
        INSERT INTO group_members (group_id, user_id, role)
        SELECT $1, u.id, $3 FROM users u
        WHERE u.id = ANY ($2) AND u.status IN ('ACTIVE', 'PENDING_VERIFICATION') ORDER BY u.id FOR SHARE OF u
        ON CONFLICT (group_id, user_id) DO NOTHING RETURNING id, group_id, user_id, role, joined_at
        """
    )
    static let removeMember = Command<UUID, UUID>("DELETE FROM group_members WHERE group_id = $1 AND user_id = $2")
    static let removeFromChannels = Command<UUID, UUID>(
        """
        DELETE FROM room_members m USING channels c WHERE c.group_id = $1 AND m.room_id = c.id AND m.user_id = $2
        """
    )
    static let setRole = Statement<GroupMemberRow, UUID, UUID, String>(
        """
        UPDATE group_members SET role = $3 WHERE group_id = $1 AND user_id = $2
        RETURNING id, group_id, user_id, role, joined_at
        """
    )
    static let countMade = Statement<Int, UUID>("SELECT count(*) FROM groups WHERE created_by = $1")
    static let channels = Statement<UUID, UUID>("SELECT id FROM channels WHERE group_id = $1 ORDER BY id")
    static let membersAmong = Statement<UUID, UUID, [UUID]>(
        "SELECT user_id FROM group_members WHERE group_id = $1 AND user_id = ANY ($2) ORDER BY user_id"
    )
    static let all: [any CheckableStatement] = [
        insert, lock, addMembers, removeMember, removeFromChannels, setRole, countMade, channels, membersAmong,
    ]
}
