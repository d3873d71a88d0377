internal import Data
package import PostgresClient

/// Deletes channels and groups with all that was said there. What people listen to there ends.
///
/// Everybody is told by as many statements as there are kinds of things to tell, however many they are. The messages go
/// later, by `RoomSweep`.
package struct RoomDeletion {
    private let work: ChatWork

    package init(_ services: ChatServices, _ principal: Principal, from client: ClientInfo) {
        work = ChatWork(services: services, principal: principal, client: client)
    }

    package func deleteChannel(_ access: GroupAccess) async throws -> Result<UUID, ChatFaults> {
        let work = work
        return try await work.audited("channel.delete", on: access.resource("Channel")) { transaction in
            let (room, part) = try await access.lockedChannel(in: transaction)
            let id = room.id
            // Who is in an open channel hears of it as one of the group.
            let insiders = part.isPrivate ? try await transaction.roomMemberIDs(of: id) : []
            let ended = try await delete([id], in: transaction)
            work.tell(
                ended + [.channelDeleted(id, of: part.groupID, isPrivate: part.isPrivate, by: work.user)]
                    + insiders.map { .membership(of: $0, room: id, by: work.user) },
                in: transaction
            )
            return id
        }
    }

    package func deleteGroup(_ access: GroupAccess) async throws -> Result<UUID, ChatFaults> {
        let work = work
        return try await work.audited("group.delete", on: access.resource("Group")) { transaction in
            let id = try await access.lockedGroup(in: transaction).id
            let members = try await transaction.groupMemberIDs(of: id)
            let ended = try await delete(try await transaction.channelIDs(of: id), in: transaction)
            try await transaction.deleteGroup(id)
            work.tell(
                ended + [.group("GroupDeleted", id, by: work.user)]
                    + members.map { .membership(of: $0, group: id, by: work.user) },
                in: transaction
            )
            return id
        }
    }

    /// What is to be told in the rooms, and to those who speak there just now.
    private func delete(_ rooms: [UUID], in transaction: Transaction) async throws -> [NewEvent] {
        guard !rooms.isEmpty else { return [] }
        try await transaction.lockRooms(rooms)
        let calls = try await work.services.endCalls(in: rooms, by: work.user, transaction)
        try await transaction.deleteChannels(rooms, at: work.now)
        try await transaction.enqueue([RoomSweep.task(work.services.identity)], waking: work.services.database.worker)
        return rooms.map { NewEvent.roomDeleted($0, by: work.user) } + calls
    }
}

extension NewEvent {
    static func roomDeleted(_ room: UUID, by actor: UUID) -> NewEvent {
        NewEvent(topic: roomTopic(room), kind: "RoomDeleted", payload: JSONText("{}"), actor: actor)
    }

    /// Of a private channel its insiders hear by themselves, and those who see all channels of the group.
    static func channelDeleted(_ room: UUID, of group: UUID, isPrivate: Bool, by actor: UUID) -> NewEvent {
        let payload = JSONText(#"{"room":"\#(room)","private":\#(isPrivate)}"#)
        return NewEvent(topic: groupTopic(group), kind: "ChannelDeleted", payload: payload, actor: actor)
    }
}
