package import PostgresClient

/// A team to be.
package struct NewTeam: Sendable {
    package let id: UUID
    package let name: String
    package let slug: String
    package let description: String
    package let ownerID: UUID

    package init(id: UUID, name: String, slug: String, description: String, ownerID: UUID) {
        self.id = id
        self.name = name
        self.slug = slug
        self.description = description
        self.ownerID = ownerID
    }
}

/// Somebody who is to belong to a team.
package struct NewTeamMember: Sendable {
    package let id: UUID
    package let userID: UUID
    package let role: String
    package let invitedBy: UUID?

    package init(id: UUID, userID: UUID, role: String, invitedBy: UUID?) {
        self.id = id
        self.userID = userID
        self.role = role
        self.invitedBy = invitedBy
    }
}

extension Transaction {
    /// False when it is there already, or another team has its slug. Its owner must become a member in the same
    /// transaction.
    package func insert(_ team: NewTeam) async throws -> Bool {
        try await execute(TeamWriteStatements.insert, team.id, team.name, team.slug, team.description, team.ownerID)
            == 1
    }

    /// Leaves out who belongs to the team already; answers the ids of the others.
    @discardableResult
    package func insertTeamMembers(_ members: [NewTeamMember], of team: UUID) async throws -> [UUID] {
        try await rows(
            TeamWriteStatements.insertMembers,
            team,
            members.map(\.id),
            members.map(\.userID),
            members.map(\.role),
            members.map(\.invitedBy)
        )
    }

    /// How many teams a user owns.
    package func ownedTeams(of user: UUID) async throws -> Int { try await one(TeamWriteStatements.owned, user) }

    /// False when another team has the slug. What is nil stays.
    package func updateTeam(
        _ scope: TeamScope,
        name: String?,
        slug: String?,
        description: String?
    ) async throws -> Bool {
        if let slug, try await one(TeamWriteStatements.isTaken, slug, scope.teamID) { return false }
        try await execute(TeamWriteStatements.update, scope.teamID, name, slug, description)
        return true
    }

    package func deleteTeam(_ scope: TeamScope) async throws -> Timestamp {
        try await one(TeamWriteStatements.delete, scope.teamID)
    }

    /// The team of this id that the user owns and has deleted within thirty days; others who change it wait.
    package func lockDeletedTeam(_ team: UUID, owner: UUID) async throws -> Bool {
        try await first(TeamWriteStatements.lockDeleted, team, owner) != nil
    }

    /// False when another team has its slug now.
    package func restoreTeam(_ team: UUID) async throws -> Bool {
        try await execute(TeamWriteStatements.restore, team) == 1
    }

    /// The owner becomes an administrator.
    package func transferTeam(_ scope: TeamScope, to user: UUID) async throws {
        // In this order: there is one owner at a time.
        try await execute(TeamWriteStatements.demote, scope.teamID)
        try await execute(TeamWriteStatements.promote, scope.teamID, user)
        try await execute(TeamWriteStatements.setOwner, scope.teamID, user)
    }
}

enum TeamWriteStatements {
    static let insert = Command<UUID, String, String, String, UUID>(
        """
        INSERT INTO teams (id, name, slug, description, owner_id) VALUES ($1, $2, $3::citext, $4, $5)
        ON CONFLICT DO NOTHING
        """
    )
    static let insertMembers = Statement<UUID, UUID, [UUID], [UUID], [String], [UUID?]>(
        """
        INSERT INTO team_members (id, team_id, user_id, role, invited_by)
        SELECT m.id, $1, m.user_id, m.role, m.invited_by
        FROM unnest($2, $3, $4::text[], $5) AS m (id, user_id, role, invited_by)
        ON CONFLICT (team_id, user_id) DO NOTHING RETURNING id
        """
    )
    static let owned = Statement<Int, UUID>("SELECT count(*) FROM teams WHERE owner_id = $1 AND deleted_at IS NULL")
    static let isTaken = Statement<Bool, String, UUID>(
        "SELECT EXISTS (SELECT FROM teams WHERE slug = $1::citext AND id <> $2 AND deleted_at IS NULL)"
    )
    static let update = Command<UUID, String?, String?, String?>(
        """
        UPDATE teams SET name = coalesce($2, name), slug = coalesce($3::citext, slug),
            description = coalesce($4, description) WHERE id = $1
        """
    )
    static let delete = Statement<Timestamp, UUID>(
        "UPDATE teams SET deleted_at = now() WHERE id = $1 RETURNING deleted_at + interval '30 days'"
    )
    static let lockDeleted = Statement<UUID, UUID, UUID>(
        """
        SELECT id FROM teams
        WHERE id = $1 AND owner_id = $2 AND deleted_at > now() - interval '30 days' FOR UPDATE
        """
    )
    static let restore = Command<UUID>(
        """
        UPDATE teams t SET deleted_at = NULL
        WHERE id = $1 AND NOT EXISTS (SELECT FROM teams o WHERE o.slug = t.slug AND o.deleted_at IS NULL)
        """
    )
    static let demote = Command<UUID>("UPDATE team_members SET role = 'ADMIN' WHERE team_id = $1 AND role = 'OWNER'")
    static let promote = Command<UUID, UUID>(
        "UPDATE team_members SET role = 'OWNER' WHERE team_id = $1 AND user_id = $2"
    )
    static let setOwner = Command<UUID, UUID>("UPDATE teams SET owner_id = $2 WHERE id = $1")
    static let all: [any CheckableStatement] = [
        insert, insertMembers, owned, isTaken, update, delete, lockDeleted, restore, demote, promote, setOwner,
    ]
}
