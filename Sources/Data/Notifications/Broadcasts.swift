package import PostgresClient

extension StatementRunner {
    package func broadcasts(_ ids: [UUID]) async throws -> [BroadcastRow] {
        try await rows(BroadcastStatements.byID, ids)
    }

    package func hasTeam(_ id: UUID) async throws -> Bool {
        try await first(BroadcastStatements.team, id) != nil
    }

    package func broadcastStats(_ ids: [UUID]) async throws -> [BroadcastStatsRow] {
        try await rows(BroadcastStatements.stats, ids)
    }
}

extension Session {
    /// The newest first.
    package func broadcasts(_ request: PageRequest) async throws -> Page<BroadcastRow> {
        try await page(BroadcastStatements.list, request)
    }

    package func broadcastCount() async throws -> Int { try await one(BroadcastStatements.count) }
}

extension Transaction {
    package func insert(_ broadcast: NewBroadcast) async throws {
        var (roles, team): ([String], UUID?) = ([], nil)
        switch broadcast.audience {
        case .everyone: break
        case .roles(let names): roles = names
        case .team(let id): team = id
        }
        try await execute(
            BroadcastStatements.insert,
            broadcast.id,
            broadcast.title,
            broadcast.body,
            broadcast.channels,
            broadcast.audience == .everyone,
            roles,
            team,
            broadcast.sendAt,
            broadcast.createdBy,
            broadcast.createdAt
        )
    }

    package func setJob(_ job: UUID, ofBroadcast id: UUID) async throws {
        try await execute(BroadcastStatements.setJob, id, job)
    }

    /// Nobody else goes on with it, or cancels it, meanwhile.
    package func lockBroadcast(_ id: UUID) async throws -> BroadcastRow? {
        try await first(BroadcastStatements.lock, id)
    }

    package func setBroadcastStatus(_ status: String, of id: UUID, finishedAt: Timestamp?) async throws {
        try await execute(BroadcastStatements.setStatus, id, status, finishedAt)
    }

    /// The next whom it is for, in the order of their ids.
    package func nextAudience(ofBroadcast id: UUID, limit: Int) async throws -> [UUID] {
        try await rows(BroadcastStatements.next, id, limit)
    }

    package func advanceBroadcast(_ id: UUID, past user: UUID, told: Int) async throws {
        try await execute(BroadcastStatements.advance, id, user, told)
    }
}

enum BroadcastStatements {
    static let insert = Command<
        UUID, String, String, [String], Bool, [String], UUID?, Timestamp?, UUID, Timestamp
    >(
        """
        INSERT INTO broadcasts (id, title, body, channels, audience, status, send_at, created_by, created_at, audience_count)
        SELECT $1, $2, $3, $4, a.audience, 'SCHEDULED', $8, $9, $10,
            (SELECT count(*) FROM broadcast_audience(a.audience, NULL, NULL))
        FROM (SELECT jsonb_build_object('everyone', $5::boolean, 'roles', $6::text[], 'team', $7::uuid) AS audience) AS a
        """
    )
    static let team = Statement<UUID, UUID>("SELECT id FROM teams WHERE id = $1 AND deleted_at IS NULL")
    static let setJob = Command<UUID, UUID>("UPDATE broadcasts SET job_id = $2 WHERE id = $1")
    static let lock = Statement<BroadcastRow, UUID>(
        """
        SELECT b.id, b.title, b.body, b.channels, coalesce(b.audience ->> 'everyone', '') = 'true',
            ARRAY(SELECT jsonb_array_elements_text(b.audience -> 'roles')), (b.audience ->> 'team')::uuid, b.status,
            b.send_at, b.audience_count, b.recipient_count, b.created_by, b.created_at, b.job_id, b.finished_at
        FROM broadcasts b WHERE b.id = $1 FOR UPDATE
        """
    )
    static let byID = Statement<BroadcastRow, [UUID]>(
        """
        SELECT b.id, b.title, b.body, b.channels, coalesce(b.audience ->> 'everyone', '') = 'true',
            ARRAY(SELECT jsonb_array_elements_text(b.audience -> 'roles')), (b.audience ->> 'team')::uuid, b.status,
            b.send_at, b.audience_count, b.recipient_count, b.created_by, b.created_at, b.job_id, b.finished_at
        FROM broadcasts b WHERE b.id = ANY ($1)
        """
    )
    static let list = PagedStatement<BroadcastRow, Keyset<Timestamp, UUID>>(
        "Query.broadcasts",
        by: [.descending("b.created_at"), .descending("b.id")],
        key: { Keyset($0.createdAt, $0.id) },
        """
        SELECT b.id, b.title, b.body, b.channels, coalesce(b.audience ->> 'everyone', '') = 'true',
            ARRAY(SELECT jsonb_array_elements_text(b.audience -> 'roles')), (b.audience ->> 'team')::uuid, b.status,
            b.send_at, b.audience_count, b.recipient_count, b.created_by, b.created_at, b.job_id, b.finished_at
        FROM broadcasts b WHERE {after} ORDER BY {order} LIMIT {limit}
        """
    )
    static let count = Statement<Int>("SELECT count(*) FROM broadcasts")
    static let setStatus = Command<UUID, String, Timestamp?>(
        "UPDATE broadcasts SET status = $2, finished_at = $3 WHERE id = $1"
    )
    static let next = Statement<UUID, UUID, Int>(
        """
        SELECT next.id FROM broadcasts b, broadcast_audience(b.audience, b.last_user_id, $2) AS next (id)
        WHERE b.id = $1 ORDER BY next.id
        """
    )
    static let advance = Command<UUID, UUID, Int>(
        "UPDATE broadcasts SET last_user_id = $2, recipient_count = recipient_count + $3::int8::int4 WHERE id = $1"
    )
    static let stats = Statement<BroadcastStatsRow, [UUID]>(
        """
        SELECT b.id, count(*), count(n.seen_at), count(n.read_at)
        FROM broadcasts b JOIN notifications n ON n.broadcast_id = b.id
        WHERE b.id = ANY ($1) GROUP BY b.id
        """
    )
    static var all: [any CheckableStatement] {
        list.variants + [insert, team, setJob, lock, byID, count, setStatus, next, advance, stats]
    }
}
