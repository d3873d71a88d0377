package import Data
package import PostgresClient

/// Notes how far somebody has read a room.
package struct RoomRead {
    private let work: ChatWork

    package init(_ services: ChatServices, _ visitor: Visitor, from client: ClientInfo) {
        work = ChatWork(services: services, visitor: visitor, client: client)
    }

    /// Never back, and never beyond the newest message. The reader's other devices are told, and the others of a room that is
    /// not too large; what the reader was told of the messages is read with them.
    package func run(_ room: UUID, upTo seq: Int) async throws -> Result<RoomRow, ChatFaults> {
        let work = work
        return try await work.transaction { transaction in
            guard let seen = try await transaction.rooms([room], visibleTo: work.user).first else {
                throw ChatFaults(.notFound(["input", "roomId"]))
            }
            let read = try await transaction.setRead(seen, by: work.user, upTo: seq)
            var events = try await readNotifications(
                ofMessagesIn: room,
                upTo: read ?? seen.lastReadSeq,
                in: transaction
            )
            if let read, !work.visitor.isGuest {
                events.append(.unread(room, of: work.user))
                if try await transaction.isRoom(room, ofAtMost: work.services.options.readersTold) {
                    events.append(.read(room, by: work.user, upTo: read))
                }
            }
            work.tell(events, in: transaction)
            return read == nil ? seen : try await transaction.rooms([room], visibleTo: work.user).first ?? seen
        }
    }

    /// Has them be behind this message again, so that it and those that follow are unread; where they are so already,
    /// nothing changes. Those who were told how far they have read are told so again.
    package func markUnread(_ room: UUID, from seq: Int) async throws -> Result<RoomRow, ChatFaults> {
        let work = work
        return try await work.transaction { transaction in
            guard let seen = try await transaction.rooms([room], visibleTo: work.user).first else {
                throw ChatFaults(.notFound(["roomId"]))
            }
            guard let read = try await transaction.setUnread(room, by: work.user, from: seq) else { return seen }
            var events: [NewEvent] = [.unread(room, of: work.user)]
            if try await transaction.isRoom(room, ofAtMost: work.services.options.readersTold) {
                events.append(.read(room, by: work.user, upTo: read))
            }
            work.tell(events, in: transaction)
            return try await transaction.rooms([room], visibleTo: work.user).first ?? seen
        }
    }

    /// Also where nothing was read now: an edit may have spoken of somebody in a message that they had read.
    private func readNotifications(
        ofMessagesIn room: UUID,
        upTo seq: Int,
        in transaction: Transaction
    ) async throws -> [NewEvent] {
        guard !work.visitor.isGuest else { return [] }
        let ids = try await transaction.readNotifications(
            ofMessagesIn: room,
            upTo: seq,
            of: work.user,
            at: work.now
        )
        return ids.isEmpty ? [] : [.changed(ids, of: work.user)]
    }
}
