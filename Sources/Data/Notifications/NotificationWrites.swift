package import PostgresClient

/// Something to be told to some people, each of whom gets a row of their own.
package struct NotificationDraft: Sendable {
    package let category: String
    package let type: String
    package let priority: String
    package let title: String
    package let body: String
    package let actorID: UUID?
    package let subjectType: String?
    package let subjectID: UUID?
    package let actionURL: String?
    /// The title of several of a thread, behind their number; nil where it is that of the last.
    package let countedTitle: String?
    /// Told once for each of these, ever.
    package let onceKey: String?
    /// Counted to an unread one with the same.
    package let threadKey: String?
    /// What it is a part of.
    package let broadcastID: UUID?

    package init(
        category: String,
        type: String,
        priority: String,
        title: String,
        body: String,
        actorID: UUID?,
        subjectType: String?,
        subjectID: UUID?,
        actionURL: String?,
        countedTitle: String?,
        onceKey: String?,
        threadKey: String?,
        broadcastID: UUID? = nil
    ) {
        self.category = category
        self.type = type
        self.priority = priority
        self.title = title
        self.body = body
        self.actorID = actorID
        self.subjectType = subjectType
        self.subjectID = subjectID
        self.actionURL = actionURL
        self.countedTitle = countedTitle
        self.onceKey = onceKey
        self.threadKey = threadKey
        self.broadcastID = broadcastID
    }
}

extension Transaction {
    /// How these people want to be told of a category; without those whose accounts are closed, and those who want to hear
    /// nothing of whoever did it, or of the room in which it happened. In order.
    package func recipients(
        _ users: [UUID],
        of category: String,
        by actor: UUID?,
        in room: UUID?,
        at now: Timestamp
    ) async throws -> [RecipientRow] {
        try await rows(NotificationWriteStatements.recipients, users, category, now, actor, room)
    }

    /// What they are told now, one statement for all. Those who were told before by the same `onceKey` are left out.
    package func insert(
        _ draft: NotificationDraft,
        for recipients: [(user: UUID, id: UUID)],
        at now: Timestamp
    ) async throws -> [NotificationRow] {
        let (ids, users) = (recipients.map(\.id), recipients.map(\.user))
        guard let thread = draft.threadKey else {
            return try await rows(
                NotificationWriteStatements.insert,
                ids,
                users,
                draft.category,
                draft.type,
                draft.priority,
                draft.title,
                draft.body,
                draft.actorID,
                draft.subjectType,
                draft.subjectID,
                draft.actionURL,
                draft.onceKey,
                now,
                draft.broadcastID
            )
        }
        return try await rows(
            NotificationWriteStatements.insertInThread,
            ids,
            users,
            draft.category,
            draft.type,
            draft.priority,
            draft.title,
            draft.body,
            draft.actorID,
            draft.subjectType,
            draft.subjectID,
            draft.actionURL,
            thread,
            now,
            draft.broadcastID,
            draft.countedTitle
        )
    }

    // MARK: What their reader does

    /// Nil for one that is not the user's.
    package func setNotificationRead(_ id: UUID, of user: UUID, at time: Timestamp?) async throws -> NotificationRow? {
        try await first(NotificationWriteStatements.setRead, id, user, time)
    }

    /// How many there were.
    package func setNotificationsRead(
        of user: UUID,
        before: Timestamp?,
        categories: [String]?,
        at now: Timestamp
    ) async throws -> Int {
        try await execute(NotificationWriteStatements.setAllRead, user, before, categories, now)
    }

    /// How many there were.
    package func setNotificationsSeen(of user: UUID, upTo: Timestamp, at now: Timestamp) async throws -> Int {
        try await execute(NotificationWriteStatements.setSeen, user, upTo, now)
    }

    package func setNotificationArchived(
        _ id: UUID,
        of user: UUID,
        at time: Timestamp?
    ) async throws -> NotificationRow? {
        try await first(NotificationWriteStatements.setArchived, id, user, time)
    }

    package func setNotificationSnoozed(
        _ id: UUID,
        of user: UUID,
        until: Timestamp
    ) async throws -> NotificationRow? {
        try await first(NotificationWriteStatements.setSnoozed, id, user, until)
    }

    package func deleteNotification(_ id: UUID, of user: UUID, at now: Timestamp) async throws -> Bool {
        try await execute(NotificationWriteStatements.delete, id, user, now) == 1
    }

    /// Removes what is older than that and done with, at most so many.
    package func purgeNotifications(
        doneBefore done: Timestamp,
        anyBefore old: Timestamp,
        limit: Int
    ) async throws -> Int {
        try await execute(NotificationWriteStatements.purge, done, old, limit)
    }
}

enum NotificationWriteStatements {
    static let recipients = Statement<RecipientRow, [UUID], String, Timestamp, UUID?, UUID?>(
        """
        SELECT u.id, ARRAY(
                SELECT p.channel FROM notification_preferences p
                WHERE p.user_id = u.id AND p.category = $2 AND p.enabled ORDER BY p.channel),
            ARRAY(
                SELECT p.channel FROM notification_preferences p
                WHERE p.user_id = u.id AND p.category = $2 AND NOT p.enabled ORDER BY p.channel),
            coalesce(s.email_digest, 'IMMEDIATE'),
            quiet_until(s.quiet_enabled, s.quiet_start, s.quiet_end, s.time_zone, s.weekdays, s.muted_until, $3),
            coalesce(s.allow_critical, true),
            u.status = 'ACTIVE' AND u.email_verified_at IS NOT NULL,
            EXISTS (SELECT FROM push_subscriptions p WHERE p.user_id = u.id),
            EXISTS (SELECT FROM presence_leases l WHERE l.user_id = u.id AND l.alive_until > now()),
            lower(split_part(u.locale, '-', 1)) = 'de'
        FROM users u LEFT JOIN notification_schedules s ON s.user_id = u.id
        LEFT JOIN room_preferences w ON w.room_id = $5 AND w.user_id = u.id
        WHERE u.id = ANY ($1) AND u.status IN ('ACTIVE', 'PENDING_VERIFICATION')
            AND NOT is_silenced(w.level, w.muted_until, $2, $3)
            AND NOT EXISTS (SELECT FROM user_blocks b WHERE b.user_id = u.id AND b.blocked_id = $4)
        ORDER BY u.id
        """
    )
    static let insert = Statement<
        NotificationRow, [UUID], [UUID], String, String, String, String, String, UUID?, String?, UUID?, String?,
        String?,
        Timestamp, UUID?
    >(
        """
        INSERT INTO notifications (id, user_id, category, type, priority, title, body, actor_id, subject_type,
            subject_id, action_url, dedupe_key, created_at, broadcast_id)
        SELECT id, user_id, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14
        FROM unnest($1, $2) AS r (id, user_id) ORDER BY user_id
        ON CONFLICT (user_id, dedupe_key) DO NOTHING
        RETURNING id, user_id, category, type, priority, title, body, actor_id, subject_type, subject_id, action_url,
            event_count, seen_at, read_at, archived_at, snoozed_until, created_at
        """
    )
    // In the order of the users, so that two that tell the same people do not wait for each other in a circle.
    static let insertInThread = Statement<
        NotificationRow, [UUID], [UUID], String, String, String, String, String, UUID?, String?, UUID?, String?,
        String,
        Timestamp, UUID?, String?
    >(
        """
        INSERT INTO notifications AS n (id, user_id, category, type, priority, title, body, actor_id, subject_type,
            subject_id, action_url, group_key, created_at, broadcast_id)
        SELECT id, user_id, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14
        FROM unnest($1, $2) AS r (id, user_id) ORDER BY user_id
        ON CONFLICT (user_id, group_key) WHERE group_key IS NOT NULL AND read_at IS NULL AND deleted_at IS NULL
        DO UPDATE SET event_count = n.event_count + 1, priority = excluded.priority,
            title = coalesce(n.event_count + 1 || $15, excluded.title),
            body = excluded.body, actor_id = excluded.actor_id, subject_type = excluded.subject_type,
            subject_id = excluded.subject_id, broadcast_id = excluded.broadcast_id, action_url = excluded.action_url,
            created_at = excluded.created_at, seen_at = NULL, archived_at = NULL
        RETURNING id, user_id, category, type, priority, title, body, actor_id, subject_type, subject_id, action_url,
            event_count, seen_at, read_at, archived_at, snoozed_until, created_at
        """
    )
    static let setRead = Statement<NotificationRow, UUID, UUID, Timestamp?>(
        """
        UPDATE notifications n SET read_at = $3::timestamptz, seen_at = coalesce(n.seen_at, $3),
            group_key = CASE WHEN $3 IS NULL AND n.read_at IS NOT NULL THEN NULL ELSE n.group_key END
        WHERE n.id = $1 AND n.user_id = $2 AND n.deleted_at IS NULL
        RETURNING id, user_id, category, type, priority, title, body, actor_id, subject_type, subject_id, action_url,
            event_count, seen_at, read_at, archived_at, snoozed_until, created_at
        """
    )
    static let setAllRead = Command<UUID, Timestamp?, [String]?, Timestamp>(
        """
        UPDATE notifications n SET read_at = $4, seen_at = coalesce(n.seen_at, $4)
        WHERE n.user_id = $1 AND n.read_at IS NULL AND n.deleted_at IS NULL
            AND ($2::timestamptz IS NULL OR n.created_at <= $2) AND ($3::text[] IS NULL OR n.category = ANY ($3))
        """
    )
    static let setSeen = Command<UUID, Timestamp, Timestamp>(
        """
        UPDATE notifications n SET seen_at = $3
        WHERE n.user_id = $1 AND n.seen_at IS NULL AND n.read_at IS NULL AND n.deleted_at IS NULL
            AND n.created_at <= $2
        """
    )
    static let setArchived = Statement<NotificationRow, UUID, UUID, Timestamp?>(
        """
        UPDATE notifications SET archived_at = $3 WHERE id = $1 AND user_id = $2 AND deleted_at IS NULL
        RETURNING id, user_id, category, type, priority, title, body, actor_id, subject_type, subject_id, action_url,
            event_count, seen_at, read_at, archived_at, snoozed_until, created_at
        """
    )
    static let setSnoozed = Statement<NotificationRow, UUID, UUID, Timestamp>(
        """
        UPDATE notifications SET snoozed_until = $3 WHERE id = $1 AND user_id = $2 AND deleted_at IS NULL
        RETURNING id, user_id, category, type, priority, title, body, actor_id, subject_type, subject_id, action_url,
            event_count, seen_at, read_at, archived_at, snoozed_until, created_at
        """
    )
    static let delete = Command<UUID, UUID, Timestamp>(
        "UPDATE notifications SET deleted_at = $3 WHERE id = $1 AND user_id = $2 AND deleted_at IS NULL"
    )
    static let purge = Command<Timestamp, Timestamp, Int>(
        """
        DELETE FROM notifications WHERE id = ANY (ARRAY(
            SELECT id FROM notifications
            WHERE created_at < $1 AND (created_at < $2 OR read_at IS NOT NULL OR deleted_at IS NOT NULL)
            ORDER BY created_at LIMIT $3 FOR UPDATE SKIP LOCKED
        ))
        """
    )
    static let all: [any CheckableStatement] = [
        recipients, insert, insertInThread, setRead, setAllRead, setSeen, setArchived, setSnoozed, delete, purge,
    ]
}
