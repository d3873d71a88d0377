package import PostgresClient

/// What somebody wants to be written to a room later.
package struct ScheduledMessageRow: PostgresRow, Equatable {
    package let id: UUID
    package let roomID: UUID
    package let authorID: UUID
    package let body: String
    package let replyToID: UUID?
    /// A message of the thread it is for.
    package let threadID: UUID?
    package let sendAt: Timestamp
    package let status: String
    /// Why it was not sent, or what it waits for beyond its time, as a word for programs.
    package let failure: String?

    package init(from row: inout RowReader) throws {
        id = try row.next()
        roomID = try row.next()
        authorID = try row.next()
        body = try row.next()
        replyToID = try row.next()
        threadID = try row.next()
        sendAt = try row.next()
        status = try row.next()
        failure = try row.next()
    }
}

/// Such a message to be.
package struct NewScheduledMessage: Sendable {
    package let id: UUID
    package let roomID: UUID
    package let authorID: UUID
    package let body: String
    package let replyToID: UUID?
    package let threadID: UUID?
    package let sendAt: Timestamp

    package init(
        id: UUID,
        roomID: UUID,
        authorID: UUID,
        body: String,
        replyToID: UUID?,
        threadID: UUID?,
        sendAt: Timestamp
    ) {
        self.id = id
        self.roomID = roomID
        self.authorID = authorID
        self.body = body
        self.replyToID = replyToID
        self.threadID = threadID
        self.sendAt = sendAt
    }
}

extension StatementRunner {
    package func scheduledMessages(_ ids: [UUID], of author: UUID) async throws -> [ScheduledMessageRow] {
        try await rows(ScheduledMessageStatements.byID, ids, author)
    }
}

extension Session {
    /// What waits, and what could not be sent, in the order in which it is to be.
    package func scheduledMessages(of author: UUID, _ request: PageRequest) async throws -> Page<ScheduledMessageRow> {
        try await page(ScheduledMessageStatements.ofAuthor, request, author)
    }
}

extension Transaction {
    package func insert(_ message: NewScheduledMessage) async throws -> ScheduledMessageRow {
        try await one(
            ScheduledMessageStatements.insert,
            message.id,
            message.roomID,
            message.authorID,
            message.body,
            message.replyToID,
            message.threadID,
            message.sendAt
        )
    }

    /// How much of somebody's waits.
    package func scheduledCount(of author: UUID) async throws -> Int {
        try await one(ScheduledMessageStatements.count, author)
    }

    /// Nobody else sends or cancels it meanwhile.
    package func lockScheduledMessage(_ id: UUID) async throws -> ScheduledMessageRow? {
        try await first(ScheduledMessageStatements.lock, id)
    }

    package func setScheduled(_ status: String, of id: UUID, failure: String? = nil) async throws -> ScheduledMessageRow
    {
        try await one(ScheduledMessageStatements.setStatus, id, status, failure)
    }

    /// Removes it; as it is told for the last time.
    package func cancelScheduledMessage(_ id: UUID) async throws -> ScheduledMessageRow {
        try await one(ScheduledMessageStatements.cancel, id)
    }

    /// Gives up what was to be sent before a time and has no job of this name any more. What it waited for last is why.
    package func failScheduledMessages(before time: Timestamp, withoutJob name: String) async throws {
        try await execute(ScheduledMessageStatements.failLost, time, name)
    }

    /// Forgets what was to be sent before a time and waits no more.
    package func purgeScheduledMessages(before time: Timestamp) async throws {
        try await execute(ScheduledMessageStatements.purge, time)
    }
}

enum ScheduledMessageStatements {
    static let byID = Statement<ScheduledMessageRow, [UUID], UUID>(
        """
        SELECT id, room_id, author_id, input ->> 'body', (input ->> 'replyTo')::uuid, (input ->> 'thread')::uuid, send_at,
            status, failure
        FROM scheduled_messages WHERE id = ANY ($1) AND author_id = $2
        """
    )
    static let ofAuthor = PagedStatement<ScheduledMessageRow, Keyset<Timestamp, UUID>, UUID>(
        "Viewer.scheduledMessages",
        by: [.ascending("s.send_at"), .ascending("s.id")],
        key: { Keyset($0.sendAt, $0.id) },
        """
        SELECT s.id, s.room_id, s.author_id, s.input ->> 'body', (s.input ->> 'replyTo')::uuid,
            (s.input ->> 'thread')::uuid, s.send_at, s.status, s.failure
        FROM scheduled_messages s
        WHERE s.author_id = $1 AND s.status IN ('SCHEDULED', 'FAILED') AND {after} ORDER BY {order} LIMIT {limit}
        """
    )
    static let insert = Statement<ScheduledMessageRow, UUID, UUID, UUID, String, UUID?, UUID?, Timestamp>(
        """
        INSERT INTO scheduled_messages (id, room_id, author_id, input, send_at)
        VALUES ($1, $2, $3, jsonb_build_object('body', $4::text, 'replyTo', $5::uuid, 'thread', $6::uuid), $7)
        RETURNING id, room_id, author_id, input ->> 'body', (input ->> 'replyTo')::uuid, (input ->> 'thread')::uuid,
            send_at, status, failure
        """
    )
    static let count = Statement<Int, UUID>(
        "SELECT count(*) FROM scheduled_messages WHERE author_id = $1 AND status = 'SCHEDULED'"
    )
    static let lock = Statement<ScheduledMessageRow, UUID>(
        """
        SELECT id, room_id, author_id, input ->> 'body', (input ->> 'replyTo')::uuid, (input ->> 'thread')::uuid, send_at,
            status, failure
        FROM scheduled_messages WHERE id = $1 FOR UPDATE
        """
    )
    static let setStatus = Statement<ScheduledMessageRow, UUID, String, String?>(
        """
        UPDATE scheduled_messages SET status = $2, failure = $3 WHERE id = $1
        RETURNING id, room_id, author_id, input ->> 'body', (input ->> 'replyTo')::uuid, (input ->> 'thread')::uuid,
            send_at, status, failure
        """
    )
    static let cancel = Statement<ScheduledMessageRow, UUID>(
        """
        DELETE FROM scheduled_messages WHERE id = $1
        RETURNING id, room_id, author_id, input ->> 'body', (input ->> 'replyTo')::uuid, (input ->> 'thread')::uuid,
            send_at, 'CANCELLED', NULL::text
        """
    )
    static let failLost = Command<Timestamp, String>(
        """
        UPDATE scheduled_messages s SET status = 'FAILED', failure = coalesce(s.failure, 'INTERNAL')
        WHERE s.status = 'SCHEDULED' AND s.send_at < $1 AND NOT EXISTS (
            SELECT FROM jobs j WHERE j.name = $2 AND j.unique_key = s.id::text
                AND j.status IN ('QUEUED', 'RUNNING', 'RETRYING'))
        """
    )
    static let purge = Command<Timestamp>(
        "DELETE FROM scheduled_messages WHERE status <> 'SCHEDULED' AND send_at < $1"
    )
    static var all: [any CheckableStatement] {
        ofAuthor.variants + [byID, insert, count, lock, setStatus, cancel, failLost, purge]
    }
}
