package import Data
package import PostgresClient

/// Reads the log, for those who may: administrators all of it, owners and administrators of a team what happened there.
package struct AuditView: Sendable {
    package enum Failure: Error, Sendable, Equatable {
        case forbidden
    }

    let services: IdentityServices
    let principal: Principal
    let client: ClientInfo

    package init(_ services: IdentityServices, _ principal: Principal, from client: ClientInfo) {
        self.services = services
        self.principal = principal
        self.client = client
    }

    /// False for a team that the viewer does not see; throws where they see it and may not. Nil is for all of the log.
    package func maySee(_ team: UUID?) async throws -> Bool {
        if principal.may(.auditRead) { return true }
        guard let team else { throw Failure.forbidden }
        guard principal.reaches(team) else { return false }
        let scopes = try await services.database.session.teamScopes(of: principal.user.id, in: [team])
        guard let scope = scopes[team] else { return false }
        guard scope.allows(.auditRead) else { throw Failure.forbidden }
        return true
    }

    package func all(_ filter: AuditFilter, _ request: PageRequest) async throws -> Page<AuditEntryRow> {
        _ = try await maySee(nil)
        try await recordView(nil, request)
        return try await services.database.historySession.auditEntries(filter, request)
    }

    /// Nil for a team that the viewer does not see.
    package func team(
        _ team: UUID,
        _ filter: AuditFilter,
        _ request: PageRequest
    ) async throws -> Page<AuditEntryRow>? {
        guard try await maySee(team) else { return nil }
        try await recordView(team, request)
        return try await services.database.historySession.auditEntries(of: team, filter, request)
    }

    /// Who looks into the log is written there. A page at a cursor goes on with a look of the last ten minutes, or is one of
    /// its own: cursors can be kept, and given to others.
    private func recordView(_ team: UUID?, _ request: PageRequest) async throws {
        let actor = principal.user.id
        if request.hasCursor, try await services.database.session.hasReadAuditLog(actor, of: team) { return }
        try await record("audit.read", team)
    }

    package func record(_ action: String, _ team: UUID?, changes: [AuditChange?] = []) async throws {
        let resource = team.map { NewAuditEntry.Resource(type: "Team", id: GlobalID.text("team", $0)) }
        let entry = NewAuditEntry(
            action,
            .succeeded,
            by: principal.user.id,
            of: team,
            on: resource,
            from: client,
            changes: changes
        )
        try await services.database.pool.transaction { try await $0.record(entry) }
    }
}
