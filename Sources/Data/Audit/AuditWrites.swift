package import PostgresClient

extension Transaction {
    /// Adds to the log, which nothing is ever taken from. The database numbers and hashes the entry.
    package func record(_ entry: NewAuditEntry) async throws {
        var batch = StatementBatch()
        batch.record(entry)
        try await run(batch)
    }
}

extension StatementBatch {
    package mutating func record(_ entry: NewAuditEntry) {
        AuditCounters.count(entry)
        let changes = AuditChangeColumns(entry.changes)
        execute(
            AuditWriteStatements.insert,
            entry.action,
            entry.outcome.rawValue,
            entry.actorID == nil ? "ANONYMOUS" : entry.keyPrefix == nil ? "USER" : "API_KEY",
            entry.actorID,
            entry.teamID,
            entry.resource?.type,
            entry.resource?.id,
            entry.requestID,
            entry.address,
            entry.userAgent,
            entry.errorCode,
            changes.fields,
            changes.before,
            changes.after,
            entry.keyPrefix,
            entry.omitted
        )
    }
}

enum AuditWriteStatements {
    static let insert = Command<
        String, String, String, UUID?, UUID?, String?, String?, String, InternetAddress?, String, String?, [String],
        [String], [String], String?, Int
    >(
        """
        INSERT INTO audit_logs (action, outcome, actor_kind, actor_id, team_id, resource_type, resource_id, request_id, ip,
            user_agent, error_code, changes, metadata)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, coalesce((
            SELECT jsonb_agg(jsonb_build_object('field', field,
                'before', CASE WHEN before <> '' THEN substr(before, 2) END,
                'after', CASE WHEN after <> '' THEN substr(after, 2) END) ORDER BY number)
            FROM unnest($12, $13, $14) WITH ORDINALITY AS change (field, before, after, number)
        ), '[]'), jsonb_strip_nulls(jsonb_build_object('apiKey', $15::text, 'omitted', nullif($16, 0))))
        """
    )
    static let all: [any CheckableStatement] = [insert]
}
