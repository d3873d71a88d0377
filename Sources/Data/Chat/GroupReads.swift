package import PostgresClient

extension StatementRunner {
    /// Those of these groups that the user sees: the user's own, and those that are not only for the invited.
    package func groups(_ ids: [UUID], visibleTo user: UUID) async throws -> [GroupRow] {
        try await rows(GroupReadStatements.visible, ids, user)
    }

    package func groupMember(_ user: UUID, of group: UUID) async throws -> GroupMemberRow? {
        try await first(GroupReadStatements.member, group, user)
    }
}

extension Session {
    /// The groups the user belongs to, by name.
    package func groups(of user: UUID, _ request: PageRequest) async throws -> Page<GroupRow> {
        try await page(GroupReadStatements.ofUser, request, user)
    }

    package func groupCount(of user: UUID) async throws -> Int { try await one(GroupReadStatements.countOfUser, user) }

    /// The people of groups, in the order in which they came; nobody for groups the user does not belong to.
    package func groupMembers(
        of groups: [UUID],
        visibleTo user: UUID,
        _ request: PageRequest
    ) async throws -> [Page<GroupMemberRow>] {
        try await pages(GroupReadStatements.members, request, of: groups, user)
    }

    package func groupMemberCounts(of groups: [UUID]) async throws -> [Int] {
        try await counts(GroupReadStatements.memberCounts, of: groups)
    }
}

enum GroupReadStatements {
    static let visible = Statement<GroupRow, [UUID], UUID>(
        """
        SELECT g.id, g.name::text, g.slug::text, g.description, g.visibility, g.created_at, g.updated_at, g.version,
            m.role, m.joined_at
        FROM groups g LEFT JOIN group_members m ON m.group_id = g.id AND m.user_id = $2
        WHERE g.id = ANY ($1) AND g.archived_at IS NULL AND (m.role IS NOT NULL OR g.visibility <> 'INVITE_ONLY')
        """
    )
    static let ofUser = PagedStatement<GroupRow, Keyset<String, UUID>, UUID>(
        "Viewer.groups",
        by: [.ascending("g.name::text"), .ascending("g.id")],
        key: { Keyset($0.name, $0.id) },
        """
        SELECT g.id, g.name::text, g.slug::text, g.description, g.visibility, g.created_at, g.updated_at, g.version,
            m.role, m.joined_at
        FROM group_members m JOIN groups g ON g.id = m.group_id
        WHERE m.user_id = $1 AND g.archived_at IS NULL AND {after} ORDER BY {order} LIMIT {limit}
        """
    )
    static let countOfUser = Statement<Int, UUID>(
        """
        SELECT count(*) FROM group_members m JOIN groups g ON g.id = m.group_id
        WHERE m.user_id = $1 AND g.archived_at IS NULL
        """
    )
    static let member = Statement<GroupMemberRow, UUID, UUID>(
        "SELECT id, group_id, user_id, role, joined_at FROM group_members WHERE group_id = $1 AND user_id = $2"
    )
    static let members = PagedLists<GroupMemberRow, Keyset<Timestamp, UUID>, UUID, UUID>(
        "Group.members",
        by: [.ascending("m.joined_at"), .ascending("m.id")],
        key: { Keyset($0.joinedAt, $0.id) },
        """
        SELECT parent.number, m.* FROM unnest($1) WITH ORDINALITY AS parent (id, number)
        CROSS JOIN LATERAL (
            SELECT m.id, m.group_id, m.user_id, m.role, m.joined_at FROM group_members m
            WHERE m.group_id = parent.id AND {after}
                AND EXISTS (SELECT FROM group_members own WHERE own.group_id = parent.id AND own.user_id = $2)
            ORDER BY {order} LIMIT {limit}
        ) AS m
        ORDER BY parent.number, {order}
        """
    )
    static let memberCounts = Statement<ParentCount<UUID>, [UUID]>(
        "SELECT group_id, count(*) FROM group_members WHERE group_id = ANY ($1) GROUP BY group_id"
    )

    static var all: [any CheckableStatement] {
        ofUser.variants + members.variants + [visible, countOfUser, member, memberCounts]
    }
}
