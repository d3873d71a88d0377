import Data
import IdentityProviders
import PostgresClient

/// Links an account elsewhere with somebody's, who is signed in here and there.
struct OAuthLink {
    let services: IdentityServices
    let client: ClientInfo

    /// Throws an `OAuthFault`.
    func run(
        _ provider: String,
        _ provided: ProvidedIdentity,
        _ user: UUID,
        in transaction: Transaction
    ) async throws -> OAuthIdentityRow {
        guard let held = try await transaction.holdCredentials(of: user) else { throw OAuthFault.stateInvalid }
        // Who has given somebody else's address here must not be in the account when its owner comes to confirm it.
        guard held.user.emailVerifiedAt != nil else {
            throw OAuthFault(.emailUnverified, "Confirm the address of your account first.")
        }
        guard provided.email != nil else {
            throw OAuthFault(.emailUnverified, "The provider has confirmed no address of this account.")
        }
        let isLinked = try await transaction.insertOAuthIdentity(
            provider,
            subject: provided.subject,
            email: provided.email,
            of: user,
            isUsed: false
        )
        guard let row = try await transaction.oauthIdentity(provider, subject: provided.subject), row.userID == user
        else {
            throw OAuthFault(.alreadyExists, "One of the two accounts is linked with another one.")
        }
        // Linking what is linked changes nothing.
        guard isLinked else { return row }
        try await transaction.record(
            NewAuditEntry("account.oauth_link", .succeeded, by: user, on: row.auditResource, from: client)
        )
        try await SecurityNotice(services: services, client: client)
            .changedAccount(.oauthLinked, row.providerName, of: user, in: transaction)
        return row
    }
}

extension OAuthIdentityRow {
    var providerName: String { OAuthProviderKind(rawValue: provider)?.name ?? provider }

    var auditResource: NewAuditEntry.Resource { NewAuditEntry.Resource(type: "OAuthIdentity", id: provider) }
}
