package import PostgresClient

extension StatementRunner {
    /// Whose account elsewhere it is.
    package func oauthIdentity(_ provider: String, subject: String) async throws -> OAuthIdentityRow? {
        try await first(OAuthIdentityStatements.bySubject, provider, subject)
    }

    /// By which accounts elsewhere these people sign in, in the order they were linked.
    package func oauthIdentities(of users: [UUID]) async throws -> [OAuthIdentityRow] {
        try await rows(OAuthIdentityStatements.ofUsers, users)
    }
}

extension Transaction {
    /// Nobody else changes how the user signs in until the transaction ends; their account as it is then.
    package func holdCredentials(of user: UUID) async throws -> CredentialRow? {
        _ = try await rows(MFAStatements.lockUser, user)
        return try await credentials(user: user)
    }

    /// False where the account elsewhere is somebody's already, or the user has one of this provider.
    package func insertOAuthIdentity(
        _ provider: String,
        subject: String,
        email: String?,
        of user: UUID,
        isUsed: Bool
    ) async throws -> Bool {
        try await execute(OAuthIdentityStatements.insert, provider, subject, user, email, isUsed) == 1
    }

    /// Notes that somebody signed in by it, and what its address is now.
    package func useOAuthIdentity(_ provider: String, subject: String, email: String?) async throws {
        try await execute(OAuthIdentityStatements.use, provider, subject, email)
    }

    package func removeOAuthIdentity(_ provider: String, of user: UUID) async throws -> Bool {
        try await execute(OAuthIdentityStatements.remove, provider, user) == 1
    }
}

enum OAuthIdentityStatements {
    static let bySubject = Statement<OAuthIdentityRow, String, String>(
        """
        SELECT user_id, provider, subject, email::text, linked_at, last_used_at FROM oauth_identities
        WHERE provider = $1 AND subject = $2
        """
    )
    static let ofUsers = Statement<OAuthIdentityRow, [UUID]>(
        """
        SELECT user_id, provider, subject, email::text, linked_at, last_used_at FROM oauth_identities
        WHERE user_id = ANY ($1) ORDER BY linked_at, provider
        """
    )
    static let insert = Command<String, String, UUID, String?, Bool>(
        """
        INSERT INTO oauth_identities (provider, subject, user_id, email, last_used_at)
        VALUES ($1, $2, $3, $4::citext, CASE WHEN $5 THEN now() END) ON CONFLICT DO NOTHING
        """
    )
    static let use = Command<String, String, String?>(
        """
        UPDATE oauth_identities SET last_used_at = now(), email = coalesce($3::citext, email)
        WHERE provider = $1 AND subject = $2
        """
    )
    static let remove = Command<String, UUID>("DELETE FROM oauth_identities WHERE provider = $1 AND user_id = $2")
    static let all: [any CheckableStatement] = [bySubject, ofUsers, insert, use, remove]
}
