package import Data
package import PostgresClient

/// Opens the room of some people: there is exactly one for each set of them.
package struct DirectRoomOpen {
    private let work: ChatWork

    package init(_ services: ChatServices, _ principal: Principal, from client: ClientInfo) {
        work = ChatWork(services: services, principal: principal, client: client)
    }

    /// - Parameter others: the people beside whoever asks; nobody for notes to oneself.
    package func run(with others: [UUID]) async throws -> Result<(room: RoomRow, isNew: Bool), ChatFaults> {
        let (work, path) = (work, ["userIds"])
        let people = Array(Set(others + [work.user])).sorted()
        let limit = work.services.options.directRoomSize
        guard people.count <= limit else {
            return .failure(ChatFaults(.invalidInput, path, "At most \(limit) people share a direct room."))
        }
        try await work.services.identity.limit("direct_room", by: work.user.description, 60, perSeconds: 3_600)
        let key = people.map(\.description).joined(separator: ",")
        let id = work.newID()
        return try await work.audited("room.open", on: nil) { opened in
            NewAuditEntry.Resource(type: "Room", id: GlobalID.text("room", opened.room.id))
        } _: { transaction in
            let known = try await transaction.session.users(people).filter {
                ["ACTIVE", "PENDING_VERIFICATION"].contains($0.status)
            }
            guard known.count == people.count else { throw ChatFaults(.notFound(path)) }
            guard try await transaction.apart(from: work.user, among: people).isEmpty else {
                throw ChatFaults(.blocked(path))
            }
            let opened = try await transaction.openDirectRoom(id, key: key)
            if opened.isNew {
                // Nobody is brought together with somebody whom they have blocked, be it by a third.
                guard try await !transaction.areAnyApart(people) else {
                    throw ChatFaults(.blocked, path, "One of these people has blocked another.")
                }
                _ = try await transaction.addRoomMembers(people, to: opened.id)
            }
            guard let room = try await transaction.rooms([opened.id], visibleTo: work.user).first else {
                throw ChatFaults(.notFound(path))
            }
            if opened.isNew {
                let others = people.filter { $0 != work.user }
                work.tell(
                    others.map { .membership(of: $0, room: opened.id, by: work.user) },
                    in: transaction
                )
            }
            return (room: room, isNew: opened.isNew)
        }
    }
}
