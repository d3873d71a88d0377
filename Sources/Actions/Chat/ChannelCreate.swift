package import Data
package import PostgresClient

/// Makes a channel of a group.
package struct ChannelCreate {
    package struct Input: Sendable {
        package let name: String
        package let kind: String
        package let topic: String
        package let isPrivate: Bool
        /// Who is in it from the start, where it is private.
        package let members: [UUID]

        package init(name: String, kind: String, topic: String, isPrivate: Bool, members: [UUID]) {
            self.name = name
            self.kind = kind
            self.topic = topic
            self.isPrivate = isPrivate
            self.members = members
        }
    }

    private let work: ChatWork

    package init(_ services: ChatServices, _ principal: Principal, from client: ClientInfo) {
        work = ChatWork(services: services, principal: principal, client: client)
    }

    package func run(_ access: GroupAccess, _ input: Input) async throws -> Result<RoomRow, ChatFaults> {
        let work = work
        var faults: [ChatFault] = []
        if !ChatText.isChannelName(input.name) {
            let message = "Give it from 1 to 60 small letters, digits and single dashes between them."
            faults.append(.invalid("name", message))
        }
        let topic = ChatText.line(input.topic, 0...500, ["input", "topic"], &faults)
        if let faults = ChatFaults(faults) { return .failure(faults) }
        let id = work.newID()
        let resource = NewAuditEntry.Resource(type: "Channel", id: GlobalID.text("room", id))
        return try await work.audited("channel.create", on: nil, made: { _ in resource }) { transaction in
            let group = try await access.lockedGroup(in: transaction)
            let limit = work.services.options.channelsPerGroup
            let used = try await transaction.channelIDs(of: group.id).count
            guard used < limit else { throw ChatFaults(.quota("channels", ["input"], limit: limit, used: used)) }
            let channel = NewChannel(
                id: id,
                groupID: group.id,
                name: input.name,
                kind: input.kind,
                topic: topic,
                isPrivate: input.isPrivate,
                createdBy: work.user
            )
            guard try await transaction.insert(channel) else {
                throw ChatFaults(.nameTaken, ["input", "name"], "Another channel of the group has this name.")
            }
            if input.isPrivate {
                let members = try await transaction.groupMembers(among: input.members + [work.user], of: group.id)
                guard members.count == Set(input.members + [work.user]).count else {
                    let message = "Only those who belong to the group can be in it."
                    throw ChatFaults(.notAMember, ["input", "memberIds"], message)
                }
                _ = try await transaction.addRoomMembers(members, to: channel.id)
            }
            guard let row = try await transaction.rooms([channel.id], visibleTo: work.user).first else {
                throw PostgresError.rowCount(0)
            }
            let others = input.isPrivate ? Set(input.members).subtracting([work.user]).sorted() : []
            work.tell(
                [.group("ChannelChanged", group.id, "room", channel.id, by: work.user)]
                    + others.map { .membership(of: $0, room: channel.id, by: work.user) },
                in: transaction
            )
            return row
        }
    }
}
