package import Data
package import PostgresClient

/// Renames, closes, opens again, archives and deletes conversations, for their owners.
package struct ConversationChange {
    private let work: ChatWork

    package init(_ services: ChatServices, _ principal: Principal, from client: ClientInfo) {
        work = ChatWork(services: services, principal: principal, client: client)
    }

    package func rename(_ id: UUID, title: String) async throws -> Result<RoomRow, ChatFaults> {
        let work = work
        var faults: [ChatFault] = []
        let title = ChatText.line(title, 1...200, ["title"], &faults)
        if let faults = ChatFaults(faults) { return .failure(faults) }
        return try await work.audited("conversation.rename", on: id.conversation) { transaction in
            _ = try await work.ownConversation(id, ["id"], in: transaction)
            try await transaction.setTitle(title, of: id)
            work.tell([.conversation(id, by: work.user)], in: transaction)
            return try await work.conversation(id, ["id"], in: transaction)
        }
    }

    /// Which steps there are is said by the database. A closed or archived conversation takes no messages.
    package func set(_ status: String, of id: UUID) async throws -> Result<RoomRow, ChatFaults> {
        let work = work
        return try await work.audited("conversation.status", on: id.conversation) { transaction in
            let room = try await work.ownConversation(id, ["id"], in: transaction)
            guard try await transaction.setConversationStatus(status, of: id) else {
                let step = "\(room.conversation?.status ?? "") to \(status)"
                throw ChatFaults(.invalidTransition, ["status"], "There is no way from \(step).")
            }
            work.tell([.conversation(id, by: work.user)], in: transaction)
            return try await work.conversation(id, ["id"], in: transaction)
        }
    }

    /// With all that was said, which goes later, by `RoomSweep`. What others listen to there ends.
    package func delete(_ id: UUID) async throws -> Result<UUID, ChatFaults> {
        let work = work
        return try await work.audited("conversation.delete", on: id.conversation) { transaction in
            _ = try await work.ownConversation(id, ["id"], in: transaction)
            let services = work.services
            let calls = try await services.endCalls(in: [id], by: work.user, transaction)
            try await transaction.deleteConversation(id, at: work.now)
            try await transaction.enqueue([RoomSweep.task(services.identity)], waking: services.database.worker)
            work.tell(calls + [.conversation(id, by: work.user)], in: transaction)
            return id
        }
    }
}

extension UUID {
    /// A conversation, as the audit log names it.
    var conversation: NewAuditEntry.Resource {
        NewAuditEntry.Resource(type: "Conversation", id: GlobalID.text("room", self))
    }
}
