package import Data
package import PostgresClient

/// Adds and takes back reactions to messages. Doing it again changes nothing, and tells nobody.
package struct ReactionChange {
    private let work: ChatWork

    package init(_ services: ChatServices, _ principal: Principal, from client: ClientInfo) {
        work = ChatWork(services: services, principal: principal, client: client)
    }

    package func add(_ emoji: String, to id: UUID) async throws -> Result<MessageRow, ChatFaults> {
        let kinds = work.services.options.reactionKinds
        return try await change(emoji, id, isAdded: true) { transaction, user in
            try await transaction.addReaction(emoji, to: id, by: user, mostKinds: kinds)
        }
    }

    package func remove(_ emoji: String, from id: UUID) async throws -> Result<MessageRow, ChatFaults> {
        try await change(emoji, id, isAdded: false) { transaction, user in
            try await transaction.removeReaction(emoji, from: id, by: user)
        }
    }

    private func change(
        _ emoji: String,
        _ id: UUID,
        isAdded: Bool,
        _ write: @escaping (Transaction, UUID) async throws -> Bool
    ) async throws -> Result<MessageRow, ChatFaults> {
        let (work, path) = (work, ["messageId"])
        guard ChatText.isEmoji(emoji) else {
            return .failure(ChatFaults(.invalidInput, ["emoji"], "Give it one emoji."))
        }
        return try await work.transaction { transaction in
            guard let message = try await transaction.lockMessage(id, visibleTo: work.user), message.deletedAt == nil,
                let admitted = try await transaction.admission(of: work.user, to: message.roomID)
            else { throw ChatFaults(.notFound(path)) }
            guard admitted.room.archivedAt == nil else {
                throw ChatFaults(.roomArchived, path, "The room is archived.")
            }
            // What was said before may be taken back.
            if isAdded {
                if let fault = work.block(admitted, path) ?? work.timeOut(admitted, path) { throw ChatFaults(fault) }
                let author = [message.authorID].compactMap { $0 }
                guard try await transaction.blockers(of: work.user, among: author).isEmpty else {
                    throw ChatFaults(.blocked(path))
                }
            }
            if try await write(transaction, work.user) {
                let event = NewEvent.reaction(emoji, isAdded: isAdded, to: message, by: work.user)
                work.tell([event], in: transaction)
            }
            return message
        }
    }
}
