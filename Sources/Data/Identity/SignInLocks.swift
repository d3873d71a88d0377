package import PostgresClient

/// Failed sign-ins in a row: of an account, of a name that no account has, and from an address. Those of unknown names are
/// counted as well, so that a lock does not tell which names exist.
extension StatementRunner {
    /// Until when one of these keys is locked.
    package func signInLock(_ keys: [[UInt8]]) async throws -> Timestamp? {
        try await first(SignInLockStatements.lockedUntil, keys.map(Bytes.init))?.value
    }
}

extension Transaction {
    /// Counts a failure. From the fifth on the key is locked: for a minute, then for twice as long each time, up to an
    /// hour. A day without failures forgets them.
    package func countSignInFailure(_ keys: [[UInt8]]) async throws {
        try await execute(SignInLockStatements.count, keys.map(Bytes.init))
    }

    package func forgetSignInFailures(_ keys: [[UInt8]]) async throws {
        try await execute(SignInLockStatements.forget, keys.map(Bytes.init))
    }
}

struct OptionalTime: PostgresRow {
    let value: Timestamp?
    init(from row: inout RowReader) throws { value = try row.next() }
}

enum SignInLockStatements {
    static let lockedUntil = Statement<OptionalTime, [Bytes]>(
        "SELECT max(locked_until) FROM sign_in_failures WHERE key = ANY ($1) AND locked_until > clock_timestamp()"
    )
    // In the order of the keys, so that two transactions do not wait for each other.
    static let count = Command<[Bytes]>(
        """
        INSERT INTO sign_in_failures AS f (key) SELECT key FROM unnest($1) AS key ORDER BY key
        ON CONFLICT (key) DO UPDATE SET
            failures = CASE WHEN f.last_at < now() - interval '1 day' THEN 1 ELSE f.failures + 1 END,
            locked_until = CASE WHEN f.last_at < now() - interval '1 day' OR f.failures < 4 THEN NULL
                ELSE clock_timestamp() + least(interval '1 hour',
                    interval '1 minute' * power(2, least(f.failures - 4, 6))) END,
            last_at = clock_timestamp()
        """
    )
    static let forget = Command<[Bytes]>("DELETE FROM sign_in_failures WHERE key = ANY ($1)")
    static let all: [any CheckableStatement] = [lockedUntil, count, forget]
}
