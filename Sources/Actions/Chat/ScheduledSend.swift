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
        job.uniqueKey = key(of: message.id)
        return job
    }

    static func key(of message: UUID) -> String { message.description }

    /// What has to wait, as in a room with slow mode, is tried again when it need not wait any more.
    package func run(_ job: Job) async throws {
        guard let id = UUID(String(job.payload.text.drop { $0 == "\"" }.prefix { $0 != "\"" })) else { return }
        guard let fault = try await refusal(of: id, job) else { return }
        let delay: JobDelay? =
            if case .wait(let seconds) = fault.detail { JobDelay(fault.code.rawValue, seconds: seconds) } else { nil }
        let status = delay == nil ? "FAILED" : "SCHEDULED"
        try await services.database.pool.transaction { transaction in
            guard try await hold(id, for: job, in: transaction) != nil else { return }
            _ = try await transaction.setScheduled(status, of: id, failure: fault.code.rawValue)
        }
        if let delay { throw delay }
    }

    /// Why it could not be sent; nil when it was, or is not to be.
    private func refusal(of id: UUID, _ job: Job) async throws -> ChatFault? {
        do {
            let outcome = try await services.database.pool.transaction { try await send(id, job, in: $0) }
            guard case .failure(let faults) = outcome else { return nil }
            return faults.all.first
        } catch let error as TooManyRequests {
            throw JobDelay("too many messages", seconds: error.retryAfterSeconds)
        } catch {
            // What the database refuses when all is written.
            guard let faults = ChatFaults(of: error) else { throw error }
            return faults.all.first
        }
    }

    /// Nobody else sends or cancels it from here on; nil when it is not to be sent. What was given up with its job
    /// lives again with it.
    private func hold(_ id: UUID, for job: Job, in transaction: Transaction) async throws -> ScheduledMessageRow? {
        guard let row = try await transaction.lockScheduledMessage(id) else { return nil }
        return row.status == "SCHEDULED" || row.status == "FAILED" && job.isRevived ? row : nil
    }

    /// What is refused leaves nothing, and nothing is held any more.
    private func send(_ id: UUID, _ job: Job, in transaction: Transaction) async throws -> Result<Void, ChatFaults> {
        guard let row = try await hold(id, for: job, in: transaction) else { return .success(()) }
        let author = try await transaction.session.users([row.authorID]).first
        guard let author, ["ACTIVE", "PENDING_VERIFICATION"].contains(author.status) else {
            return .failure(ChatFaults(.forbidden([])))
        }
        let client = ClientInfo(address: nil, userAgent: "", requestID: job.id.description)
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

    /// What waits and is tried no more has failed, whatever kept it from being sent; what ended long ago is forgotten.
    package func sweep() async throws {
        let now = services.identity.clock()
        let time = Timestamp(microseconds: now.microseconds - Self.keptDays * 86_400_000_000)
        try await services.database.pool.transaction {
            try await $0.failScheduledMessages(before: now, withoutJob: Self.job)
            try await $0.purgeScheduledMessages(before: time)
        }
    }
}
