package import Data
package import PostgresClient

/// Changes a channel, and closes it to new messages.
package struct ChannelUpdate {
    package struct Input: Sendable {
        package let change: ChannelChange
        /// Who is in it beside whoever asks, where it becomes private.
        package let members: [UUID]
        /// What it was when whoever asks saw it.
        package let version: Int32?

        package init(change: ChannelChange, members: [UUID], version: Int32?) {
            self.change = change
            self.members = members
            self.version = version
        }
    }

    private let work: ChatWork

    package init(_ services: ChatServices, _ principal: Principal, from client: ClientInfo) {
        work = ChatWork(services: services, principal: principal, client: client)
    }

    package func run(_ access: GroupAccess, _ input: Input) async throws -> Result<RoomRow, ChatFaults> {
        var faults: [ChatFault] = []
        if let name = input.change.name, !ChatText.isChannelName(name) {
            let message = "Give it from 1 to 60 small letters, digits and single dashes between them."
            faults.append(.invalid("name", message))
        }
        let topic = input.change.topic.map { ChatText.line($0, 0...500, ["input", "topic"], &faults) }
        if let faults = ChatFaults(faults) { return .failure(faults) }
        let change = ChannelChange(
            name: input.change.name,
            topic: topic,
            isPrivate: input.change.isPrivate,
            slowModeSeconds: input.change.slowModeSeconds,
            position: input.change.position
        )
        return try await work.audited("channel.update", on: access.resource("Channel")) { transaction in
            let (room, part) = try await access.lockedChannel(in: transaction)
            if let version = input.version, version != part.version {
                let message = "Somebody else has changed it meanwhile."
                throw ChatFaults(.staleVersion, ["input", "version"], message, .version(part.version))
            }
            if let name = change.name,
                try await transaction.isChannelName(name, takenIn: part.groupID, beside: room.id)
            {
                throw ChatFaults(.nameTaken, ["input", "name"], "Another channel of the group has this name.")
            }
            var events: [NewEvent] = []
            try await transaction.change(room.id, change)
            if change.isPrivate == true, !part.isPrivate {
                events = try await close(room.id, of: part.groupID, to: input.members, transaction)
            }
            return try await told(room.id, beside: events, transaction)
        }
    }

    /// Takes it out of the lists and closes it to new messages, or opens it again.
    package func archive(_ access: GroupAccess, _ isArchived: Bool) async throws -> Result<RoomRow, ChatFaults> {
        let work = work
        return try await work.audited("channel.archive", on: access.resource("Channel")) { transaction in
            let (room, _) = try await access.lockedChannel(in: transaction)
            // Whoever writes holds the room: nothing is written behind this.
            _ = try await transaction.lockRoom(room.id)
            if (room.archivedAt != nil) == isArchived { return room }
            try await transaction.setArchived(room.id, at: isArchived ? work.now : nil)
            return try await told(room.id, transaction)
        }
    }

    /// Who had only read there is in it no more: what was noted of them would make them members. Answers what is to be told
    /// of the call in it.
    private func close(
        _ room: UUID,
        of group: UUID,
        to others: [UUID],
        _ transaction: Transaction
    ) async throws -> [NewEvent] {
        let wanted = Set(others + [work.user])
        let members = try await transaction.groupMembers(among: wanted.sorted(), of: group)
        guard members.count == wanted.count else {
            throw ChatFaults(.notAMember, ["input", "memberIds"], "Only those who belong to the group can be in it.")
        }
        // Nobody who is no longer in it is called from here on.
        _ = try await transaction.lockRoom(room)
        try await transaction.keepRoomMembers(members, in: room)
        _ = try await transaction.addRoomMembers(members, to: room)
        return try await work.leaveCalls(in: [room], transaction)
    }

    private func told(
        _ room: UUID,
        beside events: [NewEvent] = [],
        _ transaction: Transaction
    ) async throws -> RoomRow {
        guard let row = try await transaction.rooms([room], visibleTo: work.user).first else {
            throw PostgresError.rowCount(0)
        }
        let group = row.channel.map { NewEvent.group("ChannelChanged", $0.groupID, "room", room, by: work.user) }
        work.tell([.roomUpdated(room, by: work.user)] + (group.map { [$0] } ?? []) + events, in: transaction)
        return row
    }
}
