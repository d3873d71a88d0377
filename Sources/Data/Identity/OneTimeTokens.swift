package import PostgresClient

/// What a secret of a link is for.
package enum OneTimePurpose: String, Sendable {
    case emailVerification = "EMAIL_VERIFY"
    case passwordReset = "PASSWORD_RESET"
    case emailChange = "EMAIL_CHANGE"
    /// Gives an account the address back that it had.
    case emailUndo = "EMAIL_UNDO"
    /// A sign-in that waits for its second step.
    case mfaChallenge = "MFA_CHALLENGE"
}

/// A secret that is good once, for a while; only its hash is kept.
package struct OneTimeTokenRow: PostgresRow, Sendable {
    package let userID: UUID?
    /// JSON.
    package let data: JSONText
    package let expiresAt: Timestamp
    package let usedAt: Timestamp?

    package init(from row: inout RowReader) throws {
        userID = try row.next()
        data = try row.next()
        expiresAt = try row.next()
        usedAt = try row.next()
    }
}

extension Transaction {
    package func insertOneTimeToken(
        hash: [UInt8],
        _ purpose: OneTimePurpose,
        of user: UUID?,
        data: JSONText = JSONText("{}"),
        expiresAt: Timestamp
    ) async throws {
        try await execute(OneTimeTokenStatements.insert, Bytes(hash), purpose.rawValue, user, data, expiresAt)
    }

    /// The secret of this hash; whoever asks for it at the same time waits.
    package func lockOneTimeToken(hash: [UInt8], _ purpose: OneTimePurpose) async throws -> OneTimeTokenRow? {
        try await first(OneTimeTokenStatements.lock, Bytes(hash), purpose.rawValue)
    }

    package func spendOneTimeToken(hash: [UInt8]) async throws {
        try await execute(OneTimeTokenStatements.spend, Bytes(hash))
    }

    /// Ends all secrets of somebody for this purpose.
    package func spendOneTimeTokens(of user: UUID, _ purpose: OneTimePurpose) async throws {
        try await execute(OneTimeTokenStatements.spendAll, user, purpose.rawValue)
    }
}

enum OneTimeTokenStatements {
    static let insert = Command<Bytes, String, UUID?, JSONText, Timestamp>(
        "INSERT INTO one_time_tokens (token_hash, purpose, user_id, data, expires_at) VALUES ($1, $2, $3, $4, $5)"
    )
    static let lock = Statement<OneTimeTokenRow, Bytes, String>(
        """
        SELECT user_id, data, expires_at, used_at FROM one_time_tokens WHERE token_hash = $1 AND purpose = $2 FOR UPDATE
        """
    )
    static let spend = Command<Bytes>("UPDATE one_time_tokens SET used_at = now() WHERE token_hash = $1")
    static let spendAll = Command<UUID, String>(
        "UPDATE one_time_tokens SET used_at = now() WHERE user_id = $1 AND purpose = $2 AND used_at IS NULL"
    )
    static let all: [any CheckableStatement] = [insert, lock, spend, spendAll]
}
