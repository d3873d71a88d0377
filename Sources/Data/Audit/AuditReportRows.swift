package import PostgresClient

/// How many entries have something in common.
package struct AuditCountRow: PostgresRow, Equatable {
    /// What they have in common.
    package enum Kind: Int32, Sendable {
        case all = 15
        case action = 7
        case outcome = 11
        case actor = 13
        case period = 14
    }

    package let kind: Kind?
    package let action: String?
    package let outcome: String?
    package let actorID: UUID?
    /// When the period begins.
    package let period: Timestamp?
    package let count: Int

    package init(from row: inout RowReader) throws {
        kind = Kind(rawValue: try row.next())
        action = try row.next()
        outcome = try row.next()
        actorID = try row.next()
        period = try row.next()
        count = try row.next()
    }
}

extension Session {
    /// Entries from `since` on and before `until`, counted together and by what they have in common; of actions and of
    /// actors the hundred with the most. `period` is "hour" or "day", by UTC. Reads the stretch once.
    package func auditCounts(
        of team: UUID?,
        since: Timestamp,
        until: Timestamp,
        period: String
    ) async throws -> [AuditCountRow] {
        if let team { return try await rows(AuditReportStatements.ofTeam, since, until, period, team) }
        return try await rows(AuditReportStatements.ofAll, since, until, period)
    }
}

enum AuditReportStatements {
    static let ofAll = Statement<AuditCountRow, Timestamp, Timestamp, String>(
        """
        SELECT kind, action, outcome, actor_id, period, count FROM (
            SELECT grouping(action, outcome, actor_id, period)::int4 AS kind, action, outcome, actor_id, period,
                count(*) AS count,
                row_number() OVER (
                    PARTITION BY grouping(action, outcome, actor_id, period)
                    ORDER BY count(*) DESC, action, outcome, actor_id, period
                ) AS place
            FROM (
                SELECT action, outcome, actor_id, date_trunc($3, occurred_at, 'UTC') AS period
                FROM audit_logs WHERE occurred_at >= $1 AND occurred_at < $2
            ) AS entry
            GROUP BY GROUPING SETS ((), (action), (outcome), (actor_id), (period))
        ) AS counted
        WHERE place <= 100 OR kind = 14
        ORDER BY kind, CASE WHEN kind = 14 THEN period END, count DESC, action, outcome, actor_id
        """
    )
    static let ofTeam = Statement<AuditCountRow, Timestamp, Timestamp, String, UUID>(
        """
        SELECT kind, action, outcome, actor_id, period, count FROM (
            SELECT grouping(action, outcome, actor_id, period)::int4 AS kind, action, outcome, actor_id, period,
                count(*) AS count,
                row_number() OVER (
                    PARTITION BY grouping(action, outcome, actor_id, period)
                    ORDER BY count(*) DESC, action, outcome, actor_id, period
                ) AS place
            FROM (
                SELECT action, outcome, actor_id, date_trunc($3, occurred_at, 'UTC') AS period
                FROM audit_logs WHERE team_id = $4 AND occurred_at >= $1 AND occurred_at < $2
            ) AS entry
            GROUP BY GROUPING SETS ((), (action), (outcome), (actor_id), (period))
        ) AS counted
        WHERE place <= 100 OR kind = 14
        ORDER BY kind, CASE WHEN kind = 14 THEN period END, count DESC, action, outcome, actor_id
        """
    )
    static let all: [any CheckableStatement] = [ofAll, ofTeam]
}
