package import PostgresClient

/// The SQL of idempotency keys. A claim is the moment at which it ends: whoever settles it must still know that moment.
enum IdempotencyStatements {
    /// Nothing when the key is somebody's, or done. One whose time is over is given to the next who asks for the same;
    /// one that has expired is as good as none. Waits for a transaction that is settling it.
    static let claim = Statement<Timestamp, String, String, String, Bytes, CalendarInterval>(
        """
        INSERT INTO idempotency_keys AS k (principal, key, field, request_hash, locked_until)
        VALUES ($1, $2, $3, $4, clock_timestamp() + $5)
        ON CONFLICT (principal, key) DO UPDATE SET field = excluded.field, request_hash = excluded.request_hash,
            state = 'IN_PROGRESS', response = NULL, locked_until = excluded.locked_until,
            created_at = CASE WHEN k.expires_at < now() THEN excluded.created_at ELSE k.created_at END,
            expires_at = excluded.expires_at
        WHERE k.expires_at < now() OR k.state = 'IN_PROGRESS' AND k.locked_until < clock_timestamp()
            AND k.field = excluded.field AND k.request_hash = excluded.request_hash
        RETURNING locked_until
        """
    )
    static let find = Statement<IdempotencyKeyRow, String, String, String, Bytes>(
        """
        SELECT field = $3 AND request_hash = $4, state = 'DONE', created_at,
            ARRAY(SELECT jsonb_array_elements_text(response -> 'ids'))
        FROM idempotency_keys WHERE principal = $1 AND key = $2
        """
    )
    static let settle = Command<String, String, Timestamp, [String]>(
        """
        UPDATE idempotency_keys SET state = 'DONE', response = jsonb_build_object('ids', to_jsonb($4::text[]))
        WHERE principal = $1 AND key = $2 AND state = 'IN_PROGRESS' AND locked_until = $3
        """
    )
    static let forget = Command<String, String, Timestamp>(
        """
        DELETE FROM idempotency_keys
        WHERE principal = $1 AND key = $2 AND state = 'IN_PROGRESS' AND locked_until = $3
        """
    )
    static let all: [any CheckableStatement] = [claim, find, settle, forget]
}

struct IdempotencyKeyRow: PostgresRow {
    let isTheSame: Bool
    let isDone: Bool
    let createdAt: Timestamp
    let ids: [String]

    init(from row: inout RowReader) throws {
        isTheSame = try row.next()
        isDone = try row.next()
        createdAt = try row.next()
        ids = try row.next()
    }
}

extension Transaction {
    /// Says, with the commit, what came of it. Throws when the claim was lost, so that nothing is committed.
    package func settle(_ claim: IdempotencyClaim, ids: [String]) async throws {
        let settled = try await execute(IdempotencyStatements.settle, claim.principal, claim.key, claim.until, ids)
        guard settled == 1 else { throw LostIdempotencyClaim() }
    }
}
