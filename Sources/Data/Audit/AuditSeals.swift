package import PostgresClient

/// A stretch of the log and the hash over it, which is also over the seal before.
package struct AuditSealRow: PostgresRow, Equatable {
    package let from: Int
    package let through: Int
    package let entries: Int
    package let previous: Bytes?
    package let seal: Bytes

    package init(from row: inout RowReader) throws {
        from = try row.next()
        through = try row.next()
        entries = try row.next()
        previous = try row.next()
        seal = try row.next()
    }
}

/// What an entry hashes to now, by its columns and not by the hash beside them.
package struct AuditHashRow: PostgresRow, Equatable {
    package let sequence: Int
    package let hash: Bytes
    /// Whether it is not what the hash beside it says, or no number was given to it.
    package let isChanged: Bool

    package init(from row: inout RowReader) throws {
        sequence = try row.next()
        hash = try row.next()
        isChanged = try row.next()
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

/// What one call of `sealAuditLog` came to.
package struct AuditSealing: Sendable, Equatable {
    package var entries = 0
    /// Whether there is more that could be sealed at once.
    package var hasMore = false
}

extension Transaction {
    /// Seals what was written before the last call, if nothing that began before it is still being written: so many seals at
    /// most, each over at most `batch` entries. One process at a time: others that come meanwhile do nothing. Nobody who
    /// writes is held up.
    package func sealAuditLog(batch: Int = 10_000, seals: Int = 10) async throws -> AuditSealing {
        // Read before this transaction has a number of its own: whoever took a number of the log up to here has a smaller
        // one. The first number that nobody had at the moment would not do, as it is the one behind the last that has ended,
        // and others may have begun since.
        let written = try await one(AuditSealStatements.lastWritten)
        var sealing = AuditSealing()
        guard let horizon = try await first(AuditSealStatements.lockHorizon), horizon.isSettled else { return sealing }
        for _ in 0..<seals {
            let count = try await first(AuditSealStatements.seal, horizon.sequence, batch) ?? 0
            sealing.entries += count
            if count < batch {
                try await execute(AuditSealStatements.moveHorizon, written)
                return sealing
            }
        }
        // The horizon stays, and is settled still: the next call goes on up to it.
        sealing.hasMore = true
        return sealing
    }
}

extension Session {
    /// The seals behind this place in the log, in its order.
    package func auditSeals(after through: Int, limit: Int) async throws -> [AuditSealRow] {
        try await rows(AuditSealStatements.seals, through, limit)
    }

    package func auditMemory() async throws -> AuditMemoryRow { try await one(AuditSealStatements.memory) }

    /// The seal that the last verification has written to the log.
    package func keptAuditSeal() async throws -> String? { try await first(AuditSealStatements.kept) }

    /// What the first so many entries with numbers from one to another hash to; more where several have the last number.
    package func auditHashes(from: Int, through: Int, limit: Int) async throws -> [AuditHashRow] {
        try await rows(AuditSealStatements.hashes, from, through, limit)
    }

    /// The number of the last entry; 0 where there is none.
    package func lastAuditEntry() async throws -> Int { try await one(AuditSealStatements.lastWritten) }
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
    static let seals = Statement<AuditSealRow, Int, Int>(
        """
        SELECT from_sequence, through_sequence, entries, previous_seal, seal FROM audit_seals
        WHERE through_sequence > $1 ORDER BY through_sequence LIMIT $2
        """
    )
    /// The hash of an entry is what the trigger stamp_audit_entry makes of it, written out again: a trigger can be changed
    /// by whoever changes the log, who can also give a number twice.
    static let hashes = Statement<AuditHashRow, Int, Int, Int>(
        """
        SELECT sequence, hash, hash <> row_hash OR sequence < 1
        FROM (
            SELECT sequence, row_hash, sha256(convert_to(jsonb_build_array(sequence, id,
                extract(epoch FROM occurred_at), action, outcome, actor_kind, actor_id, impersonator_id, team_id,
                resource_type, resource_id, changes, request_id, operation_name, ip, user_agent, error_code,
                duration_ms, metadata)::text, 'UTF8')) AS hash
            FROM audit_logs WHERE sequence BETWEEN $1 AND $2
            ORDER BY sequence FETCH FIRST ($3) ROWS WITH TIES
        ) AS entry
        ORDER BY sequence
        """
    )
    static let all: [any CheckableStatement] = [
        lastWritten, lockHorizon, moveHorizon, seal, memory, kept, seals, hashes,
    ]
}
