package import Data
package import PostgresClient

/// Has a message written later, and takes it back as long as it waits.
package struct MessageSchedule {
    package struct Input: Sendable {
        package let roomID: UUID
        package let body: String
        package let replyToID: UUID?
        package let threadID: UUID?
        package let sendAt: Timestamp

        package init(roomID: UUID, body: String, replyToID: UUID?, threadID: UUID?, sendAt: Timestamp) {
            self.roomID = roomID
            self.body = body
            self.replyToID = replyToID
            self.threadID = threadID
            self.sendAt = sendAt
        }
    }

    private static let mostAhead: Int64 = 31_622_400_000_000
    private let work: ChatWork

    package init(_ services: ChatServices, _ principal: Principal, from client: ClientInfo) {
        work = ChatWork(services: services, principal: principal, client: client)
    }

    /// What keeps them from writing just now need not do so then: it is asked again when the time has come.
    package func run(_ input: Input) async throws -> Result<ScheduledMessageRow, ChatFaults> {
        let (work, path) = (work, ["input", "roomId"])
        let options = work.services.options
        var faults: [ChatFault] = []
        let body = ChatText.text(input.body, 1...options.messageLength, ["input", "body"], &faults)
        let ahead = input.sendAt.microseconds.subtractingReportingOverflow(work.now.microseconds)
        if ahead.overflow || !(1...Self.mostAhead).contains(ahead.partialValue) {
            faults.append(.invalid("sendAt", "Give it a moment within a year from now."))
        }
        if let faults = ChatFaults(faults) { return .failure(faults) }
        let limit = options.schedulesPerHour
        try await work.services.identity.limit("message_schedule", by: work.user.description, limit, perSeconds: 3_600)
        return try await work.transaction { transaction in
            guard let admitted = try await transaction.admission(of: work.user, to: input.roomID) else {
                throw ChatFaults(.notFound(path))
            }
            guard admitted.room.acceptsMessages else { throw ChatFaults(.forbidden(path)) }
            for (id, field) in [(input.replyToID, "replyToId"), (input.threadID, "threadId")] {
                guard let id, try await !transaction.hasMessage(id, in: input.roomID) else { continue }
                throw ChatFaults(.notFound(["input", field]))
            }
            // One at a time: each counts what the others have left to be sent.
            try await transaction.holdOwner(work.user)
            let (limit, used) = (options.scheduledPerUser, try await transaction.scheduledCount(of: work.user))
            guard used < limit else {
                throw ChatFaults(.quota("scheduled_messages", ["input"], limit: limit, used: used))
            }
            let message = NewScheduledMessage(
                id: work.newID(),
                roomID: input.roomID,
                authorID: work.user,
                body: body,
                replyToID: input.replyToID,
                threadID: input.threadID,
                sendAt: input.sendAt
            )
            try await transaction.enqueue([ScheduledSend.task(message)], waking: work.services.database.worker)
            return try await transaction.insert(message)
        }
    }

    /// Nothing is left of it, nor of the job that would have sent it.
    package func cancel(_ id: UUID) async throws -> Result<ScheduledMessageRow, ChatFaults> {
        let (work, path) = (work, ["id"])
        return try await work.transaction { transaction in
            guard let row = try await transaction.lockScheduledMessage(id), row.authorID == work.user else {
                throw ChatFaults(.notFound(path))
            }
            guard row.status == "SCHEDULED" else {
                throw ChatFaults(.invalidTransition, path, "It waits no more.")
            }
            try await transaction.withdraw(ScheduledSend.job, key: ScheduledSend.key(of: id))
            return try await transaction.cancelScheduledMessage(id)
        }
    }
}
