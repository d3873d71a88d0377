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
    static let all: [any CheckableStatement] = [insert, insertMembers]
}
