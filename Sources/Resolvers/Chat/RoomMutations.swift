import Actions
import Data
import GraphQLEngine
import PostgresClient

extension Mutation {
    static func channelCreate(
        _ arguments: MutationChannelCreateArguments,
        in context: RequestContext
    ) async throws -> ChannelCreatePayload? {
        let (services, principal, client) = try await context.chat()
        let input = arguments.input
        let access = try context.groupAccess()
        let members = input.memberIds.compactMap(\.uuid)
        guard members.count == input.memberIds.count else {
            return ChannelCreatePayload(channel: nil, userErrors: [.notFound(["input", "memberIds"])])
        }
        let channel = ChannelCreate.Input(
            name: input.name,
            kind: input.kind.rawValue,
            topic: input.topic,
            isPrivate: input.isPrivate,
            members: members
        )
        return try await context.once(principal, client) { row, errors in
            ChannelCreatePayload(channel: row.flatMap { ChannelItem($0, principal.user.id) }, userErrors: errors)
        } again: { node in
            if case .channel(let channel) = node { channel.row } else { nil }
        } do: { client in
            try await ChannelCreate(services, principal, from: client).run(access, channel)
        }
    }

    static func channelDelete(
        _ arguments: MutationChannelDeleteArguments,
        in context: RequestContext
    ) async throws -> ChannelDeletePayload? {
        let (services, principal, client) = try await context.chat()
        let deletion = RoomDeletion(services, principal, from: client)
        return try await deletion.deleteChannel(context.groupAccess()).payload { id, errors in
            ChannelDeletePayload(deletedChannelId: id.map(ChannelID.init), userErrors: errors)
        }
    }

    static func channelMembersAdd(
        _ arguments: MutationChannelMembersAddArguments,
        in context: RequestContext
    ) async throws -> ChannelMembersAddPayload? {
        let (services, principal, client) = try await context.chat()
        let users = arguments.userIds.compactMap(\.uuid)
        let access = try context.groupAccess()
        guard users.count == arguments.userIds.count else {
            return ChannelMembersAddPayload(channel: nil, userErrors: [.notFound(["userIds"])])
        }
        let result = try await ChannelMembership(services, principal, from: client).add(access, users)
        return result.payload { row, errors in
            ChannelMembersAddPayload(channel: row.flatMap { ChannelItem($0, principal.user.id) }, userErrors: errors)
        }
    }

    static func channelMemberRemove(
        _ arguments: MutationChannelMemberRemoveArguments,
        in context: RequestContext
    ) async throws -> ChannelMemberRemovePayload? {
        let (services, principal, client) = try await context.chat()
        let access = try context.groupAccess()
        guard let user = arguments.userId.uuid else {
            return ChannelMemberRemovePayload(channel: nil, userErrors: [.notFound(["userId"])])
        }
        let result = try await ChannelMembership(services, principal, from: client).remove(access, user)
        return result.payload { row, errors in
            ChannelMemberRemovePayload(channel: row.flatMap { ChannelItem($0, principal.user.id) }, userErrors: errors)
        }
    }

    static func directRoomOpen(
        _ arguments: MutationDirectRoomOpenArguments,
        in context: RequestContext
    ) async throws -> DirectRoomOpenPayload? {
        let (services, principal, client) = try await context.chat()
        let users = arguments.userIds.compactMap(\.uuid)
        guard users.count == arguments.userIds.count else {
            return DirectRoomOpenPayload(room: nil, created: nil, userErrors: [.notFound(["userIds"])])
        }
        return try await DirectRoomOpen(services, principal, from: client).run(with: users).payload { opened, errors in
            DirectRoomOpenPayload(
                room: opened.map { DirectRoomItem(row: $0.room, viewer: principal.user.id) },
                created: opened?.isNew,
                userErrors: errors
            )
        }
    }

    static func roomPreferencesUpdate(
        _ arguments: MutationRoomPreferencesUpdateArguments,
        in context: RequestContext
    ) async throws -> RoomPreferencesUpdatePayload? {
        let (services, principal, client) = try await context.chat()
        let input = arguments.input
        guard let room = input.roomId.room else {
            return RoomPreferencesUpdatePayload(room: nil, userErrors: [.notFound(["input", "roomId"])])
        }
        let mutedUntil: Timestamp?? =
            switch input.mutedUntil {
            case .absent: nil
            case .null: .some(nil)
            case .value(let time): .some(time.timestamp)
            }
        let change = RoomPreferenceChange(
            level: input.notificationLevel.value?.rawValue,
            mutedUntil: mutedUntil,
            isFavourite: input.isFavourite.value
        )
        let update = RoomPreferencesUpdate(services, principal, from: client)
        return try await update.run(room, change).payload { row, errors in
            RoomPreferencesUpdatePayload(room: row.flatMap { Room($0, principal.user.id) }, userErrors: errors)
        }
    }

    static func roomMarkUnread(
        _ arguments: MutationRoomMarkUnreadArguments,
        in context: RequestContext
    ) async throws -> RoomMarkUnreadPayload? {
        let (services, principal, client) = try await context.chat()
        guard let room = arguments.roomId.room else {
            return RoomMarkUnreadPayload(room: nil, userErrors: [.notFound(["roomId"])])
        }
        let read = RoomRead(services, .user(principal), from: client)
        return try await read.markUnread(room, from: Int(arguments.fromSeq)).payload { row, errors in
            RoomMarkUnreadPayload(room: row.flatMap { Room($0, principal.user.id) }, userErrors: errors)
        }
    }

    static func roomMarkRead(
        _ arguments: MutationRoomMarkReadArguments,
        in context: RequestContext
    ) async throws -> RoomMarkReadPayload? {
        let (services, visitor, client) = try await context.visit()
        guard let room = arguments.input.roomId.room else {
            return RoomMarkReadPayload(room: nil, userErrors: [.notFound(["input", "roomId"])])
        }
        let read = RoomRead(services, visitor, from: client)
        return try await read.run(room, upTo: Int(arguments.input.uptoSeq)).payload { row, errors in
            RoomMarkReadPayload(room: row.flatMap { Room($0, visitor.id) }, userErrors: errors)
        }
    }
}
