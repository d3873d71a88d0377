package import Data
internal import PostgresClient

/// Makes a conversation that whoever asks owns, with a first message if they have one.
package struct ConversationCreate {
    private let work: ChatWork

    package init(_ services: ChatServices, _ principal: Principal, from client: ClientInfo) {
        work = ChatWork(services: services, principal: principal, client: client)
    }

    /// Without a title it is called by how it begins.
    package func run(title: String, firstMessage: String?) async throws -> Result<RoomRow, ChatFaults> {
        let work = work
        let options = work.services.options
        var faults: [ChatFault] = []
        let title = ChatText.line(title, 0...200, ["input", "title"], &faults)
        let body = firstMessage.map {
            ChatText.text($0, 1...options.messageLength, ["input", "firstMessage"], &faults)
        }
        if let faults = ChatFaults(faults) { return .failure(faults) }
        let (id, uuid, message) = (work.newID(), work.newID(), work.newID())
        let resource = NewAuditEntry.Resource(type: "Conversation", id: GlobalID.text("room", id))
        return try await work.audited("conversation.create", on: resource) { transaction in
            try await transaction.holdOwner(work.user)
            let limit = options.conversationsPerUser
            let used = try await transaction.conversationsMade(by: work.user)
            guard used < limit else { throw ChatFaults(.quota("conversations", ["input"], limit: limit, used: used)) }
            try await transaction.insertConversation(id, uuid: uuid, title: title, owner: work.user)
            if let body {
                let first = NewMessage(
                    id: message,
                    roomID: id,
                    authorID: work.user,
                    body: body,
                    replyToID: nil,
                    nonce: nil
                )
                let row = try await transaction.insert(first)
                let room = try await transaction.rooms([id], visibleTo: work.user)
                for room in room { _ = try await transaction.setRead(room, by: work.user, upTo: row.seq) }
                work.tell([.message("MessageCreated", row, by: work.user)], in: transaction)
            }
            return try await work.conversation(id, ["input"], in: transaction)
        }
    }
}
