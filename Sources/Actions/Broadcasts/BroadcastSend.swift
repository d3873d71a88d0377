package import Data
internal import PostgresClient

/// Tells those whom a broadcast is for, so many in a transaction. It may be cut at any place, and goes on behind the last
/// step that was committed.
package struct BroadcastSend {
    package static let jobName = "broadcast.send"
    /// Beyond, a broadcast has failed.
    static let maximumAttempts: Int32 = 20
    private let services: IdentityServices
    private let stepSize: Int

    package init(_ services: IdentityServices, stepSize: Int = 500) {
        self.services = services
        self.stepSize = stepSize
    }

    package func run(_ job: Job) async throws {
        guard let id = UUID(String(job.payload.text.drop { $0 == "\"" }.prefix { $0 != "\"" })) else {
            throw PostgresError.rowCount(0)
        }
        do {
            if job.isRevived { try await goOn(id) }
            while let row = try await step(id) {
                let share = row.audienceCount > 0 ? Int(row.recipientCount) * 100 / row.audienceCount : 100
                job.report(percent: min(share, 99), "told \(row.recipientCount) of \(row.audienceCount)")
                try Task.checkCancellation()
            }
        } catch {
            if job.attemptOfLife >= BroadcastSend.maximumAttempts { try await fail(id) }
            throw error
        }
    }

    /// One that had failed goes on behind its last step.
    private func goOn(_ id: UUID) async throws {
        try await services.database.pool.transaction { transaction in
            guard let broadcast = try await transaction.lockBroadcast(id), broadcast.status == "FAILED" else { return }
            try await transaction.setBroadcastStatus("SENDING", of: id, finishedAt: nil)
        }
    }

    private func fail(_ id: UUID) async throws {
        let now = services.now
        try await services.database.pool.transaction { transaction in
            guard let broadcast = try await transaction.lockBroadcast(id),
                ["SCHEDULED", "SENDING"].contains(broadcast.status)
            else { return }
            try await transaction.setBroadcastStatus("FAILED", of: id, finishedAt: now)
        }
    }

    /// Nil when there is nothing more to be done.
    private func step(_ id: UUID) async throws -> BroadcastRow? {
        let (services, size, now) = (services, stepSize, services.now)
        return try await services.database.pool.transaction { transaction in
            guard let broadcast = try await transaction.lockBroadcast(id),
                ["SCHEDULED", "SENDING"].contains(broadcast.status)
            else { return nil }
            if broadcast.status == "SCHEDULED" {
                try await transaction.setBroadcastStatus("SENDING", of: id, finishedAt: nil)
            }
            let users = try await transaction.nextAudience(ofBroadcast: id, limit: size)
            guard let last = users.last else {
                try await transaction.setBroadcastStatus("SENT", of: id, finishedAt: now)
                return nil
            }
            let notification = NewNotification(
                .announcement,
                to: users,
                title: broadcast.title,
                body: broadcast.body,
                repetition: .once("broadcast:\(id)"),
                broadcast: id,
                channels: Set(broadcast.channels.compactMap(NotificationKind.Channel.init))
            )
            let events = try await Notify(services).write([notification], in: transaction)
            try await transaction.advanceBroadcast(id, past: last, told: events.count)
            let row = try await transaction.broadcasts([id]).first
            try await transaction.append(events, waking: services.database.events)
            return row
        }
    }
}
