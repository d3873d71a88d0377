package import PostgresClient

/// That somebody belongs to a team. Only the look-ups here make one, and what reads or changes the data of teams asks for
/// it: without having looked, nothing of a team can be reached.
package struct TeamScope: Sendable, Equatable {
    package let team: TeamRow
    package var teamID: UUID { team.id }
    package var membership: TeamMemberRow { team.membership }

    fileprivate init(_ team: TeamRow) { self.team = team }
}

extension StatementRunner {
    /// Those of these teams that are there and that the user belongs to.
    package func teamScopes(of user: UUID, in teams: [UUID]) async throws -> [UUID: TeamScope] {
        guard !teams.isEmpty else { return [:] }
        let rows = try await rows(TeamScopeStatements.byID, teams, user)
        return Dictionary(uniqueKeysWithValues: rows.map { ($0.id, TeamScope($0)) })
    }

    package func teamScope(of user: UUID, slug: String) async throws -> TeamScope? {
        try await first(TeamScopeStatements.bySlug, slug, user).map(TeamScope.init)
    }

    /// The team that this invitation is into, if the user belongs to it.
    package func teamScope(of user: UUID, inviting invite: UUID) async throws -> TeamScope? {
        try await first(TeamScopeStatements.byInvite, invite, user).map(TeamScope.init)
    }

    /// The teams each user belongs to, by name, in the order of the users.
    package func teamScopes(of users: [UUID], _ request: PageRequest) async throws -> [Page<TeamScope>] {
        try await pages(TeamScopeStatements.ofUsers, request, of: users).map { $0.map(TeamScope.init) }
    }

    package func teamCounts(of users: [UUID]) async throws -> [Int] {
        try await counts(TeamScopeStatements.counts, of: users)
    }
}

extension Transaction {
    /// The same of one team, for changes: others who change it wait until this transaction ends, so that what a role allows
    /// now is what it allows when the change happens.
    package func lockTeamScope(of user: UUID, in team: UUID) async throws -> TeamScope? {
        try await first(TeamScopeStatements.lock, team, user).map(TeamScope.init)
    }
}

enum TeamScopeStatements {
    static let byID = Statement<TeamRow, [UUID], UUID>(
        """
        SELECT t.id, t.name, t.slug::text, t.description, t.owner_id, t.created_at, t.updated_at, t.version,
            m.id, m.team_id, m.user_id, m.role, m.invited_by, m.joined_at
        FROM teams t JOIN team_members m ON m.team_id = t.id AND m.user_id = $2
        WHERE t.id = ANY ($1) AND t.deleted_at IS NULL
        """
    )
    static let bySlug = Statement<TeamRow, String, UUID>(
        """
        SELECT t.id, t.name, t.slug::text, t.description, t.owner_id, t.created_at, t.updated_at, t.version,
            m.id, m.team_id, m.user_id, m.role, m.invited_by, m.joined_at
        FROM teams t JOIN team_members m ON m.team_id = t.id AND m.user_id = $2
        WHERE t.slug = $1::citext AND t.deleted_at IS NULL
        """
    )
    static let byInvite = Statement<TeamRow, UUID, UUID>(
        """
        SELECT t.id, t.name, t.slug::text, t.description, t.owner_id, t.created_at, t.updated_at, t.version,
            m.id, m.team_id, m.user_id, m.role, m.invited_by, m.joined_at
        FROM team_invites i JOIN teams t ON t.id = i.team_id JOIN team_members m ON m.team_id = t.id AND m.user_id = $2
        WHERE i.id = $1 AND t.deleted_at IS NULL
        """
    )
    static let lock = Statement<TeamRow, UUID, UUID>(
        """
        SELECT t.id, t.name, t.slug::text, t.description, t.owner_id, t.created_at, t.updated_at, t.version,
            m.id, m.team_id, m.user_id, m.role, m.invited_by, m.joined_at
        FROM teams t JOIN team_members m ON m.team_id = t.id AND m.user_id = $2
        WHERE t.id = $1 AND t.deleted_at IS NULL FOR UPDATE
        """
    )
    static let ofUsers = PagedLists<TeamRow, Keyset<String, UUID>, UUID>(
        "Viewer.teams",
        by: [.ascending("team.name"), .ascending("team.id")],
        key: { Keyset($0.name, $0.id) },
        """
        SELECT parent.number, team.* FROM unnest($1) WITH ORDINALITY AS parent (id, number)
        CROSS JOIN LATERAL (
            SELECT team.id, team.name, team.slug::text, team.description, team.owner_id, team.created_at,
                team.updated_at, team.version, m.id AS member_id, m.team_id, m.user_id, m.role, m.invited_by, m.joined_at
            FROM teams team JOIN team_members m ON m.team_id = team.id AND m.user_id = parent.id
            WHERE team.deleted_at IS NULL AND {after} ORDER BY {order} LIMIT {limit}
        ) AS team
        ORDER BY parent.number, {order}
        """
    )
    static let counts = Statement<ParentCount<UUID>, [UUID]>(
        """
        SELECT m.user_id, count(*) FROM team_members m JOIN teams t ON t.id = m.team_id
        WHERE m.user_id = ANY ($1) AND t.deleted_at IS NULL GROUP BY m.user_id
        """
    )
    static var all: [any CheckableStatement] { [byID, bySlug, byInvite, lock, counts] + ofUsers.variants }
}
