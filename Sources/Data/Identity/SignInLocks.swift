package import PostgresClient

/// What failures are counted for, as hashes.
package struct SignInKeys: Sendable {
    /// An account, or a name that no account has: those are counted as well, so that a lock does not tell which names exist.
    package let account: [UInt8]
    /// Where it comes from.
    package let address: [UInt8]

    package init(account: [UInt8], address: [UInt8]) {
        self.account = account
        self.address = address
    }

    var all: [Bytes] { [Bytes(account), Bytes(address)] }
}

/// Which of the two is locked.
package struct SignInLocks: PostgresRow, Sendable {
    package let account: Bool
    package let address: Bool

    package static let none = SignInLocks(account: false, address: false)

    private init(account: Bool, address: Bool) {
        self.account = account
        self.address = address
    }

    package init(from row: inout RowReader) throws {
        account = try row.next()
        address = try row.next()
    }
}

extension StatementRunner {
    /// Until when one of the two is locked.
    package func signInLock(_ keys: SignInKeys) async throws -> Timestamp? {
        try await first(SignInLockStatements.lockedUntil, keys.all)?.value
    }
}

extension Transaction {
    /// Counts a failure. From the fifth on the key is locked: for a minute, then for twice as long each time, up to an
    /// hour. A day without failures forgets them.
    ///
    /// An address may be that of many people, whose mistakes add up: of an address one is forgotten every ten minutes.
    ///
    /// What this failure has locked.
    package func countSignInFailure(_ keys: SignInKeys) async throws -> SignInLocks {
        try await one(SignInLockStatements.count, keys.all, Bytes(keys.address))
    }

    /// Those of the account. Those of the address may have been others'.
    package func forgetSignInFailures(_ keys: SignInKeys) async throws {
        try await execute(SignInLockStatements.forget, Bytes(keys.account))
    }
}

extension StatementBatch {
    /// Of the account that an identifier names, before it is known which that is.
    ///
    /// - Parameter keys: for the case that it names none.
    package mutating func signInLock(ofIdentifier identifier: String, otherwise keys: SignInKeys) -> SignInLock {
        SignInLock(
            found: first(
                SignInLockStatements.lockedUntilOfIdentifier,
                identifier,
                Bytes(keys.account),
                Bytes(keys.address)
            )
        )
    }

    package mutating func forgetSignInFailures(_ keys: SignInKeys) {
        execute(SignInLockStatements.forget, Bytes(keys.account))
    }
}

/// Whether one of two keys is locked, once its batch has run.
package struct SignInLock: Sendable {
    fileprivate let found: Answer<OptionalTime?>

    package func until() throws -> Timestamp? { try found.get()?.value }
}

struct OptionalTime: PostgresRow {
    let value: Timestamp?
    init(from row: inout RowReader) throws { value = try row.next() }
}

enum SignInLockStatements {
    static let lockedUntil = Statement<OptionalTime, [Bytes]>(
        "SELECT max(locked_until) FROM sign_in_failures WHERE key = ANY ($1) AND locked_until > clock_timestamp()"
    )
    // The key of an account as `SignIn.lockKeys` makes it.
    static let lockedUntilOfIdentifier = Statement<OptionalTime, String, Bytes, Bytes>(
        """
        SELECT max(f.locked_until) FROM sign_in_failures f
        WHERE f.locked_until > clock_timestamp() AND f.key IN ($3, coalesce((
            SELECT sha256(convert_to('user:' || u.id, 'UTF8')) FROM users u
            WHERE u.email = $1::citext OR u.username = $1::citext
        ), $2))
        """
    )
    // In the order of the keys, so that two transactions do not wait for each other.
    static let count = Statement<SignInLocks, [Bytes], Bytes>(
        """
        WITH counted AS (
            INSERT INTO sign_in_failures AS f (key) SELECT key FROM unnest($1) AS key ORDER BY key
            ON CONFLICT (key) DO UPDATE SET (failures, locked_until, last_at) = (
                SELECT before + 1, CASE WHEN before >= 4 THEN clock_timestamp() + least(interval '1 hour',
                    interval '1 minute' * power(2, least(before - 4, 6))) END, clock_timestamp()
                FROM (
                    SELECT CASE WHEN f.last_at < now() - interval '1 day' THEN 0 WHEN f.key <> $2 THEN f.failures
                        ELSE greatest(0, f.failures - floor(greatest(0, extract(epoch FROM
                            clock_timestamp() - f.last_at)) / 600)::int) END AS before
                ) AS counted
            )
            RETURNING key, locked_until
        )
        SELECT coalesce(bool_or(locked_until IS NOT NULL) FILTER (WHERE key <> $2), false),
            coalesce(bool_or(locked_until IS NOT NULL) FILTER (WHERE key = $2), false)
        FROM counted
        """
    )
    static let forget = Command<Bytes>("DELETE FROM sign_in_failures WHERE key = $1")
    static let all: [any CheckableStatement] = [
        lockedUntil, lockedUntilOfIdentifier, count, forget,
    ]
}
