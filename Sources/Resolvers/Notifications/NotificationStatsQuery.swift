import Actions
import Data
import GraphQLEngine
import PostgresClient

extension Query {
    static func notificationStats(
        _ arguments: QueryNotificationStatsArguments,
        in context: RequestContext
    ) async throws -> NotificationStats? {
        // An id of another kind is that of a team that is not there.
        if let given = arguments.teamId, given.uuid == nil { return nil }
        return try await NotificationReport.make(
            context.identityServices().services,
            since: arguments.since?.timestamp,
            until: arguments.until?.timestamp,
            team: arguments.teamId?.uuid
        ).map { NotificationStats($0) }
    }
}

extension NotificationStats {
    fileprivate init(_ report: NotificationReport) {
        func sum(_ count: (CategoryStatsRow) -> Int) -> Int32 {
            Int32(clamping: report.categories.reduce(0) { $0 + count($1) })
        }
        self.init(
            since: DateTime(report.since),
            until: DateTime(report.until),
            sent: sum(\.sent),
            seen: sum(\.seen),
            read: sum(\.read),
            byChannel: report.channels.compactMap { ChannelStats($0) },
            byCategory: report.categories.compactMap { CategoryStats($0) }
        )
    }
}

extension ChannelStats {
    fileprivate init?(_ row: ChannelStatsRow) {
        guard let channel = NotificationChannel(rawValue: row.channel) else { return nil }
        self.init(
            channel: channel,
            waiting: Int32(clamping: row.waiting),
            sent: Int32(clamping: row.sent),
            failed: Int32(clamping: row.failed),
            suppressed: Int32(clamping: row.suppressed)
        )
    }
}

extension CategoryStats {
    fileprivate init?(_ row: CategoryStatsRow) {
        guard let category = NotificationCategory(rawValue: row.category) else { return nil }
        self.init(
            category: category,
            sent: Int32(clamping: row.sent),
            seen: Int32(clamping: row.seen),
            read: Int32(clamping: row.read),
            readRate: Double(row.read) / Double(max(row.sent, 1))
        )
    }
}
