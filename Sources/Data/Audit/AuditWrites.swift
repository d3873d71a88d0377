package import PostgresClient

extension Transaction {
    /// Adds to the log, which nothing is ever taken from.
    package func record(_ entry: NewAuditEntry) async throws {
        try await execute(
            AuditWriteStatements.insert,
            entry.action,
            entry.outcome.rawValue,
            entry.actorID == nil ? "ANONYMOUS" : "USER",
            entry.actorID,
            entry.teamID,
            entry.resource?.type,
            entry.resource?.id,
            entry.requestID,
            entry.address,
            entry.userAgent,
            entry.errorCode
        )
    }
}

enum AuditWriteStatements {
    /// The hash is over the columns as a JSON array, so that no part of one can be moved to the next; the time in it is a
    /// number, which no setting of a session changes.
    static let insert = Command<
        String, String, String, UUID?, UUID?, String?, String?, String, InternetAddress?, String, String?
    >(
        """
        WITH entry AS (
            SELECT gen_random_uuid() AS id, clock_timestamp() AS occurred_at, $1::text AS action, $2::text AS outcome,
                $3::text AS actor_kind, $4::uuid AS actor_id, $5::uuid AS team_id, $6::text AS resource_type,
                $7::text AS resource_id, $8::text AS request_id, $9::inet AS ip, $10::text AS user_agent,
                $11::text AS error_code
        )
        INSERT INTO audit_logs (id, occurred_at, action, outcome, actor_kind, actor_id, team_id, resource_type, resource_id,
            request_id, ip, user_agent, error_code, row_hash)
        SELECT entry.*, sha256(convert_to(jsonb_build_array(id, extract(epoch FROM occurred_at), action, outcome,
            actor_kind, actor_id, team_id, resource_type, resource_id, request_id, ip, user_agent, error_code)::text,
            'UTF8'))
        FROM entry
        """
    )
    static let all: [any CheckableStatement] = [insert]
}
