package import PostgresClient

/// Somebody who is kept out of a group.
package struct BanRow: PostgresRow, Equatable {
    package let id: UUID
    package let groupID: UUID
    package let userID: UUID
    package let reason: String
    package let bannedBy: UUID?
    /// Nil for ever.
    package let expiresAt: Timestamp?
    package let createdAt: Timestamp

    package init(from row: inout RowReader) throws {
        id = try row.next()
        groupID = try row.next()
        userID = try row.next()
        reason = try row.next()
        bannedBy = try row.next()
        expiresAt = try row.next()
        createdAt = try row.next()
    }
}

extension Session {
    /// Who is kept out of groups, for those who are there with one of these roles; nobody for others.
    package func bans(
        of groups: [UUID],
        visibleTo user: UUID,
        moderating roles: [String],
        _ request: PageRequest
    ) async throws -> [Page<BanRow>] {
        try await pages(BanStatements.list, request, of: groups, user, roles)
    }
}

extension Transaction {
    /// Replaces what was said before.
    package func ban(
        _ user: UUID,
        from group: UUID,
        reason: String,
        by actor: UUID,
        until: Timestamp?
    ) async throws -> BanRow { try await one(BanStatements.insert, group, user, reason, actor, until) }

    package func unban(_ user: UUID, from group: UUID) async throws -> Bool {
        try await execute(BanStatements.delete, group, user) == 1
    }

    /// Those of these people who are kept out at this time.
    package func banned(_ users: [UUID], from group: UUID, at time: Timestamp) async throws -> [UUID] {
        try await rows(BanStatements.banned, group, users, time)
    }

    /// Keeps somebody from writing to a room until then; nil lets them again.
    package func setTimeout(
        of user: UUID,
        in room: UUID,
        until: Timestamp?,
        reason: String,
        by actor: UUID
    ) async throws {
        if let until {
            try await execute(BanStatements.setTimeout, room, user, until, reason, actor)
        } else {
            try await execute(BanStatements.endTimeout, room, user)
        }
    }
}

enum BanStatements {
    static let list = PagedLists<BanRow, Keyset<Timestamp, UUID>, UUID, UUID, [String]>(
        "Group.bans",
        by: [.descending("b.created_at"), .descending("b.id")],
        key: { Keyset($0.createdAt, $0.id) },
        """
        SELECT parent.number, b.* FROM unnest($1) WITH ORDINALITY AS parent (id, number)
        CROSS JOIN LATERAL (
            SELECT b.id, b.group_id, b.user_id, b.reason, b.banned_by, b.expires_at, b.created_at FROM group_bans b
            WHERE b.group_id = parent.id AND {after} AND EXISTS (
                SELECT FROM group_members own WHERE own.group_id = parent.id AND own.user_id = $2 AND own.role = ANY ($3))
            ORDER BY {order} LIMIT {limit}
        ) AS b
        ORDER BY parent.number, {order}
        """
    )
    static let insert = Statement<BanRow, UUID, UUID, String, UUID, Timestamp?>(
        """
        INSERT INTO group_bans (group_id, user_id, reason, banned_by, expires_at) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (group_id, user_id) DO UPDATE SET reason = $3, banned_by = $4, expires_at = $5
        RETURNING id, group_id, user_id, reason, banned_by, expires_at, created_at
        """
    )
    static let delete = Command<UUID, UUID>("DELETE FROM group_bans WHERE group_id = $1 AND user_id = $2")
    static let banned = Statement<UUID, UUID, [UUID], Timestamp>(
        """
        SELECT user_id FROM group_bans WHERE group_id = $1 AND user_id = ANY ($2)
            AND (expires_at IS NULL OR expires_at > $3) ORDER BY user_id
        """
    )
    static let setTimeout = Command<UUID, UUID, Timestamp, String, UUID>(
        """
        INSERT INTO room_timeouts (room_id, user_id, until, reason, set_by) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (room_id, user_id) DO UPDATE SET until = $3, reason = $4, set_by = $5
        """
    )
    static let endTimeout = Command<UUID, UUID>("DELETE FROM room_timeouts WHERE room_id = $1 AND user_id = $2")
    static var all: [any CheckableStatement] {
        list.variants + [insert, delete, banned, setTimeout, endTimeout]
    }
}
