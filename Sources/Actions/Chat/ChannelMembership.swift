package import Data
package import PostgresClient

/// Changes who is in a private channel.
package struct ChannelMembership {
    private let work: ChatWork

    package init(_ services: ChatServices, _ principal: Principal, from client: ClientInfo) {
        work = ChatWork(services: services, principal: principal, client: client)
    }

    package func add(_ users: [UUID], to channel: UUID) async throws -> Result<RoomRow, ChatFaults> {
        let work = work
        return try await audited("channel.members_add", channel) { transaction in
            let (room, part) = try await work.managedChannel(channel, ["channelId"], in: transaction)
            let members = try await transaction.groupMembers(among: users, of: part.groupID)
            guard members.count == Set(users).count else {
                throw ChatFaults(.notAMember, ["userIds"], "Only those who belong to the group can be in its channels.")
            }
            let added = try await transaction.addRoomMembers(members, to: channel)
            let events = added.flatMap { user in
                [
                    NewEvent.member("RoomMemberJoined", user, of: channel, by: work.user),
                    .membership(of: user, room: channel, by: work.user),
                ]
            }
            work.tell(events, in: transaction)
            return room
        }
    }

    package func remove(_ user: UUID, from channel: UUID) async throws -> Result<RoomRow, ChatFaults> {
        let work = work
        return try await audited("channel.member_remove", channel) { transaction in
            let (room, _) = try await work.managedChannel(channel, ["channelId"], in: transaction)
            guard try await transaction.removeRoomMember(user, from: channel) else {
                throw ChatFaults(.notAMember, ["userId"], "This person is not in the channel.")
            }
            let calls = try await work.leaveCalls(of: user, in: [channel], transaction)
            work.tell(
                [
                    .member("RoomMemberLeft", user, of: channel, by: work.user),
                    .membership(of: user, room: channel, by: work.user),
                ] + calls,
                in: transaction
            )
            return room
        }
    }

    private func audited<Value: Sendable>(
        _ action: String,
        _ channel: UUID,
        _ body: @escaping (Transaction) async throws -> Value
    ) async throws -> Result<Value, ChatFaults> {
        let resource = NewAuditEntry.Resource(type: "Channel", id: GlobalID.text("room", channel))
        return try await work.audited(action, on: resource, body)
    }
}
