package import Data
package import PostgresClient

/// What the reader of notifications does with them. Other devices of theirs hear of it.
package struct NotificationChange {
    private let services: IdentityServices
    private let user: UUID

    package init(_ services: IdentityServices, _ principal: Principal) {
        self.services = services
        user = principal.user.id
    }

    // Each answers nil for a notification that is not the user's.

    package func markRead(_ id: UUID, _ isRead: Bool) async throws -> NotificationRow? {
        let time = isRead ? services.clock() : nil
        return try await change(id) { try await $0.setNotificationRead(id, of: user, at: time) }
    }

    package func archive(_ id: UUID, _ isArchived: Bool) async throws -> NotificationRow? {
        let time = isArchived ? services.clock() : nil
        return try await change(id) { try await $0.setNotificationArchived(id, of: user, at: time) }
    }

    package enum SnoozeFailure: Error, Sendable, Equatable {
        case notFound
        /// Not in the future, or more than a year away.
        case badTime
    }

    package func snooze(_ id: UUID, until time: Timestamp) async throws -> Result<NotificationRow, SnoozeFailure> {
        let ahead = time.microseconds.subtractingReportingOverflow(services.clock().microseconds)
        guard !ahead.overflow, (1...31_622_400_000_000).contains(ahead.partialValue) else { return .failure(.badTime) }
        let row = try await change(id) { try await $0.setNotificationSnoozed(id, of: user, until: time) }
        return row.map { .success($0) } ?? .failure(.notFound)
    }

    package func delete(_ id: UUID) async throws -> Bool {
        let now = services.clock()
        return try await services.database.pool.transaction { transaction in
            guard try await transaction.deleteNotification(id, of: user, at: now) else { return false }
            try await transaction.append([.changed([id], of: user)], waking: services.database.events)
            return true
        }
    }

    /// How many there were.
    package func markAllRead(before time: Timestamp?, categories: [String]?) async throws -> Int {
        let now = services.clock()
        return try await changeMany {
            try await $0.setNotificationsRead(of: user, before: time, categories: categories, at: now)
        }
    }

    /// Those that were told up to a moment have been seen, read or not.
    package func markSeen(upTo time: Timestamp) async throws -> Int {
        let now = services.clock()
        return try await changeMany { try await $0.setNotificationsSeen(of: user, upTo: time, at: now) }
    }

    private func change(
        _ id: UUID,
        _ body: @Sendable (Transaction) async throws -> NotificationRow?
    ) async throws -> NotificationRow? {
        try await services.database.pool.transaction { transaction in
            guard let row = try await body(transaction) else { return nil }
            try await transaction.append([.changed([id], of: user)], waking: services.database.events)
            return row
        }
    }

    private func changeMany(_ body: @Sendable (Transaction) async throws -> Int) async throws -> Int {
        try await services.database.pool.transaction { transaction in
            let count = try await body(transaction)
            if count > 0 {
                try await transaction.append([.changed([], of: user)], waking: services.database.events)
            }
            return count
        }
    }
}
