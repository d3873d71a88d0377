package import Data
package import PostgresClient

/// Notes how far somebody has read a room.
package struct RoomRead {
    private let work: ChatWork

    package init(_ services: ChatServices, _ visitor: Visitor, from client: ClientInfo) {
        work = ChatWork(services: services, visitor: visitor, client: client)
    }

    /// Never back, and never beyond the newest message. The others of a direct room are told.
    package func run(_ room: UUID, upTo seq: Int) async throws -> Result<RoomRow, ChatFaults> {
        let work = work
        return try await work.transaction { transaction in
            guard let seen = try await transaction.rooms([room], visibleTo: work.user).first else {
                throw ChatFaults(.notFound(["input", "roomId"]))
            }
            guard let read = try await transaction.setRead(seen, by: work.user, upTo: seq) else { return seen }
            let now = try await transaction.rooms([room], visibleTo: work.user).first ?? seen
            if seen.kind == "DIRECT" {
                work.tell([.read(room, by: work.user, upTo: read)], in: transaction)
            }
            return now
        }
    }
}
