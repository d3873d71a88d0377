package import PostgresClient

/// Which groups a list is of; what is nil restricts nothing, and an empty list finds none.
package struct GroupFilter: Sendable {
    /// A part of the name or the description, in any case.
    package var search: String?
    package var visibilities: [String]?
    /// Whether the viewer belongs to them.
    package var isJoined: Bool?

    package init(search: String? = nil, visibilities: [String]? = nil, isJoined: Bool? = nil) {
        self.search = search
        self.visibilities = visibilities
        self.isJoined = isJoined
    }

    fileprivate var pattern: String? { search.map(LikePattern.containing) }
}

extension Session {
    /// The groups that somebody finds, by name: those that are not only for the invited, and their own.
    package func groups(
        visibleTo user: UUID,
        _ filter: GroupFilter,
        _ request: PageRequest
    ) async throws -> Page<GroupRow> {
        try await page(
            GroupDirectoryStatements.list,
            request,
            user,
            filter.pattern,
            filter.visibilities,
            filter.isJoined
        )
    }

    package func groupCount(visibleTo user: UUID, _ filter: GroupFilter) async throws -> Int {
        try await one(
            GroupDirectoryStatements.count,
            user,
            filter.pattern,
            filter.visibilities,
            filter.isJoined
        )
    }

    /// The channel with this name in the group with that name in addresses, if the user sees it.
    package func channel(_ name: String, inGroup slug: String, visibleTo user: UUID) async throws -> RoomRow? {
        try await first(GroupDirectoryStatements.channel, slug, name, user)
    }
}

enum GroupDirectoryStatements {
    // Two lists, each by an index of its own: those that only the invited see are found by whoever belongs to them, and not
    // looked at one after the other by those who do not.
    // Whether somebody belongs to them is asked in two ways, of which one is left when the statement is planned for its
    // values: by a single one the planner took next to nothing to be left, and read all groups.
    static let list = PagedStatement<GroupRow, Keyset<String, UUID>, UUID, String?, [String]?, Bool?>(
        "Query.groups",
        by: [.ascending("g.name::text"), .ascending("g.id")],
        key: { Keyset($0.name, $0.id) },
        """
        SELECT * FROM (
            (SELECT g.id, g.name::text, g.slug::text, g.description, g.visibility, g.created_at, g.updated_at, g.version,
                m.role, m.joined_at
            FROM groups g LEFT JOIN group_members m ON m.group_id = g.id AND m.user_id = $1
            WHERE g.archived_at IS NULL AND g.visibility <> 'INVITE_ONLY'
                AND ($2::text IS NULL OR (g.name::text || ' ' || g.description) ILIKE $2)
                AND ($3::text[] IS NULL OR g.visibility = ANY ($3))
                AND ($4::boolean IS NOT TRUE OR m.role IS NOT NULL)
                AND ($4::boolean IS NOT FALSE OR NOT EXISTS (
                    SELECT FROM group_members own WHERE own.group_id = g.id AND own.user_id = $1))
                AND {after} ORDER BY {order} LIMIT {limit})
            UNION ALL
            (SELECT g.id, g.name::text, g.slug::text, g.description, g.visibility, g.created_at, g.updated_at, g.version,
                m.role, m.joined_at
            FROM group_members m JOIN groups g ON g.id = m.group_id
            WHERE m.user_id = $1 AND g.archived_at IS NULL AND g.visibility = 'INVITE_ONLY'
                AND ($2::text IS NULL OR (g.name::text || ' ' || g.description) ILIKE $2)
                AND ($3::text[] IS NULL OR g.visibility = ANY ($3))
                AND ($4::boolean IS NULL OR $4) AND {after} ORDER BY {order} LIMIT {limit})
        ) AS g
        ORDER BY {order} LIMIT {limit}
        """
    )
    static let count = Statement<Int, UUID, String?, [String]?, Bool?>(
        """
        SELECT (
            SELECT count(*) FROM groups g LEFT JOIN group_members m ON m.group_id = g.id AND m.user_id = $1
            WHERE g.archived_at IS NULL AND g.visibility <> 'INVITE_ONLY'
                AND ($2::text IS NULL OR (g.name::text || ' ' || g.description) ILIKE $2)
                AND ($3::text[] IS NULL OR g.visibility = ANY ($3))
                AND ($4::boolean IS NOT TRUE OR m.role IS NOT NULL)
                AND ($4::boolean IS NOT FALSE OR NOT EXISTS (
                    SELECT FROM group_members own WHERE own.group_id = g.id AND own.user_id = $1))
        ) + (
            SELECT count(*) FROM group_members m JOIN groups g ON g.id = m.group_id
            WHERE m.user_id = $1 AND g.archived_at IS NULL AND g.visibility = 'INVITE_ONLY'
                AND ($2::text IS NULL OR (g.name::text || ' ' || g.description) ILIKE $2)
                AND ($3::text[] IS NULL OR g.visibility = ANY ($3)) AND ($4::boolean IS NULL OR $4)
        )
        """
    )
    static let channel = Statement<RoomRow, String, String, UUID>(
        """
        SELECT room.* FROM groups g JOIN channels c ON c.group_id = g.id
        CROSS JOIN LATERAL (SELECT * FROM visible_rooms(ARRAY[c.id], $3) OFFSET 0) AS room
        WHERE g.slug = $1::citext AND g.archived_at IS NULL AND c.name = $2::citext
        """
    )
    static var all: [any CheckableStatement] { list.variants + [count, channel] }
}
