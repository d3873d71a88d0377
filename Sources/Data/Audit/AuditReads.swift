package import PostgresClient

extension Session {
    /// The whole log, the newest first: for those who may read all of it.
    package func auditEntries(_ filter: AuditFilter, _ request: PageRequest) async throws -> Page<AuditEntryRow> {
        try await page(
            AuditReadStatements.entries,
            request,
            filter.search,
            filter.actions,
            filter.outcomes,
            filter.actorID,
            filter.resourceType,
            filter.resourceID,
            filter.address,
            filter.since,
            filter.until
        )
    }

    package func auditEntryCount(_ filter: AuditFilter) async throws -> Int {
        try await one(
            AuditReadStatements.count,
            filter.search,
            filter.actions,
            filter.outcomes,
            filter.actorID,
            filter.resourceType,
            filter.resourceID,
            filter.address,
            filter.since,
            filter.until
        )
    }

    /// What happened in a team, the newest first.
    package func auditEntries(
        of team: UUID,
        _ filter: AuditFilter,
        _ request: PageRequest
    ) async throws -> Page<AuditEntryRow> {
        try await page(
            AuditReadStatements.teamEntries,
            request,
            team,
            filter.search,
            filter.actions,
            filter.outcomes,
            filter.actorID,
            filter.resourceType,
            filter.resourceID,
            filter.address,
            filter.since,
            filter.until
        )
    }

    package func auditEntryCount(of team: UUID, _ filter: AuditFilter) async throws -> Int {
        try await one(
            AuditReadStatements.teamCount,
            team,
            filter.search,
            filter.actions,
            filter.outcomes,
            filter.actorID,
            filter.resourceType,
            filter.resourceID,
            filter.address,
            filter.since,
            filter.until
        )
    }

    /// Whether somebody has looked into the log, or into a team's part of it, within ten minutes.
    package func hasReadAuditLog(_ actor: UUID, of team: UUID?) async throws -> Bool {
        try await one(AuditReadStatements.hasRead, actor, team)
    }

    /// In no order.
    package func auditEntries(_ ids: [UUID]) async throws -> [AuditEntryRow] {
        try await rows(AuditReadStatements.byID, ids)
    }
}

enum AuditReadStatements {
    static let entries = PagedStatement<
        AuditEntryRow, Keyset<Timestamp, Int>, String?, [String]?, [String]?, UUID?, String?, String?, InternetAddress?,
        Timestamp?, Timestamp?
    >(
        "Query.auditLogs",
        by: [.descending("entry.occurred_at"), .descending("entry.sequence")],
        key: { Keyset($0.occurredAt, $0.sequence) },
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
        FROM audit_logs entry
        WHERE ($1::text IS NULL OR entry.tsv @@ plainto_tsquery('simple', $1))
            AND ($2::text[] IS NULL OR entry.action = ANY ($2))
            AND ($3::text[] IS NULL OR entry.outcome = ANY ($3))
            AND ($4::uuid IS NULL OR entry.actor_id = $4)
            AND ($5::text IS NULL OR entry.resource_type = $5)
            AND ($6::text IS NULL OR entry.resource_id = $6)
            AND ($7::inet IS NULL OR entry.ip = $7)
            AND ($8::timestamptz IS NULL OR entry.occurred_at >= $8)
            AND ($9::timestamptz IS NULL OR entry.occurred_at < $9)
            AND {after} ORDER BY {order} LIMIT {limit}
        """
    )
    static let teamEntries = PagedStatement<
        AuditEntryRow, Keyset<Timestamp, Int>, UUID, String?, [String]?, [String]?, UUID?, String?, String?,
        InternetAddress?, Timestamp?, Timestamp?
    >(
        "Query.auditLogs of a team",
        by: [.descending("entry.occurred_at"), .descending("entry.sequence")],
        key: { Keyset($0.occurredAt, $0.sequence) },
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
        FROM audit_logs entry
        WHERE entry.team_id = $1 AND ($2::text IS NULL OR entry.tsv @@ plainto_tsquery('simple', $2))
            AND ($3::text[] IS NULL OR entry.action = ANY ($3))
            AND ($4::text[] IS NULL OR entry.outcome = ANY ($4))
            AND ($5::uuid IS NULL OR entry.actor_id = $5)
            AND ($6::text IS NULL OR entry.resource_type = $6)
            AND ($7::text IS NULL OR entry.resource_id = $7)
            AND ($8::inet IS NULL OR entry.ip = $8)
            AND ($9::timestamptz IS NULL OR entry.occurred_at >= $9)
            AND ($10::timestamptz IS NULL OR entry.occurred_at < $10)
            AND {after} ORDER BY {order} LIMIT {limit}
        """
    )
    static let count = Statement<
        Int, String?, [String]?, [String]?, UUID?, String?, String?, InternetAddress?, Timestamp?, Timestamp?
    >(
        """
        SELECT count(*) FROM audit_logs entry
        WHERE ($1::text IS NULL OR entry.tsv @@ plainto_tsquery('simple', $1))
            AND ($2::text[] IS NULL OR entry.action = ANY ($2))
            AND ($3::text[] IS NULL OR entry.outcome = ANY ($3))
            AND ($4::uuid IS NULL OR entry.actor_id = $4)
            AND ($5::text IS NULL OR entry.resource_type = $5)
            AND ($6::text IS NULL OR entry.resource_id = $6)
            AND ($7::inet IS NULL OR entry.ip = $7)
            AND ($8::timestamptz IS NULL OR entry.occurred_at >= $8)
            AND ($9::timestamptz IS NULL OR entry.occurred_at < $9)
        """
    )
    static let teamCount = Statement<
        Int, UUID, String?, [String]?, [String]?, UUID?, String?, String?, InternetAddress?, Timestamp?, Timestamp?
    >(
        """
        SELECT count(*) FROM audit_logs entry
        WHERE entry.team_id = $1 AND ($2::text IS NULL OR entry.tsv @@ plainto_tsquery('simple', $2))
            AND ($3::text[] IS NULL OR entry.action = ANY ($3))
            AND ($4::text[] IS NULL OR entry.outcome = ANY ($4))
            AND ($5::uuid IS NULL OR entry.actor_id = $5)
            AND ($6::text IS NULL OR entry.resource_type = $6)
            AND ($7::text IS NULL OR entry.resource_id = $7)
            AND ($8::inet IS NULL OR entry.ip = $8)
            AND ($9::timestamptz IS NULL OR entry.occurred_at >= $9)
            AND ($10::timestamptz IS NULL OR entry.occurred_at < $10)
        """
    )
    static let byID = Statement<AuditEntryRow, [UUID]>(
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
        FROM audit_logs entry WHERE entry.id = ANY ($1)
        """
    )
    static let hasRead = Statement<Bool, UUID, UUID?>(
        """
        SELECT EXISTS (
            SELECT FROM audit_logs WHERE actor_id = $1 AND team_id IS NOT DISTINCT FROM $2 AND action = 'audit.read'
                AND occurred_at > now() - interval '10 minutes'
        )
        """
    )
    static var all: [any CheckableStatement] {
        entries.variants + teamEntries.variants + [count, teamCount, byID, hasRead]
    }
}
