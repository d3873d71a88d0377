package import Data
internal import PostgresClient

/// Ends signing in by an account elsewhere, unless there would be no other way left.
package struct OAuthUnlink {
    private let services: IdentityServices
    private let configured: [OAuthProviderKind]
    private let principal: Principal
    private let client: ClientInfo

    /// - Parameter configured: by whom people can sign in.
    package init(
        _ services: IdentityServices,
        _ configured: [OAuthProviderKind],
        _ principal: Principal,
        from client: ClientInfo
    ) {
        self.services = services
        self.configured = configured
        self.principal = principal
        self.client = client
    }

    package func run(_ kind: OAuthProviderKind) async throws -> Result<Void, OAuthFaults> {
        let user = principal.user.id
        return try await services.database.pool.transaction { transaction in
            try await transaction.hold(principal)
            let held = try await transaction.credentials(user: user)
            let all = try await transaction.oauthIdentities(of: [user])
            let fault: OAuthFault? =
                if !all.contains(where: { $0.provider == kind.rawValue }) {
                    .notFound(["provider"])
                } else if held?.passwordHash == nil, !all.contains(where: { isOtherWay($0, than: kind) }) {
                    OAuthFault(.lastSignInMethod, ["provider"], "You could not sign in any more: set a password first.")
                } else {
                    nil
                }
            try await transaction.record(
                NewAuditEntry(
                    "account.oauth_unlink",
                    fault == nil ? .succeeded : .refused,
                    by: user,
                    on: NewAuditEntry.Resource(type: "OAuthIdentity", id: kind.rawValue),
                    from: client,
                    errorCode: fault?.code.rawValue
                )
            )
            if let fault { return .failure(OAuthFaults(fault)) }
            _ = try await transaction.removeOAuthIdentity(kind.rawValue, of: user)
            // A sign-in by it may wait for its code.
            try await transaction.spendOneTimeTokens(of: user, .mfaChallenge)
            try await SecurityNotice(services: services, client: client)
                .changedAccount(.oauthUnlinked, kind.name, of: user, in: transaction)
            return .success(())
        }
    }

    private func isOtherWay(_ identity: OAuthIdentityRow, than kind: OAuthProviderKind) -> Bool {
        identity.provider != kind.rawValue && configured.contains { $0.rawValue == identity.provider }
    }
}
