internal import Data
package import PostgresClient

/// Brings somebody no more mails of a kind, as they could have said among their preferences, where it can be taken back.
package struct Unsubscribe {
    private let services: IdentityServices

    package init(_ services: IdentityServices) { self.services = services }

    /// False where the account is gone.
    package func run(_ user: UUID, _ subject: UnsubscribeLinks.Subject) async throws -> Bool {
        let now = services.clock()
        return try await services.database.pool.transaction { transaction in
            guard let row = try await transaction.session.users([user]).first, row.status != "DELETED" else {
                return false
            }
            switch subject {
            case .category(let category):
                let channel = NotificationKind.Channel.email.rawValue
                let off = NotificationPreferenceRow(category: category.rawValue, channel: channel, isEnabled: false)
                try await transaction.setNotificationPreferences([off], of: user)
            case .digest:
                // Read and written as a whole: whoever changes it on another page does so before or after this.
                try await transaction.lockPeople([user])
                var schedule = try await transaction.notificationSchedule(of: user)
                schedule.emailDigest = "OFF"
                try await transaction.dropDigest(of: user)
                try await transaction.setNotificationSchedule(schedule, of: user, at: now)
            }
            return true
        }
    }
}
