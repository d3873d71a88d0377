package import PostgresClient

/// What somebody has said of a message, as one of those sees it who said it or decide about it.
package struct ModerationReportRow: PostgresRow, Equatable {
    package let id: UUID
    /// Nil once the message is removed, with its room.
    package let messageID: UUID?
    package let authorID: UUID?
    package let groupID: UUID?
    package let reporterID: UUID
    package let reason: String
    package let note: String?
    package let status: String
    /// What the message said when it was reported; nil once that was decided.
    package let body: String?
    package let resolution: String?
    package let resolvedBy: UUID?
    package let resolvedAt: Timestamp?
    package let createdAt: Timestamp
    /// Whether whoever looks at it decides about it; else they are the one who said it.
    package let isModerated: Bool

    package init(from row: inout RowReader) throws {
        id = try row.next()
        messageID = try row.next()
        authorID = try row.next()
        groupID = try row.next()
        reporterID = try row.next()
        reason = try row.next()
        note = try row.next()
        status = try row.next()
        body = try row.next()
        resolution = try row.next()
        resolvedBy = try row.next()
        resolvedAt = try row.next()
        createdAt = try row.next()
        isModerated = try row.next()
    }
}

/// Who looks at reports. Nobody decides about what they wrote themselves.
package struct ReportOnlooker: Sendable {
    package let user: UUID
    /// Whether they decide about all of them; else about those of channels that they see, in groups where they stand above
    /// whoever wrote the message.
    package let decidesAll: Bool
    /// The roles that decide in groups.
    package let deciding: [String]
    /// All roles of groups, the lowest first.
    package let ranks: [String]

    package init(user: UUID, decidesAll: Bool, deciding: [String], ranks: [String]) {
        self.user = user
        self.decidesAll = decidesAll
        self.deciding = deciding
        self.ranks = ranks
    }
}

/// What is said of a message.
package struct NewModerationReport: Sendable {
    package let id: UUID
    package let message: UUID
    package let reporter: UUID
    package let reason: String
    package let note: String?

    package init(id: UUID, message: UUID, reporter: UUID, reason: String, note: String?) {
        self.id = id
        self.message = message
        self.reporter = reporter
        self.reason = reason
        self.note = note
    }
}

extension StatementRunner {
    /// Those of these reports that somebody has made or decides about.
    package func reports(_ ids: [UUID], seenBy onlooker: ReportOnlooker) async throws -> [ModerationReportRow] {
        try await rows(
            ModerationReportStatements.visible,
            ids,
            onlooker.user,
            onlooker.decidesAll,
            onlooker.deciding,
            onlooker.ranks
        )
    }
}

extension Session {
    /// All reports in a state, the oldest first, for those who decide about all of them.
    package func reports(
        status: String,
        besideThoseOf user: UUID,
        _ request: PageRequest
    ) async throws -> Page<ModerationReportRow> {
        try await page(ModerationReportStatements.list, request, status, user)
    }

    /// Those of a group that somebody decides about there.
    package func reports(
        of group: UUID,
        status: String,
        seenBy onlooker: ReportOnlooker,
        _ request: PageRequest
    ) async throws -> Page<ModerationReportRow> {
        try await page(
            ModerationReportStatements.ofGroup,
            request,
            group,
            status,
            onlooker.user,
            onlooker.deciding,
            onlooker.ranks
        )
    }
}

extension Transaction {
    /// False where the same person has reported the message before.
    package func insert(_ report: NewModerationReport) async throws -> Bool {
        try await execute(
            ModerationReportStatements.insert,
            report.id,
            report.message,
            report.reporter,
            report.reason,
            report.note
        ) == 1
    }

    /// Nobody else decides about it meanwhile.
    package func lockReport(_ id: UUID, seenBy onlooker: ReportOnlooker) async throws -> ModerationReportRow? {
        guard try await first(ModerationReportStatements.lock, id) != nil else { return nil }
        return try await reports([id], seenBy: onlooker).first
    }

    /// Settles a report, or all that are open of its message. What the message said is kept no longer.
    package func resolve(
        _ report: ModerationReportRow,
        _ status: String,
        withOthersOfMessage: Bool,
        resolution: String?,
        by user: UUID,
        at now: Timestamp
    ) async throws {
        try await execute(
            ModerationReportStatements.resolve,
            report.id,
            withOthersOfMessage ? report.messageID : nil,
            status,
            resolution,
            user,
            now
        )
    }
}

extension Transaction {
    /// Settles what is open of a message as far as it is decided by somebody who has deleted the message in its room.
    package func settleReports(
        ofMessage message: UUID,
        by onlooker: ReportOnlooker,
        at now: Timestamp
    ) async throws {
        try await execute(
            ModerationReportStatements.settle,
            message,
            onlooker.user,
            onlooker.decidesAll,
            onlooker.deciding,
            onlooker.ranks,
            now
        )
    }
}

enum ModerationReportStatements {
    static let visible = Statement<ModerationReportRow, [UUID], UUID, Bool, [String], [String]>(
        """
        SELECT * FROM (
            SELECT p.id, p.message_id, p.author_id, p.group_id, p.reporter_id, p.reason, p.note, p.status, p.body,
                p.resolution, p.resolved_by, p.resolved_at, p.created_at,
                p.author_id IS DISTINCT FROM $2 AND ($3 OR coalesce(room.group_role = ANY ($4)
                    AND coalesce(array_position($5, author.role), 0) < array_position($5, room.group_role), false))
                    AS is_moderated
            FROM moderation_reports p LEFT JOIN messages m ON m.id = p.message_id
            LEFT JOIN LATERAL (SELECT v.group_role FROM visible_rooms(ARRAY[m.room_id], $2) AS v OFFSET 0) AS room ON true
            LEFT JOIN group_members author ON author.group_id = p.group_id AND author.user_id = p.author_id
            WHERE p.id = ANY ($1)
        ) AS p
        WHERE p.is_moderated OR p.reporter_id = $2
        """
    )
    static let list = PagedStatement<ModerationReportRow, Keyset<Timestamp, UUID>, String, UUID>(
        "Query.moderationReports",
        by: [.ascending("p.created_at"), .ascending("p.id")],
        key: { Keyset($0.createdAt, $0.id) },
        """
        SELECT p.id, p.message_id, p.author_id, p.group_id, p.reporter_id, p.reason, p.note, p.status, p.body,
            p.resolution, p.resolved_by, p.resolved_at, p.created_at, true
        FROM moderation_reports p
        WHERE p.status = $1 AND p.author_id IS DISTINCT FROM $2 AND {after} ORDER BY {order} LIMIT {limit}
        """
    )
    static let ofGroup = PagedStatement<
        ModerationReportRow, Keyset<Timestamp, UUID>, UUID, String, UUID, [String], [String]
    >(
        "Query.moderationReports, of a group",
        by: [.ascending("p.created_at"), .ascending("p.id")],
        key: { Keyset($0.createdAt, $0.id) },
        """
        SELECT p.id, p.message_id, p.author_id, p.group_id, p.reporter_id, p.reason, p.note, p.status, p.body,
            p.resolution, p.resolved_by, p.resolved_at, p.created_at, true
        FROM moderation_reports p JOIN messages m ON m.id = p.message_id
        CROSS JOIN LATERAL (SELECT v.group_role FROM visible_rooms(ARRAY[m.room_id], $3) AS v OFFSET 0) AS room
        LEFT JOIN group_members author ON author.group_id = p.group_id AND author.user_id = p.author_id
        WHERE p.group_id = $1 AND p.status = $2 AND p.author_id IS DISTINCT FROM $3 AND room.group_role = ANY ($4)
            AND coalesce(array_position($5, author.role), 0) < array_position($5, room.group_role)
            AND {after} ORDER BY {order} LIMIT {limit}
        """
    )
    static let insert = Command<UUID, UUID, UUID, String, String?>(
        """
        INSERT INTO moderation_reports (id, message_id, author_id, reporter_id, reason, note, group_id, body)
        SELECT $1, m.id, m.author_id, $3, $4, $5, c.group_id, m.body
        FROM messages m LEFT JOIN channels c ON c.id = m.room_id WHERE m.id = $2
        ON CONFLICT (message_id, reporter_id) DO NOTHING
        """
    )
    static let lock = Statement<UUID, UUID>("SELECT id FROM moderation_reports WHERE id = $1 FOR NO KEY UPDATE")
    static let resolve = Command<UUID, UUID?, String, String?, UUID, Timestamp>(
        """
        UPDATE moderation_reports SET status = $3, resolution = $4, resolved_by = $5, resolved_at = $6, body = NULL
        WHERE (id = $1 OR message_id = $2) AND status = 'OPEN'
        """
    )
    static let settle = Command<UUID, UUID, Bool, [String], [String], Timestamp>(
        """
        UPDATE moderation_reports p SET status = 'ACTIONED', resolved_by = $2, resolved_at = $6, body = NULL
        FROM messages m
        CROSS JOIN LATERAL (SELECT v.group_role FROM visible_rooms(ARRAY[m.room_id], $2) AS v OFFSET 0) AS room
        LEFT JOIN channels c ON c.id = m.room_id
        LEFT JOIN group_members author ON author.group_id = c.group_id AND author.user_id = m.author_id
        WHERE m.id = $1 AND p.message_id = $1 AND p.status = 'OPEN' AND p.author_id IS DISTINCT FROM $2
            AND ($3 OR coalesce(room.group_role = ANY ($4)
                AND coalesce(array_position($5, author.role), 0) < array_position($5, room.group_role), false))
        """
    )
    static var all: [any CheckableStatement] {
        list.variants + ofGroup.variants + [visible, insert, lock, resolve, settle]
    }
}
