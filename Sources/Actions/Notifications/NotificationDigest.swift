internal import Data
internal import PostgresClient

/// Mails what has gathered since the last time to those who want mails by the hour, day or week. May run anywhere, and as
/// often as it likes: each hour, day or week of somebody's is taken once.
package struct NotificationDigest {
    private let services: IdentityServices
    private let batch: Int

    package init(_ services: IdentityServices, batch: Int = 100) {
        self.services = services
        self.batch = batch
    }

    /// How many mails there were.
    @discardableResult
    package func run() async throws -> Int {
        let now = services.clock()
        var mails = 0
        _ = try await Batches.run(of: batch) { limit in
            let (taken, added) = try await services.database.pool.transaction { transaction in
                let due = try await transaction.takeDueDigests(at: now, limit: limit)
                var added = 0
                for user in due where try await add(user, in: transaction) { added += 1 }
                return (due.count, added)
            }
            mails += added
            return taken
        }
        return mails
    }

    private func add(_ user: UUID, in transaction: Transaction) async throws -> Bool {
        guard try await transaction.hasDigest(of: user, heedingBlocksIn: NotificationKind.Category.heedingBlocks) else {
            return false
        }
        let mail = services.newID()
        let isAdded = try await MailOutbox(services).add(
            .notificationDigest(to: user),
            as: mail,
            in: transaction
        )
        guard isAdded else { return false }
        try await transaction.fillDigest(mail, of: user)
        return true
    }
}
