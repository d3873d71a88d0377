package import PostgresClient

/// Somebody who asks to be taken into a group.
package struct JoinRequestRow: PostgresRow, Equatable {
    package let id: UUID
    package let groupID: UUID
    package let userID: UUID
    package let message: String?
    package let status: String
    package let decidedBy: UUID?
    package let decidedAt: Timestamp?
    package let createdAt: Timestamp

    package init(from row: inout RowReader) throws {
        id = try row.next()
        groupID = try row.next()
        userID = try row.next()
        message = try row.next()
        status = try row.next()
        decidedBy = try row.next()
        decidedAt = try row.next()
        createdAt = try row.next()
    }
}

extension StatementRunner {
    /// Those of these that the user made, or decides with one of these roles.
    package func joinRequests(
        _ ids: [UUID],
        visibleTo user: UUID,
        deciding roles: [String]
    ) async throws -> [JoinRequestRow] {
        try await rows(JoinRequestStatements.visible, ids, user, roles)
    }

    /// The group of a request that the user made, or decides, as they see it.
    package func group(
        ofJoinRequest id: UUID,
        visibleTo user: UUID,
        deciding roles: [String]
    ) async throws -> GroupRow? {
        try await first(JoinRequestStatements.group, id, user, roles)
    }
}

extension Session {
    /// Who asks to be taken into groups, for those who decide with one of these roles; nobody for others. The first come
    /// first.
    package func joinRequests(
        of groups: [UUID],
        status: String,
        visibleTo user: UUID,
        deciding roles: [String],
        _ request: PageRequest
    ) async throws -> [Page<JoinRequestRow>] {
        try await pages(JoinRequestStatements.list, request, of: groups, user, status, roles)
    }
}

extension Transaction {
    /// Nil when one is waiting.
    package func askToJoin(_ group: UUID, _ user: UUID, message: String?) async throws -> JoinRequestRow? {
        try await first(JoinRequestStatements.insert, group, user, message)
    }

    /// Nil when it was decided before.
    package func decideJoinRequest(
        _ id: UUID,
        status: String,
        by user: UUID,
        at time: Timestamp
    ) async throws -> JoinRequestRow? { try await first(JoinRequestStatements.decide, id, status, user, time) }

    /// What somebody waited for has come about otherwise, or will not.
    package func closeJoinRequests(
        of users: [UUID],
        to group: UUID,
        status: String,
        by user: UUID,
        at time: Timestamp
    )
        async throws
    { try await execute(JoinRequestStatements.close, group, users, status, user, time) }
}

enum JoinRequestStatements {
    static let visible = Statement<JoinRequestRow, [UUID], UUID, [String]>(
        """
        SELECT r.id, r.group_id, r.user_id, r.message, r.status, r.decided_by, r.decided_at, r.created_at
        FROM group_join_requests r
        WHERE r.id = ANY ($1) AND (r.user_id = $2 OR EXISTS (
            SELECT FROM group_members own
            WHERE own.group_id = r.group_id AND own.user_id = $2 AND own.role = ANY ($3)))
        """
    )
    static let group = Statement<GroupRow, UUID, UUID, [String]>(
        """
        SELECT g.id, g.name::text, g.slug::text, g.description, g.visibility, g.created_at, g.updated_at, g.version,
            m.role, m.joined_at
        FROM group_join_requests r JOIN groups g ON g.id = r.group_id
        LEFT JOIN group_members m ON m.group_id = g.id AND m.user_id = $2
        WHERE r.id = $1 AND g.archived_at IS NULL AND (m.role = ANY ($3)
            OR r.user_id = $2 AND (m.role IS NOT NULL OR g.visibility <> 'INVITE_ONLY'))
        """
    )
    static let list = PagedLists<JoinRequestRow, Keyset<Timestamp, UUID>, UUID, UUID, String, [String]>(
        "Group.joinRequests",
        by: [.ascending("r.created_at"), .ascending("r.id")],
        key: { Keyset($0.createdAt, $0.id) },
        """
        SELECT parent.number, r.* FROM unnest($1) WITH ORDINALITY AS parent (id, number)
        CROSS JOIN LATERAL (
            SELECT r.id, r.group_id, r.user_id, r.message, r.status, r.decided_by, r.decided_at, r.created_at
            FROM group_join_requests r
            WHERE r.group_id = parent.id AND r.status = $3 AND {after} AND EXISTS (
                SELECT FROM group_members own
                WHERE own.group_id = parent.id AND own.user_id = $2 AND own.role = ANY ($4))
            ORDER BY {order} LIMIT {limit}
        ) AS r
        ORDER BY parent.number, {order}
        """
    )
    static let insert = Statement<JoinRequestRow, UUID, UUID, String?>(
        """
        INSERT INTO group_join_requests (group_id, user_id, message) VALUES ($1, $2, $3)
        ON CONFLICT (group_id, user_id) WHERE status = 'PENDING' DO NOTHING
        RETURNING id, group_id, user_id, message, status, decided_by, decided_at, created_at
        """
    )
    static let decide = Statement<JoinRequestRow, UUID, String, UUID, Timestamp>(
        """
        UPDATE group_join_requests SET status = $2, decided_by = $3, decided_at = $4 WHERE id = $1 AND status = 'PENDING'
        RETURNING id, group_id, user_id, message, status, decided_by, decided_at, created_at
        """
    )
    static let close = Command<UUID, [UUID], String, UUID, Timestamp>(
        """
        UPDATE group_join_requests SET status = $3, decided_by = $4, decided_at = $5
        WHERE group_id = $1 AND user_id = ANY ($2) AND status = 'PENDING'
        """
    )
    static var all: [any CheckableStatement] { list.variants + [visible, group, insert, decide, close] }
}
