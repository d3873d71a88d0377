package import PostgresClient

/// Whether somebody wants to be told of a category by a channel. Without a row they do.
package struct NotificationPreferenceRow: PostgresRow, Equatable {
    package let category: String
    package let channel: String
    package let isEnabled: Bool

    package init(category: String, channel: String, isEnabled: Bool) {
        self.category = category
        self.channel = channel
        self.isEnabled = isEnabled
    }

    package init(from row: inout RowReader) throws {
        category = try row.next()
        channel = try row.next()
        isEnabled = try row.next()
    }
}

/// When somebody wants to be left in peace.
package struct NotificationScheduleRow: PostgresRow, Equatable {
    package var isQuiet: Bool
    /// Nil where quiet hours were never set.
    package var quietStart: TimeOfDay?
    package var quietEnd: TimeOfDay?
    package var timeZone: String
    /// From 1, Monday, to 7.
    package var weekdays: [Int16]
    package var allowsCritical: Bool
    package var mutedUntil: Timestamp?
    /// How often mails go out: `IMMEDIATE`, `HOURLY`, `DAILY`, `WEEKLY` or `OFF`.
    package var emailDigest: String

    /// That of those who have said nothing.
    package init() {
        isQuiet = false
        timeZone = "UTC"
        weekdays = [1, 2, 3, 4, 5, 6, 7]
        allowsCritical = true
        emailDigest = "IMMEDIATE"
    }

    package init(from row: inout RowReader) throws {
        isQuiet = try row.next()
        quietStart = try row.next()
        quietEnd = try row.next()
        timeZone = try row.next()
        weekdays = try row.next()
        allowsCritical = try row.next()
        mutedUntil = try row.next()
        emailDigest = try row.next()
    }
}

extension StatementRunner {
    package func notificationPreferences(of user: UUID) async throws -> [NotificationPreferenceRow] {
        try await rows(NotificationPreferenceStatements.preferences, user)
    }

    package func notificationSchedule(of user: UUID) async throws -> NotificationScheduleRow {
        try await first(NotificationPreferenceStatements.schedule, user) ?? NotificationScheduleRow()
    }
}

extension Transaction {
    package func setNotificationPreferences(_ rows: [NotificationPreferenceRow], of user: UUID) async throws {
        guard !rows.isEmpty else { return }
        try await execute(
            NotificationPreferenceStatements.setPreferences,
            user,
            rows.map(\.category),
            rows.map(\.channel),
            rows.map(\.isEnabled)
        )
    }

    /// Whoever changes how often mails come gets the first of the new kind when its time comes, and not at once.
    package func setNotificationSchedule(
        _ row: NotificationScheduleRow,
        of user: UUID,
        at now: Timestamp
    ) async throws {
        try await execute(
            NotificationPreferenceStatements.setSchedule,
            user,
            row.isQuiet,
            row.quietStart,
            row.quietEnd,
            row.timeZone,
            row.weekdays,
            row.allowsCritical,
            row.mutedUntil,
            row.emailDigest,
            now
        )
    }
}

enum NotificationPreferenceStatements {
    static let preferences = Statement<NotificationPreferenceRow, UUID>(
        "SELECT category, channel, enabled FROM notification_preferences WHERE user_id = $1 ORDER BY category, channel"
    )
    static let schedule = Statement<NotificationScheduleRow, UUID>(
        """
        SELECT quiet_enabled, quiet_start, quiet_end, time_zone, weekdays, allow_critical, muted_until, email_digest
        FROM notification_schedules WHERE user_id = $1
        """
    )
    static let setPreferences = Command<UUID, [String], [String], [Bool]>(
        """
        INSERT INTO notification_preferences (user_id, category, channel, enabled)
        SELECT $1, category, channel, enabled FROM unnest($2, $3, $4) AS p (category, channel, enabled)
        ON CONFLICT (user_id, category, channel) DO UPDATE SET enabled = excluded.enabled
        """
    )
    static let setSchedule = Command<
        UUID, Bool, TimeOfDay?, TimeOfDay?, String, [Int16], Bool, Timestamp?, String, Timestamp
    >(
        """
        INSERT INTO notification_schedules AS s (user_id, quiet_enabled, quiet_start, quiet_end, time_zone, weekdays,
            allow_critical, muted_until, email_digest, digested_for)
        SELECT u.id, $2, $3, $4, $5, $6, $7, $8, $9,
            digest_start($9, CASE WHEN $3::time IS NULL THEN u.time_zone ELSE $5 END, $10)
        FROM users u WHERE u.id = $1
        ON CONFLICT (user_id) DO UPDATE SET quiet_enabled = excluded.quiet_enabled, quiet_start = excluded.quiet_start,
            quiet_end = excluded.quiet_end, time_zone = excluded.time_zone, weekdays = excluded.weekdays,
            allow_critical = excluded.allow_critical, muted_until = excluded.muted_until,
            email_digest = excluded.email_digest,
            digested_for = CASE WHEN s.email_digest = excluded.email_digest THEN s.digested_for
                ELSE excluded.digested_for END
        """
    )
    static let all: [any CheckableStatement] = [preferences, schedule, setPreferences, setSchedule]
}
