internal import Data
internal import PostgresClient

/// What actions on teams share: one transaction in which somebody is held against the matrix, and the audit log hears how it
/// ended.
struct TeamWork: Sendable {
    let services: IdentityServices
    let principal: Principal
    let client: ClientInfo

    /// Runs `body` with the team, which nobody else changes meanwhile, if it is still allowed there.
    func change<Value: Sendable>(
        _ access: TeamAccess,
        _ action: String,
        changes: @escaping @Sendable (TeamScope, Value) -> [AuditChange?] = { _, _ in [] },
        _ body: @escaping @Sendable (TeamScope, TeamRole, Transaction) async throws -> Value
    ) async throws -> Result<Value, TeamFaults> {
        let outcome = try await audited(action, team: access.named, changes: { changes($0.scope, $0.value) }) {
            transaction in
            let (scope, role) = try await access.locked(in: transaction)
            return (scope: scope, value: try await body(scope, role, transaction))
        }
        return outcome.map(\.value)
    }

    /// Runs `body` in a transaction; what it changes is undone when it throws faults, and either is written to the log.
    func audited<Value: Sendable>(
        _ action: String,
        team: UUID? = nil,
        changes: @escaping @Sendable (Value) -> [AuditChange?] = { _ in [] },
        _ body: @escaping @Sendable (Transaction) async throws -> Value
    ) async throws -> Result<Value, TeamFaults> {
        try await services.database.pool.transaction { transaction in
            do {
                let value = try await transaction.savepoint { try await body($0) }
                try await record(action, .succeeded, team, nil, changes(value), in: transaction)
                try await client.settle(team.map { GlobalID.text("team", $0) }, in: transaction)
                return .success(value)
            } catch {
                // The savepoint is undone, whoever refused.
                guard let faults = TeamFaults(of: error) else { throw error }
                try await record(action, .refused, team, faults.all[0].code.rawValue, [], in: transaction)
                return .failure(faults)
            }
        }
    }

    private func record(
        _ action: String,
        _ outcome: NewAuditEntry.Outcome,
        _ team: UUID?,
        _ code: String?,
        _ changes: [AuditChange?],
        in transaction: Transaction
    ) async throws {
        try await transaction.record(
            NewAuditEntry(
                action,
                outcome,
                by: principal.user.id,
                of: team,
                on: team.map { NewAuditEntry.Resource(type: "Team", id: GlobalID.text("team", $0)) },
                from: client,
                errorCode: code,
                changes: changes
            )
        )
    }
}
