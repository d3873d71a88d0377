import Actions
import Data
import GraphQLEngine
import PostgresClient

extension Mutation {
    static func groupUpdate(
        _ arguments: MutationGroupUpdateArguments,
        in context: RequestContext
    ) async throws -> GroupUpdatePayload? {
        let (services, principal, client) = try await context.chat()
        let input = arguments.input
        let access = try context.groupAccess()
        let change = GroupChange(
            name: input.name.value,
            description: input.description.value,
            visibility: input.visibility.value?.rawValue,
            avatarFileID: input.avatarFileId.avatar
        )
        let update = GroupUpdate(services, principal, from: client)
        return try await update.run(access, change, version: input.version.value).payload { row, errors in
            GroupUpdatePayload(
                group: row.map { GroupItem(row: $0, viewer: principal.user.id) },
                userErrors: errors
            )
        }
    }

    static func groupJoinRequestDecide(
        _ arguments: MutationGroupJoinRequestDecideArguments,
        in context: RequestContext
    ) async throws -> GroupJoinRequestDecidePayload? {
        let (services, principal, client) = try await context.chat()
        let access = try context.groupAccess()
        let decide = JoinRequestDecide(services, principal, from: client)
        return try await decide.run(access, approve: arguments.approve).payload { decided, errors in
            GroupJoinRequestDecidePayload(
                joinRequest: decided.map { JoinRequestItem($0.request, principal) },
                member: decided?.member?.item(principal),
                userErrors: errors
            )
        }
    }

    static func groupBan(
        _ arguments: MutationGroupBanArguments,
        in context: RequestContext
    ) async throws -> GroupBanPayload? {
        let (services, principal, client) = try await context.chat()
        let access = try context.groupAccess()
        guard let user = arguments.userId.uuid else {
            return GroupBanPayload(ban: nil, userErrors: [.notFound(["userId"])])
        }
        let moderation = GroupModeration(services, principal, from: client)
        let until = arguments.expiresAt.value?.timestamp
        let result = try await moderation.ban(access, user, reason: arguments.reason, until: until)
        return result.payload { row, errors in
            GroupBanPayload(ban: row.map { BanItem(row: $0, viewer: principal.user.id) }, userErrors: errors)
        }
    }

    static func groupUnban(
        _ arguments: MutationGroupUnbanArguments,
        in context: RequestContext
    ) async throws -> GroupUnbanPayload? {
        let (services, principal, client) = try await context.chat()
        let access = try context.groupAccess()
        guard let user = arguments.userId.uuid else {
            return GroupUnbanPayload(group: nil, userErrors: [.notFound(["userId"])])
        }
        let moderation = GroupModeration(services, principal, from: client)
        return try await moderation.unban(access, user).payload { row, errors in
            GroupUnbanPayload(group: row.map { GroupItem(row: $0, viewer: principal.user.id) }, userErrors: errors)
        }
    }

    static func roomMemberTimeout(
        _ arguments: MutationRoomMemberTimeoutArguments,
        in context: RequestContext
    ) async throws -> RoomMemberTimeoutPayload? {
        let (services, principal, client) = try await context.chat()
        let access = try context.groupAccess()
        guard let user = arguments.userId.uuid else {
            return RoomMemberTimeoutPayload(room: nil, userErrors: [.notFound(["userId"])])
        }
        let moderation = GroupModeration(services, principal, from: client)
        let until = arguments.until.value?.timestamp
        let result = try await moderation.timeOut(access, user, until: until, reason: arguments.reason)
        return result.payload { row, errors in
            RoomMemberTimeoutPayload(room: row.flatMap { Room($0, principal.user.id) }, userErrors: errors)
        }
    }

    static func channelUpdate(
        _ arguments: MutationChannelUpdateArguments,
        in context: RequestContext
    ) async throws -> ChannelUpdatePayload? {
        let (services, principal, client) = try await context.chat()
        let input = arguments.input
        let members = input.memberIds.compactMap(\.uuid)
        let access = try context.groupAccess()
        guard members.count == input.memberIds.count else {
            return ChannelUpdatePayload(channel: nil, userErrors: [.notFound(["input", "memberIds"])])
        }
        let change = ChannelChange(
            name: input.name.value,
            topic: input.topic.value,
            isPrivate: input.isPrivate.value,
            slowModeSeconds: input.slowModeSeconds.value,
            position: input.position.value
        )
        let update = ChannelUpdate(services, principal, from: client)
        let wanted = ChannelUpdate.Input(change: change, members: members, version: input.version.value)
        return try await update.run(access, wanted).payload { row, errors in
            ChannelUpdatePayload(channel: row.flatMap { ChannelItem($0, principal.user.id) }, userErrors: errors)
        }
    }

    static func channelArchive(
        _ arguments: MutationChannelArchiveArguments,
        in context: RequestContext
    ) async throws -> ChannelArchivePayload? {
        let (services, principal, client) = try await context.chat()
        let access = try context.groupAccess()
        let update = ChannelUpdate(services, principal, from: client)
        return try await update.archive(access, arguments.archived).payload { row, errors in
            ChannelArchivePayload(channel: row.flatMap { ChannelItem($0, principal.user.id) }, userErrors: errors)
        }
    }
}
