package import Data
internal import PostgresClient

/// Ends signing in by an account elsewhere, unless there would be no other way left.
package struct OAuthUnlink {
    private let services: IdentityServices
    private let principal: Principal
    private let client: ClientInfo

    package init(_ services: IdentityServices, _ principal: Principal, from client: ClientInfo) {
        self.services = services
        self.principal = principal
        self.client = client
    }

    package func run(_ kind: OAuthProviderKind) async throws -> Result<Void, Faults<OAuthFault>> {
        let user = principal.user.id
        return try await services.database.pool.transaction { transaction in
            try await transaction.hold(principal)
            let held = try await transaction.credentials(user: user)
            let all = try await transaction.oauthIdentities(of: [user])
            let fault: OAuthFault? =
                if !all.contains(where: { $0.provider == kind.rawValue }) {
                    OAuthFault(.notFound, "No account of this provider is linked.", ["provider"])
                } else if held?.passwordHash == nil, all.count == 1 {
                    OAuthFault(.lastSignInMethod, "You could not sign in any more: set a password first.", ["provider"])
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
                    errorCode: fault?.auditCode
                )
            )
            if let fault { return .failure(Faults(fault)) }
            _ = try await transaction.removeOAuthIdentity(kind.rawValue, of: user)
            try await SecurityNotice(services: services, client: client)
                .changedAccount(.oauthUnlinked, kind.name, of: user, in: transaction)
            return .success(())
        }
    }
}
