package import Data
package import PostgresClient

/// Changes, deletes and restores teams.
package struct TeamChange {
    package struct Input: Sendable {
        package let name: String?
        package let slug: String?
        package let description: String?
        package let expectedVersion: Int32?

        /// What is nil stays.
        package init(name: String?, slug: String?, description: String?, expectedVersion: Int32?) {
            self.name = name.map(VisibleText.trimmed)
            self.slug = slug
            self.description = description.map(ComposedText.of)
            self.expectedVersion = expectedVersion
        }
    }

    private let work: TeamWork

    package init(_ services: IdentityServices, _ principal: Principal, from client: ClientInfo) {
        work = TeamWork(services: services, principal: principal, client: client)
    }

    package func update(_ access: TeamAccess, _ input: Input) async throws -> Result<TeamScope, TeamFaults> {
        let work = work
        let user = work.principal.user.id
        return try await work.change(access, "team.update", changes: TeamChange.changes) { scope, _, transaction in
            let faults = TeamNames.faults(name: input.name, slug: input.slug, description: input.description)
            if let faults = TeamFaults(faults) { throw faults }
            if let expected = input.expectedVersion, expected != scope.team.version {
                let message = "Somebody else has changed the team meanwhile."
                throw TeamFaults(.staleVersion, ["input", "expectedVersion"], message, .version(scope.team.version))
            }
            let isFree = try await transaction.updateTeam(
                scope,
                name: input.name,
                slug: input.slug,
                description: input.description
            )
            guard isFree else {
                throw TeamFaults(.nameTaken, ["input", "slug"], "Another team has this slug.")
            }
            let changed = try await transaction.changed(scope, for: user)
            work.tell([.teamChanged(scope.teamID, by: user)], in: transaction)
            return changed
        }
    }

    private static let changes: @Sendable (TeamScope, TeamScope) -> [AuditChange?] = { before, after in
        [
            AuditChange("name", before.team.name, after.team.name),
            AuditChange("slug", before.team.slug, after.team.slug),
            AuditChange("description", before.team.description, after.team.description),
        ]
    }

    /// Until when it can be restored.
    package func delete(_ access: TeamAccess) async throws -> Result<Timestamp, TeamFaults> {
        let work = work
        return try await work.change(access, "team.delete") { scope, _, transaction in
            // Restoring the team does not bring them back.
            try await transaction.revokeAPIKeys(of: scope)
            let members = try await transaction.teamMemberIDs(of: scope)
            let until = try await transaction.deleteTeam(scope)
            work.tell(
                NewEvent.team(scope.teamID, isThere: false, members, by: work.principal.user.id),
                in: transaction
            )
            return until
        }
    }

    /// Of those the principal owned when they were deleted.
    package func restore(_ team: UUID?) async throws -> Result<TeamScope, TeamFaults> {
        let work = work
        let user = work.principal.user.id
        return try await work.audited("team.restore", team: team) { transaction in
            guard let team, try await transaction.lockDeletedTeam(team, owner: user) else {
                throw TeamFaults(.notFound(["id"]))
            }
            guard try await transaction.restoreTeam(team) else {
                throw TeamFaults(.nameTaken, ["id"], "Another team has its slug now.")
            }
            guard let scope = try await transaction.lockTeamScope(of: user, in: team) else {
                throw PostgresError.rowCount(0)
            }
            let members = try await transaction.teamMemberIDs(of: scope)
            work.tell(NewEvent.team(scope.teamID, isThere: true, members, by: user), in: transaction)
            return scope
        }
    }
}

extension Transaction {
    /// The same team as it is now.
    func changed(_ scope: TeamScope, for user: UUID) async throws -> TeamScope {
        guard let scope = try await lockTeamScope(of: user, in: scope.teamID) else { throw PostgresError.rowCount(0) }
        return scope
    }
}
