import Actions
import Data
import GraphQLEngine
import PostgresClient

extension Mutation {
    static func groupCreate(
        _ arguments: MutationGroupCreateArguments,
        in context: RequestContext
    ) async throws -> GroupCreatePayload? {
        let (services, principal, client) = try await context.chat()
        let input = arguments.input
        return try await context.once(principal, client) { row, errors in
            GroupCreatePayload(group: row.map { GroupItem(row: $0, viewer: principal.user.id) }, userErrors: errors)
        } again: { node in
            if case .group(let group) = node { group.row } else { nil }
        } do: { client in
            try await GroupCreate(services, principal, from: client).run(
                name: input.name,
                description: input.description,
                visibility: input.visibility.rawValue
            )
        }
    }

    static func groupJoin(
        _ arguments: MutationGroupJoinArguments,
        in context: RequestContext
    ) async throws -> GroupJoinPayload? {
        let (services, principal, client) = try await context.chat()
        guard let group = arguments.groupId.uuid else {
            return GroupJoinPayload(member: nil, joinRequest: nil, userErrors: [.notFound(["groupId"])])
        }
        let membership = GroupMembership(services, principal, from: client)
        return try await membership.join(group, message: arguments.message.value).payload { joining, errors in
            switch joining {
            case .member(let row):
                GroupJoinPayload(member: row.item(principal), joinRequest: nil, userErrors: errors)
            case .request(let row):
                GroupJoinPayload(member: nil, joinRequest: JoinRequestItem(row, principal), userErrors: errors)
            case nil: GroupJoinPayload(member: nil, joinRequest: nil, userErrors: errors)
            }
        }
    }

    static func groupDelete(
        _ arguments: MutationGroupDeleteArguments,
        in context: RequestContext
    ) async throws -> GroupDeletePayload? {
        let (services, principal, client) = try await context.chat()
        let deletion = RoomDeletion(services, principal, from: client)
        return try await deletion.deleteGroup(context.groupAccess()).payload { id, errors in
            GroupDeletePayload(deletedGroupId: id.map(GroupID.init), userErrors: errors)
        }
    }

    static func groupLeave(
        _ arguments: MutationGroupLeaveArguments,
        in context: RequestContext
    ) async throws -> GroupLeavePayload? {
        let (services, principal, client) = try await context.chat()
        guard let group = arguments.groupId.uuid else {
            return GroupLeavePayload(leftGroupId: nil, userErrors: [.notFound(["groupId"])])
        }
        return try await GroupMembership(services, principal, from: client).leave(group).payload { id, errors in
            GroupLeavePayload(leftGroupId: id.map(GroupID.init), userErrors: errors)
        }
    }

    static func groupMembersAdd(
        _ arguments: MutationGroupMembersAddArguments,
        in context: RequestContext
    ) async throws -> GroupMembersAddPayload? {
        let (services, principal, client) = try await context.chat()
        let access = try context.groupAccess()
        let users = arguments.userIds.compactMap(\.uuid)
        guard users.count == arguments.userIds.count else {
            return GroupMembersAddPayload(members: nil, userErrors: [.notFound(["userIds"])])
        }
        let result = try await GroupMembership(services, principal, from: client).add(access, users)
        return result.payload { rows, errors in
            GroupMembersAddPayload(members: rows?.map { $0.item(principal) }, userErrors: errors)
        }
    }

    static func groupMemberRemove(
        _ arguments: MutationGroupMemberRemoveArguments,
        in context: RequestContext
    ) async throws -> GroupMemberRemovePayload? {
        let (services, principal, client) = try await context.chat()
        let access = try context.groupAccess()
        guard let user = arguments.userId.uuid else {
            return GroupMemberRemovePayload(group: nil, userErrors: [.notFound(["userId"])])
        }
        let result = try await GroupMembership(services, principal, from: client).remove(access, user)
        return result.payload { row, errors in
            GroupMemberRemovePayload(
                group: row.map { GroupItem(row: $0, viewer: principal.user.id) },
                userErrors: errors
            )
        }
    }

    static func groupMemberRoleUpdate(
        _ arguments: MutationGroupMemberRoleUpdateArguments,
        in context: RequestContext
    ) async throws -> GroupMemberRoleUpdatePayload? {
        let (services, principal, client) = try await context.chat()
        let access = try context.groupAccess()
        guard let user = arguments.userId.uuid else {
            return GroupMemberRoleUpdatePayload(member: nil, userErrors: [.notFound(["userId"])])
        }
        let membership = GroupMembership(services, principal, from: client)
        let result = try await membership.setRole(access, arguments.role.rawValue, of: user)
        return result.payload { row, errors in
            GroupMemberRoleUpdatePayload(member: row.map { $0.item(principal) }, userErrors: errors)
        }
    }
}

extension GroupMemberRow {
    func item(_ viewer: Principal) -> GroupMemberItem { GroupMemberItem(row: self, viewer: viewer.user.id) }
}
