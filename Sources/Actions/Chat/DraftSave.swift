package import Data
package import PostgresClient

/// Keeps what somebody has begun to write, so that they can go on elsewhere.
package struct DraftSave {
    private let work: ChatWork

    package init(_ services: ChatServices, _ principal: Principal, from client: ClientInfo) {
        work = ChatWork(services: services, principal: principal, client: client)
    }

    /// The room; an empty text forgets what was kept.
    package func run(_ room: UUID, body: String, replyTo: UUID?) async throws -> Result<RoomRow, ChatFaults> {
        let work = work
        var faults: [ChatFault] = []
        let body = ChatText.text(body, 0...work.services.options.messageLength, ["body"], &faults)
        if let faults = ChatFaults(faults) { return .failure(faults) }
        return try await work.transaction { transaction in
            guard let seen = try await transaction.rooms([room], visibleTo: work.user).first else {
                throw ChatFaults(.notFound(["roomId"]))
            }
            if let replyTo, try await !transaction.hasMessage(replyTo, in: room) {
                throw ChatFaults(.notFound(["replyToId"]))
            }
            if body.isEmpty {
                try await transaction.deleteDraft(in: room, of: work.user)
            } else {
                _ = try await transaction.saveDraft(body, replyTo: replyTo, in: room, of: work.user, at: work.now)
            }
            return seen
        }
    }
}
