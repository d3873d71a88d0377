package import PostgresClient

/// Ways to providers and back. Each step finds its attempt by the hash of what it shows, and each is taken once.
extension Transaction {
    package func insertOAuthAttempt(_ attempt: NewOAuthAttempt) async throws {
        try await execute(
            OAuthAttemptStatements.insert,
            Bytes(attempt.stateHash),
            attempt.provider.rawValue,
            attempt.intent.rawValue,
            attempt.userID,
            attempt.returnTo,
            attempt.createdAt,
            attempt.expiresAt,
            Bytes(attempt.ticketHash)
        )
    }

    /// Says which browser goes on with it, and with what it has to come back. A browser may set out again, and another one
    /// instead of it, until one has come back. Nil where there is no such attempt any more.
    package func beginOAuthAttempt(
        ticketHash: [UInt8],
        _ provider: OAuthProviderKind,
        browserHash: [UInt8],
        returnHash: [UInt8],
        at now: Timestamp
    ) async throws -> OAuthAttemptRow? {
        try await first(
            OAuthAttemptStatements.begin,
            Bytes(ticketHash),
            provider.rawValue,
            Bytes(browserHash),
            Bytes(returnHash),
            now
        )
    }

    /// Notes that the browser has come back; nil for another browser, and for one that has come back already.
    package func returnToOAuthAttempt(
        returnHash: [UInt8],
        _ provider: OAuthProviderKind,
        browserHash: [UInt8],
        at now: Timestamp
    ) async throws -> OAuthAttemptRow? {
        try await first(
            OAuthAttemptStatements.returned,
            Bytes(returnHash),
            provider.rawValue,
            Bytes(browserHash),
            now
        )
    }

    /// Hands over what has come of it.
    package func handOverOAuthAttempt(
        returnHash: [UInt8],
        codeHash: [UInt8],
        fault: String?,
        subject: String?,
        email: String?,
        name: String?
    ) async throws {
        try await execute(
            OAuthAttemptStatements.handOver,
            Bytes(returnHash),
            Bytes(codeHash),
            fault,
            subject,
            email,
            name
        )
    }

    /// Takes what has come of it, which then is there no more.
    package func takeOAuthAttempt(stateHash: [UInt8], codeHash: [UInt8]) async throws -> OAuthReturnRow? {
        try await first(OAuthAttemptStatements.take, Bytes(stateHash), Bytes(codeHash))
    }
}

/// A way to a provider that is to begin.
package struct NewOAuthAttempt: Sendable {
    package let stateHash: [UInt8]
    package let ticketHash: [UInt8]
    package let provider: OAuthProviderKind
    package let intent: OAuthPurpose
    package let userID: UUID?
    package let returnTo: String
    package let createdAt: Timestamp
    package let expiresAt: Timestamp

    package init(
        stateHash: [UInt8],
        ticketHash: [UInt8],
        provider: OAuthProviderKind,
        intent: OAuthPurpose,
        userID: UUID?,
        returnTo: String,
        createdAt: Timestamp,
        expiresAt: Timestamp
    ) {
        self.stateHash = stateHash
        self.ticketHash = ticketHash
        self.provider = provider
        self.intent = intent
        self.userID = userID
        self.returnTo = returnTo
        self.createdAt = createdAt
        self.expiresAt = expiresAt
    }
}

enum OAuthAttemptStatements {
    static let insert = Command<Bytes, String, String, UUID?, String, Timestamp, Timestamp, Bytes>(
        """
        INSERT INTO oauth_attempts (state_hash, provider, intent, user_id, return_to, created_at, expires_at, ticket_hash)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        """
    )
    static let begin = Statement<OAuthAttemptRow, Bytes, String, Bytes, Bytes, Timestamp>(
        """
        UPDATE oauth_attempts SET browser_hash = $3, return_hash = $4
        WHERE ticket_hash = $1 AND provider = $2 AND returned_at IS NULL AND expires_at > $5
        RETURNING return_to, created_at, expires_at
        """
    )
    static let returned = Statement<OAuthAttemptRow, Bytes, String, Bytes, Timestamp>(
        """
        UPDATE oauth_attempts SET returned_at = $4
        WHERE return_hash = $1 AND provider = $2 AND browser_hash = $3 AND returned_at IS NULL AND expires_at > $4
        RETURNING return_to, created_at, expires_at
        """
    )
    static let handOver = Command<Bytes, Bytes, String?, String?, String?, String?>(
        """
        UPDATE oauth_attempts SET code_hash = $2, fault = $3, subject = $4, email = $5::citext, name = $6
        WHERE return_hash = $1
        """
    )
    static let take = Statement<OAuthReturnRow, Bytes, Bytes>(
        """
        DELETE FROM oauth_attempts WHERE state_hash = $1 AND code_hash = $2
        RETURNING provider, intent, user_id, expires_at, fault, subject, email::text, name
        """
    )
    static let all: [any CheckableStatement] = [insert, begin, returned, handOver, take]
}
