package import Data
package import PostgresClient

extension RoomRow {
    /// Whether this is the user's own conversation.
    package func isOwned(by user: UUID) -> Bool { conversation?.ownerID == user }
}

extension ChatWork {
    /// A conversation that whoever asks sees, held.
    func conversation(_ id: UUID, _ path: [String], in transaction: Transaction) async throws -> RoomRow {
        guard let room = try await transaction.lockConversation(id, visibleTo: user) else {
            throw ChatFaults(.notFound(path))
        }
        return room
    }

    /// One that they own, held.
    func ownConversation(_ id: UUID, _ path: [String], in transaction: Transaction) async throws -> RoomRow {
        let room = try await conversation(id, path, in: transaction)
        guard room.isOwned(by: user) else { throw ChatFaults(.forbidden(path)) }
        return room
    }

    /// Notes that the conversation has another version, and tells those in it.
    func changed(
        _ conversation: UUID,
        beside events: [NewEvent] = [],
        in transaction: Transaction
    ) async throws {
        try await transaction.touchConversation(conversation)
        tell(events + [.conversation(conversation, by: user)], in: transaction)
    }

    /// Takes an account into the room. Who owns the conversation is on no side of it.
    func enter(
        _ account: UUID?,
        _ room: RoomRow,
        in transaction: Transaction
    ) async throws -> [NewEvent] {
        guard let account else { return [] }
        let path = ["input", "userId"]
        guard account != room.conversation?.ownerID else {
            throw ChatFaults(.invalidInput, path, "Whoever owns the conversation is on no side of it.")
        }
        let known = try await transaction.session.users([account]).first
        guard let known, ["ACTIVE", "PENDING_VERIFICATION"].contains(known.status) else {
            throw ChatFaults(.notFound(path))
        }
        // Who has blocked somebody is taken nowhere by them.
        guard try await transaction.blockers(of: user, among: [account]).isEmpty else {
            throw ChatFaults(.blocked(path))
        }
        return try await transaction.addRoomMembers([account], to: room.id).map {
            .member("RoomMemberJoined", $0, of: room.id, by: user)
        }
    }

    /// Takes the people of a party out of the room, but those who are there for another reason.
    func leave(_ party: ConversationParty, in transaction: Transaction) async throws -> [NewEvent] {
        if let guest = party.guestID { try await transaction.removeGuest(guest) }
        guard let account = party.userID,
            try await transaction.leaveConversation(party.conversationID, user: account)
        else { return [] }
        // The room is held: who starts a call there asks behind that who sees it. People are held before rooms, or not
        // at all.
        let calls = try await leaveCalls(in: [party.conversationID], transaction)
        return [.member("RoomMemberLeft", account, of: party.conversationID, by: user)] + calls
    }
}
