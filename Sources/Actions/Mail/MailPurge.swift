internal import Data
internal import PostgresClient

/// Forgets mails: whom they went to, and what came of it. Those that still wait stay.
package struct MailPurge {
    private let services: IdentityServices
    private let days: Int

    /// - Parameter days: how long a mail is remembered.
    package init(_ services: IdentityServices, keptDays days: Int) {
        self.services = services
        self.days = days
    }

    /// How many there were.
    @discardableResult
    package func run() async throws -> Int {
        let end = Timestamp(microseconds: services.clock().microseconds - Int64(days) * 86_400_000_000)
        return try await Batches.run(of: 1_000) { limit in
            try await services.database.pool.transaction { try await $0.purgeMails(before: end, limit: limit) }
        }
    }
}
