package import Data
package import PostgresClient

/// What became of what people were told lately, in numbers.
package struct NotificationReport: Sendable {
    /// As far as it goes back: what was read is forgotten after that.
    private static let days: Int64 = NotificationPurge.daysOfDone

    package let since: Timestamp
    package let until: Timestamp
    package let categories: [CategoryStatsRow]
    package let channels: [ChannelStatsRow]

    /// Nil for a team that is not there.
    package static func make(
        _ services: IdentityServices,
        since given: Timestamp?,
        until: Timestamp?,
        team: UUID?
    ) async throws -> NotificationReport? {
        let (now, session) = (services.now, services.database.session)
        if let team, try await !session.hasTeam(team) { return nil }
        let oldest = Timestamp(microseconds: now.microseconds - days * 86_400_000_000)
        let stretch = NotificationStretch(since: max(given ?? oldest, oldest), until: until ?? now, team: team)
        return NotificationReport(
            since: stretch.since,
            until: stretch.until,
            categories: try await session.categoryStats(of: stretch),
            channels: try await session.channelStats(of: stretch)
        )
    }
}
