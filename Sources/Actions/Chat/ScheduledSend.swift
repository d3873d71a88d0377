package import Data
internal import PostgresClient

/// Writes a message whose time has come, as its author and by the rules that hold for them at that moment.
///
/// That it was sent is noted in the transaction that sends it: it is sent once, wherever this is cut.
package struct ScheduledSend {
    package static let job = "chat.scheduled"
    /// How long is remembered what was sent, cancelled or failed.
    private static let keptDays: Int64 = 30
    private let services: ChatServices

    package init(_ services: ChatServices) { self.services = services }

    static func task(_ message: NewScheduledMessage) -> NewJob {
        var job = NewJob(job, payload: JSONText(#""\#(message.id)""#))
        job.runAt = message.sendAt
        job.uniqueKey = message.id.description
        return job
    }

    /// What has to wait in a room with slow mode is tried again.
    private struct Waits: Error {}

    package func run(_ job: Job) async throws {
        guard let id = UUID(String(job.payload.text.drop { $0 == "\"" }.prefix { $0 != "\"" })) else { return }
        let requestID = job.id.description
        let outcome = try await services.database.pool.transaction { transaction in
            try await send(id, requestID, in: transaction)
        }
        guard case .failure(let faults) = outcome, let fault = faults.all.first else { return }
        if fault.code == .slowMode { throw Waits() }
        try await services.database.pool.transaction { transaction in
            guard try await transaction.lockScheduledMessage(id)?.status == "SCHEDULED" else { return }
            _ = try await transaction.setScheduled("FAILED", of: id, failure: fault.code.rawValue)
        }
    }

    /// What is refused leaves nothing, and nothing is held any more.
    private func send(
        _ id: UUID,
        _ requestID: String,
        in transaction: Transaction
    ) async throws -> Result<Void, ChatFaults> {
        guard let row = try await transaction.lockScheduledMessage(id), row.status == "SCHEDULED" else {
            return .success(())
        }
        let author = try await transaction.session.users([row.authorID]).first
        guard let author, ["ACTIVE", "PENDING_VERIFICATION"].contains(author.status) else {
            return .failure(ChatFaults(.forbidden([])))
        }
        let client = ClientInfo(address: nil, userAgent: "", requestID: requestID)
        let input = MessageSend.Input(
            roomID: row.roomID,
            body: row.body,
            replyToID: row.replyToID,
            threadID: row.threadID
        )
        do {
            try await transaction.savepoint { transaction in
                let message = MessageSend(services, .absent(author), from: client)
                try await message.send(input, in: transaction)
                _ = try await transaction.setScheduled("SENT", of: id)
            }
            return .success(())
        } catch let faults as ChatFaults { return .failure(faults) }
    }

    package func purge() async throws {
        let time = services.identity.clock().microseconds - Self.keptDays * 86_400_000_000
        try await services.database.pool.transaction {
            try await $0.purgeScheduledMessages(before: Timestamp(microseconds: time))
        }
    }
}
