package import PostgresClient

/// Rows that nobody asks for any more, removed so many at a time.
enum HousekeepingStatements {
    static let idempotencyKeys = Command<Int>(
        """
        DELETE FROM idempotency_keys WHERE ctid = ANY (ARRAY(
            SELECT ctid FROM idempotency_keys WHERE expires_at < now() LIMIT $1 FOR UPDATE SKIP LOCKED
        ))
        """
    )
    static let rateBuckets = Command<Int>(
        """
        DELETE FROM rate_buckets WHERE ctid = ANY (ARRAY(
            SELECT ctid FROM rate_buckets WHERE refilled_at < now() - interval '1 day' LIMIT $1 FOR UPDATE SKIP LOCKED
        ))
        """
    )
    static let signInFailures = Command<Int>(
        """
        DELETE FROM sign_in_failures WHERE ctid = ANY (ARRAY(
            SELECT ctid FROM sign_in_failures WHERE last_at < now() - interval '2 days' LIMIT $1 FOR UPDATE SKIP LOCKED
        ))
        """
    )
    /// As long as that, so that a program somebody comes back by is no new one.
    static let endedSessions = Command<Int>(
        """
        DELETE FROM auth_sessions WHERE id = ANY (ARRAY(
            SELECT id FROM auth_sessions WHERE coalesce(revoked_at, expires_at) < now() - interval '180 days'
            LIMIT $1 FOR UPDATE SKIP LOCKED
        ))
        """
    )
    static let endedTokens = Command<Int>(
        """
        DELETE FROM one_time_tokens WHERE token_hash = ANY (ARRAY(
            SELECT token_hash FROM one_time_tokens WHERE expires_at < now() - interval '1 day'
            LIMIT $1 FOR UPDATE SKIP LOCKED
        ))
        """
    )
    /// They hold what a provider said of people, which is of no use to anybody any more.
    static let endedOAuthAttempts = Command<Int>(
        """
        DELETE FROM oauth_attempts WHERE state_hash = ANY (ARRAY(
            SELECT state_hash FROM oauth_attempts WHERE expires_at < now() LIMIT $1 FOR UPDATE SKIP LOCKED
        ))
        """
    )
    /// Those that failed for good are kept longer: somebody may want to know why.
    static let finishedJobs = Command<Int>(
        """
        DELETE FROM jobs WHERE ctid = ANY (ARRAY(
            SELECT ctid FROM jobs WHERE finished_at < now()
                - CASE WHEN status = 'DEAD' THEN interval '30 days' ELSE interval '7 days' END
            LIMIT $1 FOR UPDATE SKIP LOCKED
        ))
        """
    )
    static let commands = [
        idempotencyKeys, rateBuckets, signInFailures, endedSessions, endedTokens, endedOAuthAttempts, finishedJobs,
    ]
    static var all: [any CheckableStatement] { commands }
}

extension PostgresPool {
    /// Removes expired idempotency keys, tokens and ways to providers, full rate buckets, forgotten failures, sessions that
    /// ended long ago and old finished jobs; how many there were.
    package func removeExpiredRows(batch: Int = 5_000) async throws -> Int {
        var removed = 0
        for command in HousekeepingStatements.commands {
            removed += try await Batches.run(of: batch) { limit in
                try await transaction { try await $0.execute(command, limit) }
            }
        }
        return removed
    }
}
