package import PostgresClient

/// Which notifications are asked for. Nil says nothing.
package struct NotificationFilter: Sendable {
    package var isRead: Bool?
    package var categories: [String]?
    package var isArchived = false
    package var isSnoozed = false
    package var since: Timestamp?

    package init() {}
}

extension Session {
    /// The newest first.
    package func notifications(
        of user: UUID,
        _ filter: NotificationFilter,
        at now: Timestamp,
        _ request: PageRequest
    ) async throws -> Page<NotificationRow> {
        try await page(
            NotificationReadStatements.inbox,
            request,
            user,
            filter.isRead,
            filter.categories,
            filter.isArchived,
            filter.isSnoozed,
            now,
            filter.since
        )
    }

    package func notificationCount(
        of user: UUID,
        _ filter: NotificationFilter,
        at now: Timestamp
    ) async throws -> Int {
        try await one(
            NotificationReadStatements.inboxCount,
            user,
            filter.isRead,
            filter.categories,
            filter.isArchived,
            filter.isSnoozed,
            now,
            filter.since
        )
    }

    /// Those of these that are the user's, in no order.
    package func notifications(_ ids: [UUID], of user: UUID) async throws -> [NotificationRow] {
        try await rows(NotificationReadStatements.byID, ids, user)
    }
}

extension StatementRunner {
    /// In the order of the categories' names.
    package func unreadNotifications(of user: UUID, at now: Timestamp) async throws -> [UnreadRow] {
        try await rows(NotificationReadStatements.unread, user, now)
    }
}

enum NotificationReadStatements {
    static let inbox = PagedStatement<
        NotificationRow, Keyset<Timestamp, UUID>, UUID, Bool?, [String]?, Bool, Bool, Timestamp, Timestamp?
    >(
        "Viewer.notifications",
        by: [.descending("n.created_at"), .descending("n.id")],
        key: { Keyset($0.createdAt, $0.id) },
        """
        SELECT n.id, n.user_id, n.category, n.type, n.priority, n.title, n.body, n.actor_id, n.subject_type, n.subject_id,
            n.action_url, n.event_count, n.seen_at, n.read_at, n.archived_at, n.snoozed_until, n.created_at
        FROM notifications n WHERE n.user_id = $1 AND n.deleted_at IS NULL
            AND ($2::boolean IS NULL OR (n.read_at IS NOT NULL) = $2)
            AND ($3::text[] IS NULL OR n.category = ANY ($3))
            AND (n.archived_at IS NOT NULL) = $4
            AND (n.snoozed_until IS NOT NULL AND n.snoozed_until > $6) = $5
            AND ($7::timestamptz IS NULL OR n.created_at >= $7)
            AND {after} ORDER BY {order} LIMIT {limit}
        """
    )
    static let inboxCount = Statement<Int, UUID, Bool?, [String]?, Bool, Bool, Timestamp, Timestamp?>(
        """
        SELECT count(*) FROM notifications n WHERE n.user_id = $1 AND n.deleted_at IS NULL
            AND ($2::boolean IS NULL OR (n.read_at IS NOT NULL) = $2)
            AND ($3::text[] IS NULL OR n.category = ANY ($3))
            AND (n.archived_at IS NOT NULL) = $4
            AND (n.snoozed_until IS NOT NULL AND n.snoozed_until > $6) = $5
            AND ($7::timestamptz IS NULL OR n.created_at >= $7)
        """
    )
    static let byID = Statement<NotificationRow, [UUID], UUID>(
        """
        SELECT id, user_id, category, type, priority, title, body, actor_id, subject_type, subject_id, action_url,
            event_count, seen_at, read_at, archived_at, snoozed_until, created_at
        FROM notifications WHERE id = ANY ($1) AND user_id = $2 AND deleted_at IS NULL
        """
    )
    static let unread = Statement<UnreadRow, UUID, Timestamp>(
        """
        SELECT category, count(*), count(*) FILTER (WHERE seen_at IS NULL) FROM notifications
        WHERE user_id = $1 AND read_at IS NULL AND deleted_at IS NULL AND archived_at IS NULL
            AND (snoozed_until IS NULL OR snoozed_until <= $2)
        GROUP BY category ORDER BY category
        """
    )
    static var all: [any CheckableStatement] { inbox.variants + [inboxCount, byID, unread] }
}
