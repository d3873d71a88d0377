import Actions
import Data
import GraphQLEngine
import PostgresClient

/// The model of Group.
struct GroupItem: Sendable {
    let row: GroupRow
    let viewer: UUID

    var id: GroupID { GroupID(row.id) }
    var name: String { row.name }
    var slug: String { row.slug }
    var description: String { row.description }
    var visibility: GroupVisibility { GroupVisibility(rawValue: row.visibility) ?? .inviteOnly }
    var viewerRole: GroupRole? { row.role.flatMap(GroupRole.init(rawValue:)) }
    /// Told by the row: it costs nothing.
    var viewerMembership: GroupMemberItem? {
        guard let role = row.role, let joinedAt = row.joinedAt else { return nil }
        return GroupMemberItem(viewer, role, joinedAt, viewer: viewer)
    }
    /// In the order of the schema.
    var viewerPermissions: [Permission] {
        GroupPermission.allCases.filter(row.allows).compactMap { Permission(rawValue: $0.rawValue) }
    }
    var createdAt: DateTime { DateTime(row.createdAt) }
    var updatedAt: DateTime { DateTime(row.updatedAt) }
    var version: Int32 { row.version }

    static func viewerCan(
        of parents: Batch<GroupItem>,
        _ arguments: GroupViewerCanArguments,
        in context: RequestContext
    ) async throws -> Results<Bool> {
        let permission = GroupPermission(rawValue: arguments.permission.rawValue)
        return parents.results { group in permission.map(group.row.allows) ?? false }
    }

    static func memberCount(of parents: Batch<GroupItem>, in context: RequestContext) async throws -> Results<Int32> {
        let session = try context.databaseInUse().session
        return Results(try await session.groupMemberCounts(of: parents.map(\.row.id)).map { Int32(clamping: $0) })
    }

    static func members(
        of parents: Batch<GroupItem>,
        _ arguments: GroupMembersArguments,
        in context: RequestContext
    ) async throws -> Results<Connection<GroupMemberItem>> {
        guard let viewer = parents.first?.viewer else { return Results(reserving: 0) }
        let request = try context.page(
            arguments.first,
            after: arguments.after,
            last: arguments.last,
            before: arguments.before
        )
        let session = try context.databaseInUse().session
        let pages = try await session.groupMembers(of: parents.map(\.row.id), visibleTo: viewer, request)
        return Results(Connection.all(pages.map { $0.map { GroupMemberItem(row: $0, viewer: viewer) } }))
    }

    static func channels(
        of parents: Batch<GroupItem>,
        _ arguments: GroupChannelsArguments,
        in context: RequestContext
    ) async throws -> Results<Connection<ChannelItem>> {
        guard let viewer = parents.first?.viewer else { return Results(reserving: 0) }
        let request = try context.page(
            arguments.first,
            after: arguments.after,
            last: arguments.last,
            before: arguments.before
        )
        let session = try context.databaseInUse().session
        let groups = parents.map(\.row.id)
        let pages = try await session.channels(of: groups, visibleTo: viewer, request).map { page in
            try page.map { row in
                guard let channel = ChannelItem(row, viewer) else { throw AccessRefusal.unavailable }
                return channel
            }
        }
        return Results(
            Connection.all(pages) { try await session.channelCounts(of: groups, visibleTo: viewer) }
        )
    }
}

/// The model of GroupMember.
struct GroupMemberItem: Sendable {
    let userID: UUID
    let role: GroupRole
    let joinedAt: DateTime
    let viewer: UUID

    init(row: GroupMemberRow, viewer: UUID) {
        self.init(row.userID, row.role, row.joinedAt, viewer: viewer)
    }

    fileprivate init(_ user: UUID, _ role: String, _ joinedAt: Timestamp, viewer: UUID) {
        userID = user
        self.role = GroupRole(rawValue: role) ?? .member
        self.joinedAt = DateTime(joinedAt)
        self.viewer = viewer
    }

    static func user(of parents: Batch<GroupMemberItem>, in context: RequestContext) async throws -> Results<User?> {
        guard let viewer = parents.first?.viewer else { return Results(reserving: 0) }
        let users = try await ChatUsers.load(parents.map(\.userID), seenBy: viewer, in: context)
        return parents.results { users[$0.userID] }
    }
}
