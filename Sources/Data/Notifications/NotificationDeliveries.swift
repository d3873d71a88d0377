package import PostgresClient

/// What is to be brought to somebody by another channel than the list.
package struct NewDelivery: Sendable {
    package let id: UUID
    package let notification: UUID
    package let channel: String
    /// Whether it waits for the next digest.
    package let isDigested: Bool

    package init(id: UUID, notification: UUID, channel: String, isDigested: Bool) {
        self.id = id
        self.notification = notification
        self.channel = channel
        self.isDigested = isDigested
    }
}

/// A delivery that is to be made.
package struct QueuedDeliveryRow: PostgresRow, Equatable {
    package let id: UUID
    package let notificationID: UUID
    package let channel: String
    package let isDigested: Bool

    package init(from row: inout RowReader) throws {
        id = try row.next()
        notificationID = try row.next()
        channel = try row.next()
        isDigested = try row.next()
    }
}

/// A delivery with what it brings, and how its reader wants it by now.
package struct DeliveryRow: PostgresRow, Equatable {
    package let id: UUID
    package let channel: String
    package let status: String
    package let isAccountOpen: Bool
    package let isDeleted: Bool
    /// How the reader wants to be told now.
    package let wishes: ChannelWishes
    package let quietUntil: Timestamp?
    package let allowsCritical: Bool
    /// Whether the reader has said to do something that nobody should interrupt.
    package let isBusy: Bool
    /// Whether the reader wants to hear nothing of this of the room in which it happened.
    package let isSilenced: Bool
    package let notification: NotificationRow

    package init(from row: inout RowReader) throws {
        id = try row.next()
        channel = try row.next()
        status = try row.next()
        isAccountOpen = try row.next()
        isDeleted = try row.next()
        wishes = try ChannelWishes(from: &row)
        quietUntil = try row.next()
        allowsCritical = try row.next()
        isBusy = try row.next()
        isSilenced = try row.next()
        notification = try NotificationRow(from: &row)
    }
}

/// How far a notification has come by one channel, as its reader sees it.
package struct DeliveryStateRow: PostgresRow, Equatable {
    package let notificationID: UUID
    package let channel: String
    package let status: String
    package let attempts: Int32
    package let sentAt: Timestamp?

    package init(from row: inout RowReader) throws {
        notificationID = try row.next()
        channel = try row.next()
        status = try row.next()
        attempts = try row.next()
        sentAt = try row.next()
    }
}

extension StatementRunner {
    /// In the order of the channels.
    package func deliveries(of notifications: [UUID]) async throws -> [DeliveryStateRow] {
        try await rows(NotificationDeliveryStatements.ofNotifications, notifications)
    }

    package func delivery(_ id: UUID, at now: Timestamp) async throws -> DeliveryRow? {
        try await first(NotificationDeliveryStatements.byID, id, now)
    }
}

extension Transaction {
    /// Those that are to be made: the ones that are new, and pushes of what was told before and is told again. What is
    /// mailed, or was, is not mailed again while it is unread; what was kept back the last time may be wanted now.
    package func insert(_ deliveries: [NewDelivery]) async throws -> [QueuedDeliveryRow] {
        guard !deliveries.isEmpty else { return [] }
        return try await rows(
            NotificationDeliveryStatements.insert,
            deliveries.map(\.id),
            deliveries.map(\.notification),
            deliveries.map(\.channel),
            deliveries.map(\.isDigested)
        )
    }

    /// Nobody else makes it meanwhile.
    package func lockDelivery(_ id: UUID, at now: Timestamp) async throws -> DeliveryRow? {
        guard try await first(NotificationDeliveryStatements.lock, id) != nil else { return nil }
        return try await delivery(id, at: now)
    }

    package func suppressDelivery(_ id: UUID, _ reason: String) async throws {
        try await execute(NotificationDeliveryStatements.suppress, id, reason)
    }

    /// On its way; by this mail, if it is one.
    package func beginDelivery(_ id: UUID, mail: UUID?) async throws {
        try await execute(NotificationDeliveryStatements.begin, id, mail)
    }

    /// That a push was taken, or that none will be. One that was taken stays so, and one that is to be made again is left
    /// alone.
    package func endDelivery(_ id: UUID, isSent: Bool, error: String?, at now: Timestamp) async throws {
        try await execute(NotificationDeliveryStatements.end, id, isSent, error, now)
    }

    /// What has become of a mail is what has become of all that it brings.
    package func endDeliveries(ofMail mail: UUID, _ status: String, error: String?, at now: Timestamp) async throws {
        try await execute(NotificationDeliveryStatements.endMailed, mail, status, error, now)
    }

    /// Ends those that were put on their way before then and whose jobs are lost; at most so many, and how many there were.
    package func endLostDeliveries(before time: Timestamp, limit: Int) async throws -> Int {
        try await execute(NotificationDeliveryStatements.endLost, time, limit)
    }

    /// Whether somebody has read a room up to a message.
    package func hasRead(_ seq: Int, of room: UUID, by user: UUID) async throws -> Bool {
        try await one(NotificationDeliveryStatements.hasRead, room, user, seq)
    }
}

enum NotificationDeliveryStatements {
    static let insert = Statement<QueuedDeliveryRow, [UUID], [UUID], [String], [Bool]>(
        """
        INSERT INTO notification_deliveries AS d (id, notification_id, channel, is_digested)
        SELECT id, notification_id, channel, is_digested
        FROM unnest($1, $2, $3, $4) AS c (id, notification_id, channel, is_digested) ORDER BY notification_id, channel
        ON CONFLICT (notification_id, channel) DO UPDATE SET status = 'QUEUED', last_error = NULL,
            is_digested = excluded.is_digested, mail_id = NULL
        WHERE d.channel = 'PUSH' OR d.status IN ('SUPPRESSED', 'FAILED')
        RETURNING id, notification_id, channel, is_digested
        """
    )
    static let lock = Statement<UUID, UUID>("SELECT id FROM notification_deliveries WHERE id = $1 FOR UPDATE")
    static let byID = Statement<DeliveryRow, UUID, Timestamp>(
        """
        SELECT d.id, d.channel, d.status, u.status IN ('ACTIVE', 'PENDING_VERIFICATION'), n.deleted_at IS NOT NULL,
            ARRAY(
                SELECT p.channel FROM notification_preferences p
                WHERE p.user_id = u.id AND p.category = n.category AND p.enabled ORDER BY p.channel),
            ARRAY(
                SELECT p.channel FROM notification_preferences p
                WHERE p.user_id = u.id AND p.category = n.category AND NOT p.enabled ORDER BY p.channel),
            coalesce(s.email_digest, 'IMMEDIATE'),
            quiet_until(s.quiet_enabled, s.quiet_start, s.quiet_end, s.time_zone, s.weekdays, s.muted_until, $2),
            coalesce(s.allow_critical, true), coalesce(p.chosen = 'DO_NOT_DISTURB', false),
            is_silenced(w.level, w.muted_until, n.category, $2),
            n.id, n.user_id, n.category, n.type, n.priority, n.title, n.body, n.actor_id, n.subject_type, n.subject_id,
            n.action_url, n.event_count, n.seen_at, n.read_at, n.archived_at, n.snoozed_until, n.created_at
        FROM notification_deliveries d JOIN notifications n ON n.id = d.notification_id JOIN users u ON u.id = n.user_id
        LEFT JOIN notification_schedules s ON s.user_id = u.id LEFT JOIN presence p ON p.user_id = u.id
        LEFT JOIN messages m ON n.subject_type = 'msg' AND m.id = n.subject_id
        LEFT JOIN calls c ON n.subject_type = 'call' AND c.id = n.subject_id
        LEFT JOIN room_preferences w ON w.room_id = coalesce(m.room_id, c.room_id) AND w.user_id = n.user_id
        WHERE d.id = $1
        """
    )
    static let ofNotifications = Statement<DeliveryStateRow, [UUID]>(
        """
        SELECT notification_id, channel, status, attempts, sent_at FROM notification_deliveries
        WHERE notification_id = ANY ($1) ORDER BY notification_id, channel
        """
    )
    static let suppress = Command<UUID, String>(
        "UPDATE notification_deliveries SET status = 'SUPPRESSED', last_error = $2 WHERE id = $1"
    )
    static let begin = Command<UUID, UUID?>(
        "UPDATE notification_deliveries SET status = 'SENDING', mail_id = $2, began_at = now() WHERE id = $1"
    )
    static let end = Command<UUID, Bool, String?, Timestamp>(
        """
        UPDATE notification_deliveries SET attempts = attempts + 1, last_error = $3,
            status = CASE WHEN $2 THEN 'SENT' ELSE 'FAILED' END, sent_at = CASE WHEN $2 THEN $4 ELSE sent_at END
        WHERE id = $1 AND (status = 'SENDING' OR $2 AND status = 'FAILED')
        """
    )
    static let endMailed = Command<UUID, String, String?, Timestamp>(
        """
        UPDATE notification_deliveries SET attempts = attempts + 1, last_error = $3,
            status = CASE WHEN $2 = 'QUEUED' THEN 'SENDING' ELSE $2 END,
            sent_at = CASE WHEN $2 = 'SENT' THEN $4 ELSE sent_at END
        WHERE mail_id = $1 AND status IN ('SENDING', 'FAILED')
        """
    )
    static let endLost = Command<Timestamp, Int>(
        """
        UPDATE notification_deliveries SET status = 'FAILED', last_error = 'lost'
        WHERE id = ANY (ARRAY(
            SELECT id FROM notification_deliveries
            WHERE status = 'SENDING' AND coalesce(began_at, created_at) < $1
            ORDER BY id LIMIT $2 FOR UPDATE SKIP LOCKED
        ))
        """
    )
    static let hasRead = Statement<Bool, UUID, UUID, Int>(
        "SELECT EXISTS (SELECT FROM room_members WHERE room_id = $1 AND user_id = $2 AND last_read_seq >= $3)"
    )
    static let all: [any CheckableStatement] = [
        insert, lock, byID, ofNotifications, suppress, begin, end, endMailed, endLost, hasRead,
    ]
}
