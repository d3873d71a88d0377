package import PostgresClient

extension StatementRunner {
    /// The members of each team, those who joined first at the beginning; `roles` narrows them.
    package func teamMembers(
        of scopes: [TeamScope],
        roles: [String]?,
        _ request: PageRequest
    ) async throws -> [Page<TeamMemberRow>] {
        try await pages(TeamMemberStatements.ofTeams, request, of: scopes.map(\.teamID), roles)
    }

    package func teamMemberCounts(of scopes: [TeamScope], roles: [String]?) async throws -> [Int] {
        try await counts(TeamMemberStatements.counts, of: scopes.map(\.teamID), roles)
    }

    /// Memberships by their ids, whoever's they are: the caller shows those of teams it has a scope of.
    package func teamMembers(_ ids: [UUID]) async throws -> [TeamMemberRow] {
        try await rows(TeamMemberStatements.byID, ids)
    }

    package func teamMember(_ user: UUID, in scope: TeamScope) async throws -> TeamMemberRow? {
        try await first(TeamMemberStatements.ofUser, scope.teamID, user)
    }
}

extension Transaction {
    /// Everybody who belongs to the team, in the order of their ids.
    package func teamMemberIDs(of scope: TeamScope) async throws -> [UUID] {
        try await rows(TeamMemberStatements.users, scope.teamID)
    }

    package func removeTeamMember(_ user: UUID, from scope: TeamScope) async throws {
        try await execute(TeamMemberStatements.remove, scope.teamID, user)
    }

    package func setTeamRole(_ role: String, of user: UUID, in scope: TeamScope) async throws {
        try await execute(TeamMemberStatements.setRole, scope.teamID, user, role)
    }
}

enum TeamMemberStatements {
    static let ofTeams = PagedLists<TeamMemberRow, Keyset<Timestamp, UUID>, UUID, [String]?>(
        "Team.members",
        by: [.ascending("member.joined_at"), .ascending("member.id")],
        key: { Keyset($0.joinedAt, $0.id) },
        """
        SELECT parent.number, member.* FROM unnest($1) WITH ORDINALITY AS parent (id, number)
        CROSS JOIN LATERAL (
            SELECT member.id, member.team_id, member.user_id, member.role, member.invited_by, member.joined_at
            FROM team_members member
            WHERE member.team_id = parent.id AND ($2::text[] IS NULL OR member.role = ANY ($2)) AND {after}
            ORDER BY {order} LIMIT {limit}
        ) AS member
        ORDER BY parent.number, {order}
        """
    )
    static let counts = Statement<ParentCount<UUID>, [UUID], [String]?>(
        """
        SELECT team_id, count(*) FROM team_members
        WHERE team_id = ANY ($1) AND ($2::text[] IS NULL OR role = ANY ($2)) GROUP BY team_id
        """
    )
    static let byID = Statement<TeamMemberRow, [UUID]>(
        "SELECT id, team_id, user_id, role, invited_by, joined_at FROM team_members WHERE id = ANY ($1)"
    )
    static let ofUser = Statement<TeamMemberRow, UUID, UUID>(
        """
        SELECT id, team_id, user_id, role, invited_by, joined_at FROM team_members
        WHERE team_id = $1 AND user_id = $2
        """
    )
    static let users = Statement<UUID, UUID>("SELECT user_id FROM team_members WHERE team_id = $1 ORDER BY user_id")
    static let remove = Command<UUID, UUID>("DELETE FROM team_members WHERE team_id = $1 AND user_id = $2")
    static let setRole = Command<UUID, UUID, String>(
        "UPDATE team_members SET role = $3 WHERE team_id = $1 AND user_id = $2"
    )
    static var all: [any CheckableStatement] { ofTeams.variants + [counts, byID, ofUser, users, remove, setRole] }
}
