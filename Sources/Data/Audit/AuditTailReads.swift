package import PostgresClient

/// Up to where somebody who follows the log has got.
package struct AuditTailPlace: Sendable {
    /// The number of the last entry they were told of.
    package var told: Int
    /// Up to where the log was written when it was looked at, and a transaction that began after that: once all before it
    /// are done, no smaller number can come.
    fileprivate var horizon: (sequence: Int, transaction: String)?

    package init(told: Int) { self.told = told }
}

/// Where somebody begins to follow the log.
package struct AuditTailStart: PostgresRow {
    /// No entry up to here can come any more.
    package let settled: Int
    /// Those behind it that there are, the newest first. Between them some may be on their way.
    package let seen: [Int]

    package init(from row: inout RowReader) throws {
        settled = try row.next()
        seen = try row.next()
    }
}

extension Transaction {
    /// - Parameter limit: of entries that may be on their way still. With more of them those far behind are taken as settled.
    package func auditTailStart(limit: Int32 = 10_000) async throws -> AuditTailStart {
        try await one(AuditTailStatements.start, limit)
    }

    /// The entries behind a place that no earlier one can come before any more, in their order, and the place behind them.
    /// What was written since the last call is told by the next one.
    package func followAuditLog(
        _ given: AuditTailPlace,
        limit: Int = 500
    ) async throws -> (entries: [AuditEntryRow], place: AuditTailPlace, isLast: Bool) {
        var place = given
        // Before this transaction has a number, as when the log is sealed.
        let written = try await one(AuditSealStatements.lastWritten)
        var entries: [AuditEntryRow] = []
        if let horizon = place.horizon {
            guard try await one(AuditTailStatements.isSettled, horizon.transaction) else {
                return ([], place, true)
            }
            entries = try await rows(AuditTailStatements.stretch, place.told, horizon.sequence, limit)
            if entries.count == limit, let last = entries.last {
                place.told = last.sequence
                return (entries, place, false)
            }
            place.told = horizon.sequence
            place.horizon = nil
        }
        if written > place.told {
            place.horizon = (written, try await one(AuditTailStatements.transaction))
        }
        return (entries, place, true)
    }
}

enum AuditTailStatements {
    // What is sealed is settled; that is all but the last minutes.
    static let start = Statement<AuditTailStart, Int32>(
        """
        SELECT greatest(h.sealed_through, CASE WHEN cardinality(recent.numbers) = $1 THEN recent.numbers[$1] - 1 END),
            recent.numbers
        FROM audit_seal_horizon h CROSS JOIN LATERAL (
            SELECT ARRAY(
                SELECT sequence FROM audit_logs WHERE sequence > h.sealed_through ORDER BY sequence DESC LIMIT $1
            ) AS numbers
        ) AS recent
        """
    )
    static let transaction = Statement<String>("SELECT pg_current_xact_id()::text")
    static let isSettled = Statement<Bool, String>(
        "SELECT $1::text::xid8 <= pg_snapshot_xmin(pg_current_snapshot())"
    )
    static let stretch = Statement<AuditEntryRow, Int, Int, Int>(
        """
        SELECT entry.sequence, entry.id, entry.occurred_at, entry.action, entry.outcome, entry.actor_id, entry.team_id,
            entry.resource_type, entry.resource_id, entry.request_id, entry.ip, entry.user_agent, entry.error_code,
            entry.metadata ->> 'apiKey', coalesce((entry.metadata ->> 'omitted')::int8, 0),
            encode(entry.row_hash, 'hex'),
            ARRAY(SELECT coalesce(c ->> 'field', '') FROM jsonb_array_elements(entry.changes) WITH ORDINALITY AS t (c, n)
                ORDER BY n),
            ARRAY(SELECT coalesce('=' || (c ->> 'before'), '')
                FROM jsonb_array_elements(entry.changes) WITH ORDINALITY AS t (c, n) ORDER BY n),
            ARRAY(SELECT coalesce('=' || (c ->> 'after'), '')
                FROM jsonb_array_elements(entry.changes) WITH ORDINALITY AS t (c, n) ORDER BY n)
        FROM audit_logs entry WHERE entry.sequence > $1 AND entry.sequence <= $2 ORDER BY entry.sequence LIMIT $3
        """
    )
    static let all: [any CheckableStatement] = [start, transaction, isSettled, stretch]
}
