package import Data
package import PostgresClient

/// Changes what somebody is told, and when.
package struct NotificationPreferencesUpdate {
    /// Nil leaves something as it is.
    package struct Input: Sendable {
        package var rows: [NotificationPreferenceRow] = []
        package var quietHours: QuietHours??
        package var mutedUntil: Timestamp??
        /// How often mails come: `IMMEDIATE`, `HOURLY`, `DAILY`, `WEEKLY` or `OFF`.
        package var emailDigest: String?

        package init() {}
    }

    package struct QuietHours: Sendable {
        package var isEnabled: Bool
        package var start: TimeOfDay
        package var end: TimeOfDay
        package var timeZone: String
        /// From 1, Monday, to 7; nil for all.
        package var weekdays: [Int16]?
        package var allowsCritical: Bool

        package init(
            isEnabled: Bool,
            start: TimeOfDay,
            end: TimeOfDay,
            timeZone: String,
            weekdays: [Int16]?,
            allowsCritical: Bool
        ) {
            self.isEnabled = isEnabled
            self.start = start
            self.end = end
            self.timeZone = timeZone
            self.weekdays = weekdays
            self.allowsCritical = allowsCritical
        }
    }

    private let services: IdentityServices
    private let user: UUID

    package init(_ services: IdentityServices, _ principal: Principal) {
        self.services = services
        user = principal.user.id
    }

    /// Everything that is wrong is told at once, and then nothing is changed.
    package func run(_ input: Input) async throws -> Result<Void, NotificationFaults> {
        var faults: [NotificationFault] = []
        func refuse(_ path: [String], _ rule: String) {
            faults.append(NotificationFault(.invalidInput, ["input"] + path, rule))
        }
        for (index, row) in input.rows.enumerated() where !row.isEnabled && Self.isLocked(row) {
            refuse(["rows", "\(index)", "enabled"], "Nobody can go without these.")
        }
        if case .some(.some(let hours)) = input.quietHours {
            if hours.start == hours.end { refuse(["quietHours", "end"], "The hours must not end when they begin.") }
            if try await !services.database.isTimeZone(hours.timeZone) {
                refuse(["quietHours", "timeZone"], "There is no such time zone.")
            }
        }
        if let faults = NotificationFaults(faults) { return .failure(faults) }
        return try await services.database.pool.transaction { transaction in
            // The schedule is read and written as a whole: two devices change it one after the other.
            try await transaction.lockPeople([user])
            try await transaction.setNotificationPreferences(Self.last(of: input.rows), of: user)
            try await setSchedule(input, transaction)
            return .success(())
        }
    }

    private func setSchedule(_ input: Input, _ transaction: Transaction) async throws {
        guard input.quietHours != nil || input.mutedUntil != nil || input.emailDigest != nil else { return }
        var schedule = try await transaction.notificationSchedule(of: user)
        switch input.quietHours {
        case nil: break
        case .some(nil):
            let (mutedUntil, emailDigest) = (schedule.mutedUntil, schedule.emailDigest)
            schedule = NotificationScheduleRow()
            (schedule.mutedUntil, schedule.emailDigest) = (mutedUntil, emailDigest)
        case .some(.some(let hours)):
            schedule.isQuiet = hours.isEnabled
            schedule.quietStart = hours.start
            schedule.quietEnd = hours.end
            schedule.timeZone = hours.timeZone
            schedule.weekdays = hours.weekdays.map { Array(Set($0)).sorted() } ?? [1, 2, 3, 4, 5, 6, 7]
            schedule.allowsCritical = hours.allowsCritical
        }
        if let mutedUntil = input.mutedUntil { schedule.mutedUntil = mutedUntil }
        if let digest = input.emailDigest {
            schedule.emailDigest = digest
            // What has gathered is in the list; nobody gets it by mail who wants no digests.
            if digest == "IMMEDIATE" || digest == "OFF" { try await transaction.dropDigest(of: user) }
        }
        try await transaction.setNotificationSchedule(schedule, of: user, at: services.clock())
    }

    private static func isLocked(_ row: NotificationPreferenceRow) -> Bool {
        guard let category = NotificationKind.Category(rawValue: row.category),
            let channel = NotificationKind.Channel(rawValue: row.channel)
        else { return true }
        return category.isLocked(on: channel)
    }

    /// Of several rows of one category and channel the last counts.
    private static func last(of rows: [NotificationPreferenceRow]) -> [NotificationPreferenceRow] {
        var kept: [NotificationPreferenceRow] = []
        for row in rows {
            kept.removeAll { $0.category == row.category && $0.channel == row.channel }
            kept.append(row)
        }
        return kept
    }
}
