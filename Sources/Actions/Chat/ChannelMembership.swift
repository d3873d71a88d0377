package import Data
package import PostgresClient

/// Changes who is in a private channel.
package struct ChannelMembership {
    private let work: ChatWork

    package init(_ services: ChatServices, _ principal: Principal, from client: ClientInfo) {
        work = ChatWork(services: services, principal: principal, client: client)
    }

    package func add(_ access: GroupAccess, _ users: [UUID]) async throws -> Result<RoomRow, ChatFaults> {
        let work = work
        return try await work.audited("channel.members_add", on: access.resource("Channel")) { transaction in
            let (room, part) = try await access.lockedChannel(in: transaction)
            let members = try await transaction.groupMembers(among: users, of: part.groupID)
            guard members.count == Set(users).count else {
                throw ChatFaults(.notAMember, ["userIds"], "Only those who belong to the group can be in its channels.")
            }
            let added = try await transaction.addRoomMembers(members, to: room.id)
            let events = added.flatMap { user in
                [
                    NewEvent.member("RoomMemberJoined", user, of: room.id, by: work.user),
                    .membership(of: user, room: room.id, by: work.user),
                ]
            }
            work.tell(events, in: transaction)
            return room
        }
    }

    package func remove(_ access: GroupAccess, _ user: UUID) async throws -> Result<RoomRow, ChatFaults> {
        let work = work
        return try await work.audited("channel.member_remove", on: access.resource("Channel")) { transaction in
            let (room, _) = try await access.lockedChannel(in: transaction)
            guard try await transaction.removeRoomMember(user, from: room.id) else {
                throw ChatFaults(.notAMember, ["userId"], "This person is not in the channel.")
            }
            let calls = try await work.leaveCalls(of: user, in: [room.id], transaction)
            work.tell(
                [
                    .member("RoomMemberLeft", user, of: room.id, by: work.user),
                    .membership(of: user, room: room.id, by: work.user),
                ] + calls,
                in: transaction
            )
            return room
        }
    }
}
