package import PostgresClient

/// A stretch of the log and the hash over it, which is also over the seal before.
package struct AuditSealRow: PostgresRow, Equatable {
    package let from: Int
    package let through: Int
    package let entries: Int
    package let previous: Bytes?
    package let seal: Bytes
    /// What is in this stretch now, and what its seal would be; both from the columns, not from the hashes beside them.
    package let foundEntries: Int
    package let foundSeal: Bytes
    /// Those of its entries that are not what their hashes say; the first twenty.
    package let changed: [Int]

    package init(from row: inout RowReader) throws {
        from = try row.next()
        through = try row.next()
        entries = try row.next()
        previous = try row.next()
        seal = try row.next()
        foundEntries = try row.next()
        foundSeal = try row.next()
        changed = try row.next()
    }
}

/// What lies after the last seal.
package struct UnsealedEntriesRow: PostgresRow {
    package let entries: Int
    package let changed: [Int]

    package init(from row: inout RowReader) throws {
        entries = try row.next()
        changed = try row.next()
    }
}

/// What is remembered of the log beside it.
package struct AuditMemoryRow: PostgresRow {
    /// An entry that there was.
    package let written: Int
    /// The newest that there is.
    package let newest: Int
    package let lastSeal: Bytes?

    package init(from row: inout RowReader) throws {
        written = try row.next()
        newest = try row.next()
        lastSeal = try row.next()
    }
}

/// Up to where the log may be sealed.
struct SealHorizonRow: PostgresRow {
    let sequence: Int
    /// Whether everything that was being written when the horizon was taken is done.
    let isSettled: Bool

    init(from row: inout RowReader) throws {
        sequence = try row.next()
        isSettled = try row.next()
    }
}

extension Transaction {
    /// Seals what was written before the last call, if nothing that began before it is still being written, and says how
    /// many entries that were. One process at a time: others that come meanwhile do nothing. Nobody who writes is held up.
    package func sealAuditLog(batch: Int = 10_000) async throws -> Int {
        // Read before this transaction has a number of its own: whoever took a number of the log up to here has a smaller
        // one. The first number that nobody had at the moment would not do, as it is the one behind the last that has ended,
        // and others may have begun since.
        let written = try await one(AuditSealStatements.lastWritten)
        guard let horizon = try await first(AuditSealStatements.lockHorizon), horizon.isSettled else { return 0 }
        var sealed = 0
        while let count = try await first(AuditSealStatements.seal, horizon.sequence, batch) {
            sealed += count
            if count < batch { break }
        }
        try await execute(AuditSealStatements.moveHorizon, written)
        return sealed
    }
}

extension Session {
    /// The seals behind this place in the log, in its order, each with what it should be.
    package func auditSeals(after through: Int, limit: Int) async throws -> [AuditSealRow] {
        try await rows(AuditSealStatements.seals, through, limit)
    }

    package func auditMemory() async throws -> AuditMemoryRow { try await one(AuditSealStatements.memory) }

    /// The seal that the last verification has written to the log.
    package func keptAuditSeal() async throws -> String? { try await first(AuditSealStatements.kept) }

    package func unsealedAuditEntries(after through: Int) async throws -> UnsealedEntriesRow {
        try await one(AuditSealStatements.unsealed, through)
    }
}

enum AuditSealStatements {
    static let lockHorizon = Statement<SealHorizonRow>(
        """
        SELECT sequence, next_transaction <= pg_snapshot_xmin(pg_current_snapshot()) FROM audit_seal_horizon
        FOR UPDATE SKIP LOCKED
        """
    )
    static let lastWritten = Statement<Int>("SELECT coalesce(max(sequence), 0) FROM audit_logs")
    static let moveHorizon = Command<Int>(
        "UPDATE audit_seal_horizon SET sequence = greatest(sequence, $1), next_transaction = pg_current_xact_id()"
    )
    static let seal = Statement<Int, Int, Int>(
        """
        WITH last AS (SELECT sealed_through AS through, last_seal AS seal FROM audit_seal_horizon),
        stretch AS (
            SELECT sequence, row_hash FROM audit_logs
            WHERE sequence > (SELECT through FROM last) AND sequence <= $1 ORDER BY sequence LIMIT $2
        ),
        made AS (
            INSERT INTO audit_seals (from_sequence, through_sequence, entries, previous_seal, seal)
            SELECT (SELECT through FROM last) + 1, max(sequence), count(*), (SELECT seal FROM last),
                sha256(coalesce((SELECT seal FROM last), '') || int8send(max(sequence)) || int8send(count(*))
                    || string_agg(row_hash, '' ORDER BY sequence))
            FROM stretch HAVING count(*) > 0
            RETURNING through_sequence, seal, entries
        ),
        remembered AS (
            UPDATE audit_seal_horizon SET sealed_through = made.through_sequence, last_seal = made.seal FROM made
        )
        SELECT entries FROM made
        """
    )
    static let memory = Statement<AuditMemoryRow>(
        "SELECT sequence, (SELECT coalesce(max(sequence), 0) FROM audit_logs), last_seal FROM audit_seal_horizon"
    )
    static let kept = Statement<String>(
        """
        SELECT coalesce(changes -> 0 ->> 'after', '') FROM audit_logs
        WHERE action = 'audit.verify' AND outcome = 'SUCCEEDED' ORDER BY occurred_at DESC, sequence DESC LIMIT 1
        """
    )
    /// The hash of an entry is what the trigger stamp_audit_entry makes of it, written out again: a trigger can be changed
    /// by whoever changes the log.
    static let seals = Statement<AuditSealRow, Int, Int>(
        """
        SELECT s.from_sequence, s.through_sequence, s.entries, s.previous_seal, s.seal, found.entries,
            sha256(coalesce(s.previous_seal, '') || int8send(s.through_sequence) || int8send(s.entries) || found.hashes),
            found.changed
        FROM (
            SELECT * FROM audit_seals WHERE through_sequence > $1 ORDER BY through_sequence LIMIT $2
        ) AS s CROSS JOIN LATERAL (
            SELECT count(*) AS entries, coalesce(string_agg(hash, '' ORDER BY sequence), '') AS hashes,
                (coalesce(array_agg(sequence ORDER BY sequence) FILTER (WHERE hash <> row_hash), '{}'))[:20] AS changed
            FROM (
                SELECT sequence, row_hash, sha256(convert_to(jsonb_build_array(sequence, id,
                    extract(epoch FROM occurred_at), action, outcome, actor_kind, actor_id, impersonator_id, team_id,
                    resource_type, resource_id, changes, request_id, operation_name, ip, user_agent, error_code,
                    duration_ms, metadata)::text, 'UTF8')) AS hash
                FROM audit_logs WHERE sequence BETWEEN s.from_sequence AND s.through_sequence
            ) AS entry
        ) AS found
        ORDER BY s.through_sequence
        """
    )
    static let unsealed = Statement<UnsealedEntriesRow, Int>(
        """
        SELECT count(*),
            (coalesce(array_agg(sequence ORDER BY sequence) FILTER (WHERE hash <> row_hash OR sequence < 1), '{}'))[:20]
        FROM (
            SELECT sequence, row_hash, sha256(convert_to(jsonb_build_array(sequence, id,
                extract(epoch FROM occurred_at), action, outcome, actor_kind, actor_id, impersonator_id, team_id,
                resource_type, resource_id, changes, request_id, operation_name, ip, user_agent, error_code,
                duration_ms, metadata)::text, 'UTF8')) AS hash
            FROM audit_logs WHERE sequence > $1 OR sequence < 1
        ) AS entry
        """
    )
    static let all: [any CheckableStatement] = [
        lastWritten, lockHorizon, moveHorizon, seal, memory, kept, seals, unsealed,
    ]
}
