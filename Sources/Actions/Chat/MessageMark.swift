package import Data
package import PostgresClient

/// Pins messages for all of a room, and stars them for oneself. Doing it again changes nothing, and tells nobody.
package struct MessageMark {
    private let work: ChatWork

    package init(_ services: ChatServices, _ principal: Principal, from client: ClientInfo) {
        work = ChatWork(services: services, principal: principal, client: client)
    }

    package func pin(_ access: GroupAccess, _ isPinned: Bool) async throws -> Result<MessageRow, ChatFaults> {
        let (work, path) = (work, access.path)
        let limit = work.services.options.pinsPerRoom
        return try await work.transaction { transaction in
            let (message, room) = try await access.lockedMessage(in: transaction)
            // Held, so that no two pins take the last place.
            guard try await transaction.lockRoom(room.id) else {
                throw ChatFaults(.roomArchived, path, "The room is archived.")
            }
            if (message.pinnedAt != nil) == isPinned { return message }
            let used = try await transaction.pinCount(of: room.id)
            if isPinned, used >= limit { throw ChatFaults(.quota("pins", path, limit: limit, used: used)) }
            let pinned = try await transaction.setPinned(message.id, at: isPinned ? work.now : nil, by: work.user)
            work.tell([.message("MessagePinChanged", pinned, by: work.user)], in: transaction)
            return pinned
        }
    }

    package func star(_ id: UUID, _ isStarred: Bool) async throws -> Result<MessageRow, ChatFaults> {
        let (work, path) = (work, ["id"])
        let limit = work.services.options.starsPerUser
        return try await work.transaction { transaction in
            let message = try await transaction.messages([id], visibleTo: work.user).first
            guard let message, message.deletedAt == nil else { throw ChatFaults(.notFound(path)) }
            guard isStarred else {
                try await transaction.unstar(id, by: work.user)
                return message
            }
            if try await transaction.isStarred(id, by: work.user) { return message }
            guard try await transaction.star(id, by: work.user, limit: limit) else {
                throw ChatFaults(.quota("stars", path, limit: limit, used: limit))
            }
            return message
        }
    }
}
