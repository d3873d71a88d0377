internal import Credentials
package import Data
package import PostgresClient

/// Gives a key of whoever asks another secret, or ends it.
package struct APIKeyChange {
    private let services: IdentityServices
    private let principal: Principal
    private let client: ClientInfo

    package init(_ services: IdentityServices, _ principal: Principal, from client: ClientInfo) {
        self.services = services
        self.principal = principal
        self.client = client
    }

    /// The secret it had counts for so long, so that its program can be given the new one without haste. One that was
    /// rotated before counts no longer.
    package func rotate(_ id: UUID?, overlapSeconds: Int) async throws -> Result<IssuedAPIKey, APIKeyFaults> {
        let now = services.clock()
        return try await change(id, "api_key.rotate", givesSecret: true, notice: .keyRotated) { key, transaction in
            // The secret lets somebody act as its maker: nobody else gets it.
            guard key.userID == principal.user.id else { throw APIKeyFaults(.notFound(["id"])) }
            guard key.isGood(at: now) else {
                throw APIKeyFaults(.invalidTransition, ["id"], "The key was revoked, or its time is over.")
            }
            let secret = APIKeySecret.successor(prefix: key.prefix)
            let until = Timestamp(microseconds: now.microseconds + Int64(overlapSeconds) * 1_000_000)
            let row = try await transaction.rotateAPIKey(key.id, hash: secret.hash, previousValidUntil: until)
            return (row, IssuedAPIKey(key: row, secret: secret.text))
        }
    }

    /// At once where it is done, within a second elsewhere. One that was revoked before stays so.
    package func revoke(_ id: UUID?) async throws -> Result<APIKeyRow, APIKeyFaults> {
        try await change(id, "api_key.revoke") { key, transaction in
            guard try await mayRevoke(key, in: transaction) else { throw APIKeyFaults(.notFound(["id"])) }
            let row = try await transaction.revokeAPIKey(key.id)
            return (row, row)
        }
    }

    /// Whoever made it; of a key of a team, also those who manage such keys there.
    private func mayRevoke(_ key: APIKeyRow, in transaction: Transaction) async throws -> Bool {
        if key.userID == principal.user.id { return true }
        guard let team = key.teamID else { return false }
        let scope = try await transaction.teamScopes(of: principal.user.id, in: [team])[team]
        return scope.flatMap { TeamRole(rawValue: $0.membership.role) }?.may(.apiKey) ?? false
    }

    private func change<Value: Sendable>(
        _ id: UUID?,
        _ action: String,
        givesSecret: Bool = false,
        notice: AccountChange? = nil,
        _ body: @escaping @Sendable (APIKeyRow, Transaction) async throws -> (APIKeyRow, Value)
    ) async throws -> Result<Value, APIKeyFaults> {
        let user = principal.user.id
        let outcome: Result<(APIKeyRow, Value), APIKeyFaults> =
            try await services.database.pool.transaction { [client] transaction in
                var found: APIKeyRow?
                if givesSecret { try await transaction.hold(principal) }
                do {
                    guard let id, let key = try await transaction.lockAPIKey(id) else {
                        throw APIKeyFaults(.notFound(["id"]))
                    }
                    found = key
                    let changed = try await body(key, transaction)
                    try await transaction.record(
                        NewAuditEntry(
                            action,
                            .succeeded,
                            by: user,
                            of: key.teamID,
                            on: key.auditResource,
                            from: client
                        )
                    )
                    if let notice {
                        try await SecurityNotice(services: services, client: client)
                            .changedAccount(notice, key.name, of: user, in: transaction)
                    }
                    return .success(changed)
                } catch let faults as APIKeyFaults {
                    try await transaction.record(
                        NewAuditEntry(
                            action,
                            .refused,
                            by: user,
                            of: found?.teamID,
                            on: found?.auditResource,
                            from: client,
                            errorCode: faults.all[0].code.rawValue
                        )
                    )
                    return .failure(faults)
                }
            }
        if case .success((let key, _)) = outcome { services.keys.forget([key.prefix]) }
        return outcome.map(\.1)
    }
}
