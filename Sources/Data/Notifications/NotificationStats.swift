package import PostgresClient

/// What became of what was told of a category.
package struct CategoryStatsRow: PostgresRow, Equatable {
    package let category: String
    package let sent: Int
    package let seen: Int
    package let read: Int

    package init(from row: inout RowReader) throws {
        category = try row.next()
        sent = try row.next()
        seen = try row.next()
        read = try row.next()
    }
}

/// What became of what was to be brought by a channel beside the list.
package struct ChannelStatsRow: PostgresRow, Equatable {
    package let channel: String
    package let waiting: Int
    package let sent: Int
    package let failed: Int
    package let suppressed: Int

    package init(from row: inout RowReader) throws {
        channel = try row.next()
        waiting = try row.next()
        sent = try row.next()
        failed = try row.next()
        suppressed = try row.next()
    }
}

/// From when on and before when people were told, and of which team they are; nil for everybody.
package struct NotificationStretch: Sendable, Equatable {
    package let since: Timestamp
    package let until: Timestamp
    package let team: UUID?

    package init(since: Timestamp, until: Timestamp, team: UUID?) {
        self.since = since
        self.until = until
        self.team = team
    }
}

extension StatementRunner {
    /// Of the categories that anybody was told of, in the order of their names.
    package func categoryStats(of stretch: NotificationStretch) async throws -> [CategoryStatsRow] {
        try await rows(NotificationStatsStatements.byCategory, stretch.since, stretch.until, stretch.team)
    }

    /// Of the channels by which anything was to be brought, in the order of their names.
    package func channelStats(of stretch: NotificationStretch) async throws -> [ChannelStatsRow] {
        try await rows(NotificationStatsStatements.byChannel, stretch.since, stretch.until, stretch.team)
    }
}

enum NotificationStatsStatements {
    static let byCategory = Statement<CategoryStatsRow, Timestamp, Timestamp, UUID?>(
        """
        SELECT n.category, count(*), count(n.seen_at), count(n.read_at) FROM notifications n
        WHERE n.created_at >= $1 AND n.created_at < $2 AND ($3::uuid IS NULL OR EXISTS (
            SELECT FROM team_members m WHERE m.team_id = $3 AND m.user_id = n.user_id))
        GROUP BY n.category ORDER BY n.category
        """
    )
    static let byChannel = Statement<ChannelStatsRow, Timestamp, Timestamp, UUID?>(
        """
        SELECT d.channel, count(*) FILTER (WHERE d.status IN ('QUEUED', 'SENDING')),
            count(*) FILTER (WHERE d.status = 'SENT'), count(*) FILTER (WHERE d.status = 'FAILED'),
            count(*) FILTER (WHERE d.status = 'SUPPRESSED')
        FROM notifications n JOIN notification_deliveries d ON d.notification_id = n.id
        WHERE n.created_at >= $1 AND n.created_at < $2 AND ($3::uuid IS NULL OR EXISTS (
            SELECT FROM team_members m WHERE m.team_id = $3 AND m.user_id = n.user_id))
        GROUP BY d.channel ORDER BY d.channel
        """
    )
    static let all: [any CheckableStatement] = [byCategory, byChannel]
}
