package import Data
package import PostgresClient

/// Reads the log, for those who may: administrators all of it, owners and administrators of a team what happened there.
package struct AuditView: Sendable {
    package enum Failure: Error, Sendable, Equatable {
        case forbidden
    }

    private let services: IdentityServices
    private let principal: Principal
    private let client: ClientInfo

    package init(_ services: IdentityServices, _ principal: Principal, from client: ClientInfo) {
        self.services = services
        self.principal = principal
        self.client = client
    }

    /// Whether somebody may read all of it.
    package static func mayReadAll(_ principal: Principal) -> Bool {
        ["ADMIN", "SUPER_ADMIN"].contains(where: principal.has(role:))
    }

    /// Whether somebody may read what happened in a team they belong to.
    package static func mayRead(_ scope: TeamScope) -> Bool {
        TeamRole(rawValue: scope.membership.role)?.may(.auditRead) ?? false
    }

    package func all(_ filter: AuditFilter, _ request: PageRequest) async throws -> Page<AuditEntryRow> {
        guard AuditView.mayReadAll(principal) else { throw Failure.forbidden }
        try await recordView(nil, request)
        return try await services.database.session.auditEntries(filter, request)
    }

    /// Nil for a team that the viewer does not see.
    package func team(
        _ team: UUID,
        _ filter: AuditFilter,
        _ request: PageRequest
    ) async throws -> Page<AuditEntryRow>? {
        if !AuditView.mayReadAll(principal) {
            let scopes = try await services.database.session.teamScopes(of: principal.user.id, in: [team])
            guard let scope = scopes[team] else { return nil }
            guard AuditView.mayRead(scope) else { throw Failure.forbidden }
        }
        try await recordView(team, request)
        return try await services.database.session.auditEntries(of: team, filter, request)
    }

    /// Who looks into the log is written there, once for a walk through its pages: without a first page there is no cursor.
    private func recordView(_ team: UUID?, _ request: PageRequest) async throws {
        guard !request.hasCursor else { return }
        let resource = team.map { NewAuditEntry.Resource(type: "Team", id: GlobalID.text("team", $0)) }
        let entry = NewAuditEntry(
            "audit.read",
            .succeeded,
            by: principal.user.id,
            of: team,
            on: resource,
            from: client
        )
        try await services.database.pool.transaction { try await $0.record(entry) }
    }
}
