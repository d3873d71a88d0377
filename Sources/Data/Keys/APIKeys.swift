package import PostgresClient

extension Session {
    /// Whether it lives or not.
    package func apiKeyOwner(prefix: String) async throws -> APIKeyOwnerRow? {
        try await first(APIKeyStatements.owner, prefix)
    }

    /// Those of these that are the user's.
    package func apiKeys(_ ids: [UUID], of user: UUID) async throws -> [APIKeyRow] {
        try await rows(APIKeyStatements.byID, ids, user)
    }

    /// The newest first.
    package func apiKeys(of users: [UUID], _ request: PageRequest) async throws -> [Page<APIKeyRow>] {
        try await pages(APIKeyStatements.ofUsers, request, of: users)
    }

    /// Those that reach each team and no other, the newest first.
    package func apiKeys(of teams: [TeamScope], _ request: PageRequest) async throws -> [Page<APIKeyRow>] {
        try await pages(APIKeyStatements.ofTeams, request, of: teams.map(\.teamID))
    }

    package func apiKeyCounts(of teams: [TeamScope]) async throws -> [Int] {
        try await counts(APIKeyStatements.teamCounts, of: teams.map(\.teamID))
    }

    package func apiKeyCounts(of users: [UUID]) async throws -> [Int] {
        try await counts(APIKeyStatements.counts, of: users)
    }
}

extension Transaction {
    /// Nil when the user has `limit` keys that live.
    package func insert(_ key: NewAPIKey, limit: Int) async throws -> APIKeyRow? {
        // Two that come at once count one after the other.
        _ = try await rows(APIKeyStatements.lockUser, key.userID)
        return try await first(
            APIKeyStatements.insert,
            key.id,
            key.userID,
            key.teamID,
            key.name,
            key.prefix,
            Bytes(key.hash),
            key.scopes,
            key.allowedRanges,
            key.expiresAt,
            limit
        )
    }

    /// Nobody else changes it meanwhile. Whoever asks looks whose it is.
    package func lockAPIKey(_ id: UUID) async throws -> APIKeyRow? { try await first(APIKeyStatements.lock, id) }

    /// Those that reach this team and no other end; of one member, or of all.
    package func revokeAPIKeys(of team: TeamScope, madeBy user: UUID? = nil) async throws {
        try await execute(APIKeyStatements.revokeOfTeam, team.teamID, user)
    }

    /// The secret it had counts until then.
    package func rotateAPIKey(_ id: UUID, hash: [UInt8], previousValidUntil: Timestamp) async throws -> APIKeyRow {
        try await one(APIKeyStatements.rotate, id, Bytes(hash), previousValidUntil)
    }

    package func revokeAPIKey(_ id: UUID) async throws -> APIKeyRow {
        try await one(APIKeyStatements.revoke, id)
    }

    /// All that live; answers their prefixes.
    package func revokeAllAPIKeys(of user: UUID) async throws -> [String] {
        try await rows(APIKeyStatements.revokeAll, user)
    }

    /// How many live.
    package func livingAPIKeys(of user: UUID) async throws -> Int { try await one(APIKeyStatements.living, user) }

    package func touchAPIKey(_ id: UUID) async throws { try await execute(APIKeyStatements.touch, id) }
}

enum APIKeyStatements {
    static let owner = Statement<APIKeyOwnerRow, String>(
        """
        SELECT k.key_hash, k.previous_hash, k.previous_valid_until, k.team_id IS NULL OR EXISTS (
                SELECT FROM team_members m JOIN teams t ON t.id = m.team_id
                WHERE m.team_id = k.team_id AND m.user_id = k.user_id AND t.deleted_at IS NULL
            ),
            k.id, k.user_id, k.name, k.prefix, k.scopes, k.allowed_ranges::text[], k.status = 'REVOKED', k.created_at,
            k.last_used_at, k.expires_at, k.team_id,
            u.id, u.email::text, u.username::text, u.name, u.status, u.email_verified_at, u.locale, u.time_zone,
            u.session_epoch, ARRAY(SELECT role FROM user_roles r WHERE r.user_id = u.id ORDER BY role), u.created_at,
            u.updated_at
        FROM api_keys k JOIN users u ON u.id = k.user_id WHERE k.prefix = $1
        """
    )
    static let byID = Statement<APIKeyRow, [UUID], UUID>(
        """
        SELECT k.id, k.user_id, k.name, k.prefix, k.scopes, k.allowed_ranges::text[], k.status = 'REVOKED', k.created_at,
            k.last_used_at, k.expires_at, k.team_id
        FROM api_keys k WHERE k.id = ANY ($1) AND k.user_id = $2
        """
    )
    static let ofUsers = PagedLists<APIKeyRow, Keyset<Timestamp, UUID>, UUID>(
        "Viewer.apiKeys",
        by: [.descending("k.created_at"), .descending("k.id")],
        key: { Keyset($0.createdAt, $0.id) },
        """
        SELECT parent.number, k.* FROM unnest($1) WITH ORDINALITY AS parent (id, number)
        CROSS JOIN LATERAL (
            SELECT k.id, k.user_id, k.name, k.prefix, k.scopes, k.allowed_ranges::text[], k.status = 'REVOKED' AS is_revoked,
                k.created_at, k.last_used_at, k.expires_at, k.team_id
            FROM api_keys k WHERE k.user_id = parent.id AND {after} ORDER BY {order} LIMIT {limit}
        ) AS k
        ORDER BY parent.number, {order}
        """
    )
    static let counts = Statement<ParentCount<UUID>, [UUID]>(
        "SELECT user_id, count(*) FROM api_keys WHERE user_id = ANY ($1) GROUP BY user_id"
    )
    static let lockUser = Statement<UUID, UUID>("SELECT id FROM users WHERE id = $1 FOR NO KEY UPDATE")
    static let insert = Statement<
        APIKeyRow, UUID, UUID, UUID?, String, String, Bytes, [String], [String], Timestamp?, Int
    >(
        """
        INSERT INTO api_keys AS k (id, user_id, team_id, name, prefix, key_hash, scopes, allowed_ranges, expires_at)
        SELECT $1, $2, $3, $4, $5, $6, $7, $8::text[]::cidr[], $9
        WHERE (
            SELECT count(*) FROM api_keys o
            WHERE o.user_id = $2 AND o.status = 'ACTIVE' AND (o.expires_at IS NULL OR o.expires_at > now())
        ) < $10
        RETURNING k.id, k.user_id, k.name, k.prefix, k.scopes, k.allowed_ranges::text[], k.status = 'REVOKED', k.created_at,
            k.last_used_at, k.expires_at, k.team_id
        """
    )
    static let lock = Statement<APIKeyRow, UUID>(
        """
        SELECT k.id, k.user_id, k.name, k.prefix, k.scopes, k.allowed_ranges::text[], k.status = 'REVOKED', k.created_at,
            k.last_used_at, k.expires_at, k.team_id
        FROM api_keys k WHERE k.id = $1 FOR UPDATE
        """
    )
    static let rotate = Statement<APIKeyRow, UUID, Bytes, Timestamp>(
        """
        UPDATE api_keys k SET previous_hash = key_hash, previous_valid_until = $3, key_hash = $2 WHERE id = $1
        RETURNING k.id, k.user_id, k.name, k.prefix, k.scopes, k.allowed_ranges::text[], k.status = 'REVOKED', k.created_at,
            k.last_used_at, k.expires_at, k.team_id
        """
    )
    static let revoke = Statement<APIKeyRow, UUID>(
        """
        UPDATE api_keys k SET status = 'REVOKED', previous_hash = NULL WHERE id = $1
        RETURNING k.id, k.user_id, k.name, k.prefix, k.scopes, k.allowed_ranges::text[], k.status = 'REVOKED', k.created_at,
            k.last_used_at, k.expires_at, k.team_id
        """
    )
    static let revokeOfTeam = Command<UUID, UUID?>(
        """
        UPDATE api_keys SET status = 'REVOKED', previous_hash = NULL
        WHERE team_id = $1 AND ($2::uuid IS NULL OR user_id = $2) AND status <> 'REVOKED'
        """
    )
    static let ofTeams = PagedLists<APIKeyRow, Keyset<Timestamp, UUID>, UUID>(
        "Team.apiKeys",
        by: [.descending("k.created_at"), .descending("k.id")],
        key: { Keyset($0.createdAt, $0.id) },
        """
        SELECT parent.number, k.* FROM unnest($1) WITH ORDINALITY AS parent (id, number)
        CROSS JOIN LATERAL (
            SELECT k.id, k.user_id, k.name, k.prefix, k.scopes, k.allowed_ranges::text[], k.status = 'REVOKED' AS is_revoked,
                k.created_at, k.last_used_at, k.expires_at, k.team_id
            FROM api_keys k WHERE k.team_id = parent.id AND {after} ORDER BY {order} LIMIT {limit}
        ) AS k
        ORDER BY parent.number, {order}
        """
    )
    static let teamCounts = Statement<ParentCount<UUID>, [UUID]>(
        """
        SELECT team.id, count(*) FROM unnest($1) AS team (id) JOIN api_keys k ON k.team_id = team.id GROUP BY team.id
        """
    )
    static let revokeAll = Statement<String, UUID>(
        """
        UPDATE api_keys SET status = 'REVOKED', previous_hash = NULL WHERE user_id = $1 AND status = 'ACTIVE'
        RETURNING prefix
        """
    )
    static let living = Statement<Int, UUID>(
        """
        SELECT count(*) FROM api_keys
        WHERE user_id = $1 AND status = 'ACTIVE' AND (expires_at IS NULL OR expires_at > now())
        """
    )
    static let touch = Command<UUID>("UPDATE api_keys SET last_used_at = now() WHERE id = $1")
    static var all: [any CheckableStatement] {
        [
            owner, byID, counts, teamCounts, lockUser, insert, lock, rotate, revoke, revokeOfTeam, revokeAll, living,
            touch,
        ]
            + ofUsers.variants + ofTeams.variants
    }
}
