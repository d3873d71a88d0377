internal import Data
internal import PostgresClient

/// Forgets notifications: those that were read or deleted after 30 days, all others after a year; and the browsers of
/// sessions that have ended. Deliveries that have been on their way for two days have failed: no job is tried for that long.
package struct NotificationPurge {
    static let daysOfDone: Int64 = 30
    private let services: IdentityServices

    package init(_ services: IdentityServices) { self.services = services }

    /// How many there were.
    @discardableResult
    package func run() async throws -> Int {
        let day: Int64 = 86_400_000_000
        let now = services.clock().microseconds
        _ = try await services.database.pool.transaction {
            try await $0.purgePushSubscriptions(at: Timestamp(microseconds: now))
        }
        _ = try await Batches.run(of: 1_000) { limit in
            try await services.database.pool.transaction {
                try await $0.endLostDeliveries(before: Timestamp(microseconds: now - 2 * day), limit: limit)
            }
        }
        return try await Batches.run(of: 1_000) { limit in
            try await services.database.pool.transaction {
                try await $0.purgeNotifications(
                    doneBefore: Timestamp(microseconds: now - Self.daysOfDone * day),
                    anyBefore: Timestamp(microseconds: now - 365 * day),
                    limit: limit
                )
            }
        }
    }
}
