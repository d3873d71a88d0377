package import Data
package import PostgresClient

/// Changes how somebody wants to be told of a room.
package struct RoomPreferencesUpdate {
    private let work: ChatWork

    package init(_ services: ChatServices, _ principal: Principal, from client: ClientInfo) {
        work = ChatWork(services: services, principal: principal, client: client)
    }

    /// The reader's other devices are told where anything is different.
    package func run(_ room: UUID, _ change: RoomPreferenceChange) async throws -> Result<RoomRow, ChatFaults> {
        let work = work
        if case .some(.some(let until)) = change.mutedUntil, until.microseconds <= work.now.microseconds {
            let path = ["input", "mutedUntil"]
            return .failure(ChatFaults(.invalidInput, path, "Give it a moment that is to come."))
        }
        return try await work.transaction { transaction in
            guard let seen = try await transaction.rooms([room], visibleTo: work.user).first else {
                throw ChatFaults(.notFound(["input", "roomId"]))
            }
            if try await transaction.change(change, of: room, by: work.user) {
                work.tell([.preferences(room, of: work.user)], in: transaction)
            }
            return seen
        }
    }
}
