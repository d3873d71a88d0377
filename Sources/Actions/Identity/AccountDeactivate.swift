internal import Data
internal import PostgresClient

/// Closes the account of whoever asks.
package struct AccountDeactivate {
    package enum Failure: Error, Sendable, Equatable {
        /// They own teams, which would have nobody.
        case ownsTeams(Int)
        /// Nobody else may do everything.
        case lastSuperAdmin
    }

    private let services: IdentityServices
    private let principal: Principal
    private let client: ClientInfo

    package init(_ services: IdentityServices, _ principal: Principal, from client: ClientInfo) {
        self.services = services
        self.principal = principal
        self.client = client
    }

    package func run() async throws -> Result<Void, Failure> {
        let user = principal.user.id
        let outcome: Result<[UUID], Failure> = try await services.database.pool.transaction { transaction in
            // Whoever gives them a team meanwhile waits, or was waited for.
            _ = try await transaction.lockActiveUsers([user])
            try await transaction.hold(principal)
            let owned = try await transaction.ownedTeams(of: user)
            let failure: Failure? =
                if owned > 0 {
                    .ownsTeams(owned)
                } else if principal.has(role: "SUPER_ADMIN"),
                    try await transaction.otherSuperAdmins(than: user) == 0
                {
                    .lastSuperAdmin
                } else {
                    nil
                }
            try await transaction.record(
                NewAuditEntry(
                    "account.deactivate",
                    failure == nil ? .succeeded : .refused,
                    by: user,
                    from: client,
                    errorCode: failure == nil ? nil : "LAST_OWNER"
                )
            )
            if let failure { return .failure(failure) }
            try await transaction.deactivate(user)
            try await transaction.endWhatWaits(of: user)
            return .success(try await transaction.revokeAllSessions(of: user, except: nil, reason: "DEACTIVATED"))
        }
        if case .success(let ended) = outcome { services.directory.forget(ended) }
        return outcome.map { _ in }
    }
}
