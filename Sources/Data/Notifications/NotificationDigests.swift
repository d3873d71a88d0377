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
    /// What a mail brings and is unread still, the newest first.
    package func digestLines(ofMail mail: UUID, limit: Int) async throws -> [DigestLineRow] {
        try await rows(NotificationDigestStatements.lines, mail, limit)
    }
}

extension Transaction {
    /// Some of those whose digest is due, each for one process and once for each hour, day or week.
    package func takeDueDigests(at now: Timestamp, limit: Int) async throws -> [UUID] {
        try await rows(NotificationDigestStatements.takeDue, now, limit)
    }

    /// Puts all that waits for somebody's digest into a mail; how much that is. What was read meanwhile, or is
    /// not wanted any more, is left out.
    package func fillDigest(_ mail: UUID, of user: UUID) async throws -> Int {
        try await execute(NotificationDigestStatements.dropRead, user)
        return try await execute(NotificationDigestStatements.fill, user, mail)
    }

    /// Whether anything waits for somebody's digest.
    package func hasDigest(of user: UUID) async throws -> Bool {
        try await one(NotificationDigestStatements.exists, user)
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
            SELECT s.user_id, digest_period(s.email_digest,
                CASE WHEN s.quiet_start IS NULL THEN u.time_zone ELSE s.time_zone END, $1) AS period
            FROM notification_schedules s JOIN users u ON u.id = s.user_id
            WHERE s.email_digest IN ('HOURLY', 'DAILY', 'WEEKLY') AND (s.digested_for IS NULL
                OR s.digested_for < digest_period(s.email_digest,
                    CASE WHEN s.quiet_start IS NULL THEN u.time_zone ELSE s.time_zone END, $1))
            ORDER BY s.user_id LIMIT $2 FOR UPDATE OF s SKIP LOCKED
        ) AS due
        WHERE s.user_id = due.user_id RETURNING s.user_id
        """
    )
    static let exists = Statement<Bool, UUID>(
        """
        SELECT EXISTS (
            SELECT FROM notifications n JOIN notification_deliveries d ON d.notification_id = n.id
            WHERE n.user_id = $1 AND n.read_at IS NULL AND n.deleted_at IS NULL AND n.archived_at IS NULL
                AND d.channel = 'EMAIL' AND d.is_digested AND d.status = 'QUEUED')
        """
    )
    static let dropRead = Command<UUID>(
        """
        UPDATE notification_deliveries d SET status = 'SUPPRESSED', last_error = 'read or not wanted'
        FROM notifications n
        WHERE n.id = d.notification_id AND n.user_id = $1 AND d.channel = 'EMAIL' AND d.is_digested
            AND d.status = 'QUEUED'
            AND (n.read_at IS NOT NULL OR n.deleted_at IS NOT NULL OR n.archived_at IS NOT NULL OR EXISTS (
                SELECT FROM notification_preferences p WHERE p.user_id = $1 AND p.category = n.category
                    AND p.channel IN ('IN_APP', 'EMAIL') AND NOT p.enabled))
        """
    )
    static let fill = Command<UUID, UUID>(
        """
        UPDATE notification_deliveries d SET status = 'SENDING', mail_id = $2
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
    static let lines = Statement<DigestLineRow, UUID, Int>(
        """
        SELECT n.title, n.body, n.event_count, n.subject_type, n.subject_id
        FROM notification_deliveries d JOIN notifications n ON n.id = d.notification_id
        WHERE d.mail_id = $1 AND n.read_at IS NULL AND n.deleted_at IS NULL
        ORDER BY n.created_at DESC, n.id LIMIT $2
        """
    )
    static let all: [any CheckableStatement] = [takeDue, exists, dropRead, fill, drop, lines]
}
