package import PostgresClient

/// Of whom a list of people is; what is nil restricts nothing, and an empty list finds nobody.
package struct UserListFilter: Sendable {
    /// A part of the user name, the name or the address, in any case.
    package var search: String?
    package var statuses: [String]?
    /// They have one of these roles.
    package var roles: [String]?
    package var createdSince: Timestamp?
    package var createdBefore: Timestamp?
    /// They belong to this team.
    package var team: UUID?

    package init() {}

    fileprivate var pattern: String? { search.map(LikePattern.containing) }
}

/// By what a list of people is sorted.
package enum UserSortKey: Sendable {
    case createdAt(isDescending: Bool)
    case username(isDescending: Bool)
}

extension Session {
    /// Erased accounts are in no list.
    package func users(
        _ filter: UserListFilter,
        by key: UserSortKey,
        _ request: PageRequest
    ) async throws -> Page<UserRow> {
        switch key {
        case .createdAt(let isDescending):
            let list = isDescending ? UserListStatements.newestFirst : UserListStatements.oldestFirst
            return try await filteredPage(list, request, filter)
        case .username(let isDescending):
            let list = isDescending ? UserListStatements.namesBackward : UserListStatements.names
            return try await filteredPage(list, request, filter)
        }
    }

    package func userCount(_ filter: UserListFilter) async throws -> Int {
        try await one(
            UserListStatements.count,
            filter.pattern,
            filter.statuses,
            filter.roles,
            filter.createdSince,
            filter.createdBefore,
            filter.team
        )
    }

    private func filteredPage<Key: PageKey>(
        _ list: UserListStatements.List<Key>,
        _ request: PageRequest,
        _ filter: UserListFilter
    ) async throws -> Page<UserRow> {
        try await page(
            list,
            request,
            filter.pattern,
            filter.statuses,
            filter.roles,
            filter.createdSince,
            filter.createdBefore,
            filter.team
        )
    }
}

extension StatementRunner {
    /// The account of a user name, compared without case.
    package func user(username: String) async throws -> UserRow? {
        try await first(UserListStatements.byUsername, username)
    }

    package func isTaken(username: String) async throws -> Bool {
        try await one(UserListStatements.isTaken, username)
    }
}

enum UserListStatements {
    typealias List<Key: PageKey> = PagedStatement<
        UserRow, Key, String?, [String]?, [String]?, Timestamp?, Timestamp?, UUID?
    >

    static let newestFirst = List<Keyset<Timestamp, UUID>>(
        "Query.users",
        by: [.descending("u.created_at"), .descending("u.id")],
        key: { Keyset($0.createdAt, $0.id) },
        filtered
    )
    static let oldestFirst = List<Keyset<Timestamp, UUID>>(
        "Query.users, oldest first",
        by: [.ascending("u.created_at"), .ascending("u.id")],
        key: { Keyset($0.createdAt, $0.id) },
        filtered
    )
    static let names = List<Keyset<String, UUID>>(
        "Query.users, by name",
        by: [.ascending("lower(u.username::text)"), .ascending("u.id")],
        key: { Keyset($0.username.lowercased(), $0.id) },
        filtered
    )
    static let namesBackward = List<Keyset<String, UUID>>(
        "Query.users, by name backward",
        by: [.descending("lower(u.username::text)"), .descending("u.id")],
        key: { Keyset($0.username.lowercased(), $0.id) },
        filtered
    )
    private static let filtered: StaticString = """
        SELECT u.id, u.email::text, u.username::text, u.name, u.status, u.email_verified_at, u.locale, u.time_zone,
            u.session_epoch, ARRAY(SELECT role FROM user_roles r WHERE r.user_id = u.id ORDER BY role), u.created_at,
            u.updated_at
        FROM users u
        WHERE u.status <> 'DELETED'
            AND ($1::text IS NULL OR (u.username::text || ' ' || u.name || ' ' || coalesce(u.email::text, '')) ILIKE $1)
            AND ($2::text[] IS NULL OR u.status = ANY ($2))
            AND ($3::text[] IS NULL OR EXISTS (SELECT FROM user_roles r WHERE r.user_id = u.id AND r.role = ANY ($3)))
            AND ($4::timestamptz IS NULL OR u.created_at >= $4) AND ($5::timestamptz IS NULL OR u.created_at < $5)
            AND ($6::uuid IS NULL OR EXISTS (SELECT FROM team_members m WHERE m.user_id = u.id AND m.team_id = $6))
            AND {after}
        ORDER BY {order} LIMIT {limit}
        """
    static let count = Statement<Int, String?, [String]?, [String]?, Timestamp?, Timestamp?, UUID?>(
        """
        SELECT count(*) FROM users u
        WHERE u.status <> 'DELETED'
            AND ($1::text IS NULL OR (u.username::text || ' ' || u.name || ' ' || coalesce(u.email::text, '')) ILIKE $1)
            AND ($2::text[] IS NULL OR u.status = ANY ($2))
            AND ($3::text[] IS NULL OR EXISTS (SELECT FROM user_roles r WHERE r.user_id = u.id AND r.role = ANY ($3)))
            AND ($4::timestamptz IS NULL OR u.created_at >= $4) AND ($5::timestamptz IS NULL OR u.created_at < $5)
            AND ($6::uuid IS NULL OR EXISTS (SELECT FROM team_members m WHERE m.user_id = u.id AND m.team_id = $6))
        """
    )
    static let byUsername = Statement<UserRow, String>(
        """
        SELECT u.id, u.email::text, u.username::text, u.name, u.status, u.email_verified_at, u.locale, u.time_zone,
            u.session_epoch, ARRAY(SELECT role FROM user_roles r WHERE r.user_id = u.id ORDER BY role), u.created_at,
            u.updated_at
        FROM users u WHERE u.username = $1::citext AND u.status <> 'DELETED'
        """
    )
    static let isTaken = Statement<Bool, String>("SELECT EXISTS (SELECT FROM users WHERE username = $1::citext)")
    static var all: [any CheckableStatement] {
        newestFirst.variants + oldestFirst.variants + names.variants + namesBackward.variants
            + [count, byUsername, isTaken]
    }
}
