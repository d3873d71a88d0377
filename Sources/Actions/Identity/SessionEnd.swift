internal import Data
package import PostgresClient

/// Ends sessions of the one who asks: this one, another, or all.
package struct SessionEnd {
    private let services: IdentityServices
    private let client: ClientInfo
    private let principal: Principal

    package init(_ services: IdentityServices, _ principal: Principal, from client: ClientInfo) {
        self.services = services
        self.principal = principal
        self.client = client
    }

    /// Whether the session was one of theirs and lived.
    package func revoke(_ session: UUID) async throws -> Bool {
        let user = principal.user.id
        let own = try? principal.session.id
        let ended = try await services.database.pool.transaction { transaction in
            let ended = try await transaction.revokeSessions([session], of: user, reason: "SIGNED_OUT")
            // Whoever ends another session may not know it: nor what it has asked for.
            if session != own { try await transaction.spendOneTimeTokens(askedBy: ended, of: user) }
            let resource = NewAuditEntry.Resource(type: "AuthSession", id: GlobalID.text("ses", session))
            try await transaction.record(
                NewAuditEntry(
                    "session.revoke",
                    ended.isEmpty ? .refused : .succeeded,
                    by: user,
                    on: resource,
                    from: client,
                    errorCode: ended.isEmpty ? "NOT_FOUND" : nil
                )
            )
            return ended
        }
        services.directory.forget(ended)
        return !ended.isEmpty
    }

    /// How many there were.
    package func revokeAll(keepsCurrent: Bool) async throws -> Int {
        let kept = keepsCurrent ? try principal.session.id : nil
        let user = principal.user.id
        let ended = try await services.database.pool.transaction { transaction in
            try await transaction.hold(user)
            let ended = try await transaction.revokeAllSessions(of: user, except: kept, reason: "SIGNED_OUT")
            try await transaction.endWhatWaits(of: user)
            try await transaction.record(NewAuditEntry("session.revoke_all", .succeeded, by: user, from: client))
            return ended
        }
        services.directory.forget(ended)
        return ended.count
    }
}
