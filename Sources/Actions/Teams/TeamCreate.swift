internal import Credentials
package import Data
internal import PostgresClient

/// Makes a team, which whoever asks owns.
package struct TeamCreate {
    private let work: TeamWork

    package init(_ services: IdentityServices, _ principal: Principal, from client: ClientInfo) {
        work = TeamWork(services: services, principal: principal, client: client)
    }

    /// The slug is made of the name when there is none.
    package func run(name: String, slug: String?, description: String) async throws -> Result<TeamScope, TeamFaults> {
        let services = work.services
        let user = work.principal.user.id
        try await services.limit("team_create", by: user.description, 10, perSeconds: 60)
        let (name, description) = (VisibleText.trimmed(name), ComposedText.of(description))
        if let faults = TeamFaults(TeamNames.faults(name: name, slug: slug, description: description)) {
            return .failure(faults)
        }
        let team = NewTeam(
            id: services.newID(),
            name: name,
            slug: slug ?? TeamNames.slug(from: name, random: SecureRandom.bytes(4)),
            description: description,
            ownerID: user
        )
        let owner = NewTeamMember(id: services.newID(), userID: user, role: TeamRole.owner.rawValue, invitedBy: nil)
        return try await work.audited("team.create", team: team.id) { transaction in
            // One at a time: each counts what the others have made, and whoever closes the account counts this one.
            guard try await !transaction.lockActiveUsers([user]).isEmpty else {
                throw TeamFaults(.forbidden, ["input"], "Your account is closed, or is to be deleted.")
            }
            let owned = try await transaction.ownedTeams(of: user)
            guard owned < TeamLimits.teamsPerOwner else {
                let quota = FaultDetail.quota("teams", limit: TeamLimits.teamsPerOwner, used: owned)
                throw TeamFaults(.quotaExceeded, ["input"], "Nobody owns more teams than this.", quota)
            }
            guard try await transaction.insert(team) else {
                throw TeamFaults(.nameTaken, ["input", "slug"], "Another team has this slug.")
            }
            try await transaction.insertTeamMembers([owner], of: team.id)
            guard let scope = try await transaction.lockTeamScope(of: user, in: team.id) else {
                throw PostgresError.rowCount(0)
            }
            return scope
        }
    }
}

/// The most of everything: more would be somebody who fills the disk.
enum TeamLimits {
    static let teamsPerOwner = 100
    static let membersPerTeam = 10_000
    static let pendingInvitesPerTeam = 500
}
