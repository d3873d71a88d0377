package import PostgresClient

/// A line of a digest.
package struct DigestLineRow: PostgresRow, Equatable {
    package let title: String
    package let body: String
    package let eventCount: Int32
    package let subjectType: String?
    package let subjectID: UUID?

    package init(from row: inout RowReader) throws {
        title = try row.next()
        body = try row.next()
        eventCount = try row.next()
        subjectType = try row.next()
        subjectID = try row.next()
    }
}

extension StatementRunner {
    /// What a mail brings and is unread still, in the list and in its room, the newest first; nothing of rooms that its reader
    /// has silenced, and of these categories nothing that was done last by somebody whom they have blocked.
    package func digestLines(
        ofMail mail: UUID,
        heedingBlocksIn categories: [String],
        limit: Int
    ) async throws -> [DigestLineRow] {
        try await rows(NotificationDigestStatements.lines, mail, limit, categories)
    }
}

extension Transaction {
    /// Some of those whose digest is due, each for one process and once for each hour, day or week. Nobody's is while they are
    /// not to be disturbed, or their account is closed: it is due afterwards.
    package func takeDueDigests(at now: Timestamp, limit: Int) async throws -> [UUID] {
        try await rows(NotificationDigestStatements.takeDue, now, limit)
    }

    /// Whether anything waits for somebody's digest. What was read meanwhile, in the list or in its room, is gone, is not
    /// wanted any more, be it of its room, or is of these categories and of somebody whom they have blocked, does so no
    /// longer.
    package func hasDigest(of user: UUID, heedingBlocksIn categories: [String]) async throws -> Bool {
        try await execute(NotificationDigestStatements.dropRead, user, categories)
        return try await one(NotificationDigestStatements.exists, user)
    }

    /// Puts all that waits for somebody's digest into a mail.
    package func fillDigest(_ mail: UUID, of user: UUID) async throws {
        try await execute(NotificationDigestStatements.fill, user, mail)
    }

    /// Nothing waits for a digest any more.
    package func dropDigest(of user: UUID) async throws {
        try await execute(NotificationDigestStatements.drop, user)
    }
}

enum NotificationDigestStatements {
    static let takeDue = Statement<UUID, Timestamp, Int>(
        """
        UPDATE notification_schedules s SET digested_for = due.period
        FROM (
            SELECT s.user_id, digest_start(s.email_digest,
                CASE WHEN s.quiet_start IS NULL THEN u.time_zone ELSE s.time_zone END, $1) AS period
            FROM notification_schedules s JOIN users u ON u.id = s.user_id
            WHERE s.email_digest IN ('HOURLY', 'DAILY', 'WEEKLY') AND (s.digested_for IS NULL
                OR s.digested_for < digest_start(s.email_digest,
                    CASE WHEN s.quiet_start IS NULL THEN u.time_zone ELSE s.time_zone END, $1))
                AND u.status IN ('ACTIVE', 'PENDING_VERIFICATION')
                AND quiet_until(s.quiet_enabled, s.quiet_start, s.quiet_end, s.time_zone, s.weekdays, s.muted_until,
                    $1) IS NULL
            ORDER BY s.user_id LIMIT $2 FOR UPDATE OF s SKIP LOCKED
        ) AS due
        WHERE s.user_id = due.user_id RETURNING s.user_id
        """
    )
    static let exists = Statement<Bool, UUID>(
        """
        SELECT EXISTS (
            SELECT FROM notifications n JOIN notification_deliveries d ON d.notification_id = n.id
            WHERE n.user_id = $1 AND d.channel = 'EMAIL' AND d.is_digested AND d.status = 'QUEUED')
        """
    )
    static let dropRead = Command<UUID, [String]>(
        """
        UPDATE notification_deliveries d SET status = 'SUPPRESSED', last_error = 'read or not wanted'
        FROM notifications n
        WHERE n.id = d.notification_id AND n.user_id = $1 AND d.channel = 'EMAIL' AND d.is_digested
            AND d.status = 'QUEUED'
            AND (n.read_at IS NOT NULL OR n.deleted_at IS NOT NULL OR n.archived_at IS NOT NULL OR EXISTS (
                SELECT FROM notification_preferences p WHERE p.user_id = $1 AND p.category = n.category
                    AND p.channel IN ('IN_APP', 'EMAIL') AND NOT p.enabled)
                OR n.subject_type = 'msg' AND NOT EXISTS (
                    SELECT FROM messages m
                    LEFT JOIN room_members own ON own.room_id = m.room_id AND own.user_id = n.user_id
                    WHERE m.id = n.subject_id AND m.deleted_at IS NULL AND m.seq > coalesce(own.last_read_seq, 0))
                OR EXISTS (
                    SELECT FROM room_preferences w
                    WHERE w.user_id = n.user_id AND is_silenced(w.level, w.muted_until, n.category, now())
                        AND w.room_id = CASE n.subject_type
                            WHEN 'msg' THEN (SELECT m.room_id FROM messages m WHERE m.id = n.subject_id)
                            WHEN 'call' THEN (SELECT c.room_id FROM calls c WHERE c.id = n.subject_id) END)
                OR n.category = ANY ($2) AND EXISTS (
                    SELECT FROM user_blocks b WHERE b.user_id = n.user_id AND b.blocked_id = n.actor_id))
        """
    )
    static let fill = Command<UUID, UUID>(
        """
        UPDATE notification_deliveries d SET status = 'SENDING', mail_id = $2, began_at = now()
        FROM notifications n
        WHERE n.id = d.notification_id AND n.user_id = $1 AND d.channel = 'EMAIL' AND d.is_digested
            AND d.status = 'QUEUED'
        """
    )
    static let drop = Command<UUID>(
        """
        UPDATE notification_deliveries d SET status = 'SUPPRESSED', last_error = 'no digests any more'
        FROM notifications n
        WHERE n.id = d.notification_id AND n.user_id = $1 AND d.channel = 'EMAIL' AND d.is_digested
            AND d.status = 'QUEUED'
        """
    )
    static let lines = Statement<DigestLineRow, UUID, Int, [String]>(
        """
        SELECT n.title, n.body, n.event_count, n.subject_type, n.subject_id
        FROM notification_deliveries d JOIN notifications n ON n.id = d.notification_id
        WHERE d.mail_id = $1 AND n.read_at IS NULL AND n.deleted_at IS NULL AND n.archived_at IS NULL
            AND (n.subject_type IS DISTINCT FROM 'msg' OR EXISTS (
                SELECT FROM messages m
                LEFT JOIN room_members own ON own.room_id = m.room_id AND own.user_id = n.user_id
                WHERE m.id = n.subject_id AND m.deleted_at IS NULL AND m.seq > coalesce(own.last_read_seq, 0)))
            AND NOT EXISTS (
                SELECT FROM room_preferences w
                WHERE w.user_id = n.user_id AND is_silenced(w.level, w.muted_until, n.category, now())
                    AND w.room_id = CASE n.subject_type
                        WHEN 'msg' THEN (SELECT m.room_id FROM messages m WHERE m.id = n.subject_id)
                        WHEN 'call' THEN (SELECT c.room_id FROM calls c WHERE c.id = n.subject_id) END)
            AND NOT (n.category = ANY ($3) AND EXISTS (
                SELECT FROM user_blocks b WHERE b.user_id = n.user_id AND b.blocked_id = n.actor_id))
        ORDER BY n.created_at DESC, n.id LIMIT $2
        """
    )
    static let all: [any CheckableStatement] = [takeDue, exists, dropRead, fill, drop, lines]
}
