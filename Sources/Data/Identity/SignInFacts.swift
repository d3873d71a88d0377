package import PostgresClient

/// What a sign-in whose password was right depends on, once the account is held.
package struct SignInFacts: PostgresRow, Sendable {
    /// Until when the account or the address is locked.
    package let lockedUntil: Timestamp?
    /// Whether a code is asked for as well.
    package let hasSecondFactor: Bool
    /// Whether the account was used before, and never by this program.
    package let isNewDevice: Bool
    /// Whether the owner has asked for the account to be deleted, which signing in calls off.
    package let isToBeErased: Bool

    package init(from row: inout RowReader) throws {
        lockedUntil = try row.next()
        hasSecondFactor = try row.next()
        isNewDevice = try row.next()
        isToBeErased = try row.next()
    }
}

extension StatementBatch {
    package mutating func signInFacts(of user: UUID, _ keys: SignInKeys, userAgent: String) -> Answer<SignInFacts> {
        one(SignInFactStatements.facts, user, keys.all, userAgent)
    }
}

enum SignInFactStatements {
    // The order has no meaning: it keeps the index in use where the table would be read from a bad end.
    static let facts = Statement<SignInFacts, UUID, [Bytes], String>(
        """
        SELECT (SELECT max(locked_until) FROM sign_in_failures
                WHERE key = ANY ($2) AND locked_until > clock_timestamp()),
            EXISTS (SELECT FROM mfa_factors WHERE user_id = $1 AND kind = 'TOTP' AND confirmed_at IS NOT NULL),
            EXISTS (SELECT FROM (SELECT FROM auth_sessions WHERE user_id = $1 ORDER BY user_agent LIMIT 1) AS another)
                AND NOT EXISTS (SELECT FROM auth_sessions WHERE user_id = $1 AND user_agent = $3),
            EXISTS (SELECT FROM privacy_requests
                WHERE user_id = $1 AND requested_by = $1 AND kind = 'ERASURE' AND status = 'SCHEDULED')
        """
    )
    static let all: [any CheckableStatement] = [facts]
}
