import Actions
import Data
import GraphQLEngine
import PostgresClient

extension NotificationPreferences {
    static func of(_ user: UUID, in context: RequestContext) async throws -> NotificationPreferences {
        let session = try context.databaseInUse().session
        let rows = try await session.notificationPreferences(of: user)
        let schedule = try await session.notificationSchedule(of: user)
        return NotificationPreferences(
            rows: NotificationCategory.allCases.flatMap { category in
                NotificationChannel.allCases.map {
                    NotificationPreference($0, category, rows, digest: schedule.emailDigest)
                }
            },
            quietHours: QuietHours(schedule),
            mutedUntil: schedule.mutedUntil.map(DateTime.init),
            emailDigest: DigestFrequency(rawValue: schedule.emailDigest) ?? .immediate
        )
    }
}

extension NotificationPreference {
    fileprivate init(
        _ channel: NotificationChannel,
        _ category: NotificationCategory,
        _ rows: [NotificationPreferenceRow],
        digest: String
    ) {
        let row = rows.first { $0.category == category.rawValue && $0.channel == channel.rawValue }
        let (isLocked, isOn) =
            if let kind = NotificationKind.Category(rawValue: category.rawValue),
                let way = NotificationKind.Channel(rawValue: channel.rawValue)
            {
                (kind.isLocked(on: way), kind.isOn(way, digest: digest))
            } else {
                (true, true)
            }
        self.init(category: category, channel: channel, enabled: row?.isEnabled ?? isOn, isLocked: isLocked)
    }
}

extension QuietHours {
    /// Nil where they were never set.
    fileprivate init?(_ row: NotificationScheduleRow) {
        guard let start = row.quietStart, let end = row.quietEnd else { return nil }
        self.init(
            enabled: row.isQuiet,
            start: start.hoursAndMinutes,
            end: end.hoursAndMinutes,
            timeZone: row.timeZone,
            weekdays: row.weekdays.compactMap { day in
                (1...7).contains(day) ? Weekday.allCases[Int(day) - 1] : nil
            },
            allowCritical: row.allowsCritical
        )
    }
}

extension NotificationPreferencesUpdate.Input {
    init(_ input: NotificationPreferencesUpdateInput) {
        self.init()
        if case .value(let rows) = input.rows {
            self.rows = rows.map {
                NotificationPreferenceRow(
                    category: $0.category.rawValue,
                    channel: $0.channel.rawValue,
                    isEnabled: $0.enabled
                )
            }
        }
        emailDigest = input.emailDigest.given?.rawValue
        switch input.quietHours {
        case .absent: break
        case .null: quietHours = .some(nil)
        case .value(let hours): quietHours = .some(NotificationPreferencesUpdate.QuietHours(hours))
        }
        switch input.mutedUntil {
        case .absent: break
        case .null: mutedUntil = .some(nil)
        case .value(let time): mutedUntil = .some(time.timestamp)
        }
    }
}

extension NotificationPreferencesUpdate.QuietHours {
    fileprivate init(_ input: QuietHoursInput) {
        let weekdays: [Weekday]? = if case .value(let days) = input.weekdays { days } else { nil }
        self.init(
            isEnabled: input.enabled,
            start: TimeOfDay(hoursAndMinutes: input.start),
            end: TimeOfDay(hoursAndMinutes: input.end),
            timeZone: input.timeZone,
            weekdays: weekdays.map { days in
                days.compactMap { day in Weekday.allCases.firstIndex(of: day).map { Int16($0 + 1) } }
            },
            allowsCritical: input.allowCritical
        )
    }
}

extension TimeOfDay {
    /// Of a text of the form `22:05`, which the schema has asked for.
    fileprivate init(hoursAndMinutes text: String) {
        let numbers = text.split(separator: ":").compactMap { Int64($0) }
        self.init(microseconds: numbers.reduce(0) { $0 * 60 + $1 } * 60_000_000)
    }

    fileprivate var hoursAndMinutes: String {
        let minutes = microseconds / 60_000_000
        func two(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return "\(two(minutes / 60)):\(two(minutes % 60))"
    }
}
