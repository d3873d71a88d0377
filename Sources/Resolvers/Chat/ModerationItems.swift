import Actions
import Data
import GraphQLEngine
import PostgresClient

/// The model of GroupJoinRequest.
struct JoinRequestItem: Sendable {
    let row: JoinRequestRow
    let viewer: UUID

    init(_ row: JoinRequestRow, _ viewer: UUID) {
        self.row = row
        self.viewer = viewer
    }

    init(_ row: JoinRequestRow, _ viewer: Principal) { self.init(row, viewer.user.id) }

    var id: GroupJoinRequestID { GroupJoinRequestID(row.id) }
    var status: JoinRequestStatus { JoinRequestStatus(rawValue: row.status) ?? .pending }
    var message: String? { row.message }
    var createdAt: DateTime { DateTime(row.createdAt) }
    var decidedAt: DateTime? { row.decidedAt.map(DateTime.init) }

    static func user(of parents: Batch<JoinRequestItem>, in context: RequestContext) async throws -> Results<User?> {
        guard let viewer = parents.first?.viewer else { return Results(reserving: 0) }
        let users = try await ChatUsers.load(parents.map(\.row.userID), seenBy: viewer, in: context)
        return parents.results { users[$0.row.userID] }
    }

    static func decidedBy(
        of parents: Batch<JoinRequestItem>,
        in context: RequestContext
    ) async throws -> Results<User?> {
        guard let viewer = parents.first?.viewer else { return Results(reserving: 0) }
        let users = try await ChatUsers.load(parents.compactMap(\.row.decidedBy), seenBy: viewer, in: context)
        return parents.results { parent in parent.row.decidedBy.flatMap { users[$0] } }
    }

    static func group(
        of parents: Batch<JoinRequestItem>,
        in context: RequestContext
    ) async throws -> Results<GroupItem?> {
        guard let viewer = parents.first?.viewer else { return Results(reserving: 0) }
        let ids = Set(parents.map(\.row.groupID)).sorted()
        let rows = try await context.databaseInUse().session.groups(ids, visibleTo: viewer)
        let groups = Dictionary(rows.map { ($0.id, GroupItem(row: $0, viewer: viewer)) }) { first, _ in first }
        return parents.results { groups[$0.row.groupID] }
    }
}

extension NodeKind {
    static let joinRequest = NodeKind(prefix: "gjr") { ids, context in
        let viewer = try await context.signedIn().user.id
        let rows = try await context.databaseInUse().session.joinRequests(
            ids,
            visibleTo: viewer,
            deciding: GroupPermission.memberManage.roles
        )
        return Dictionary(
            rows.map { ($0.id, .groupJoinRequest(JoinRequestItem($0, viewer))) },
            uniquingKeysWith: { first, _ in first }
        )
    }
}

/// The model of GroupBan.
struct BanItem: Sendable {
    let row: BanRow
    let viewer: UUID

    var reason: String { row.reason }
    var expiresAt: DateTime? { row.expiresAt.map(DateTime.init) }
    var createdAt: DateTime { DateTime(row.createdAt) }

    static func user(of parents: Batch<BanItem>, in context: RequestContext) async throws -> Results<User?> {
        guard let viewer = parents.first?.viewer else { return Results(reserving: 0) }
        let users = try await ChatUsers.load(parents.map(\.row.userID), seenBy: viewer, in: context)
        return parents.results { users[$0.row.userID] }
    }

    static func bannedBy(of parents: Batch<BanItem>, in context: RequestContext) async throws -> Results<User?> {
        guard let viewer = parents.first?.viewer else { return Results(reserving: 0) }
        let users = try await ChatUsers.load(parents.compactMap(\.row.bannedBy), seenBy: viewer, in: context)
        return parents.results { parent in parent.row.bannedBy.flatMap { users[$0] } }
    }
}

extension GroupItem {
    static func joinRequests(
        of parents: Batch<GroupItem>,
        _ arguments: GroupJoinRequestsArguments,
        in context: RequestContext
    ) async throws -> Results<Connection<JoinRequestItem>> {
        guard let viewer = parents.first?.viewer else { return Results(reserving: 0) }
        let request = try context.page(arguments.first, after: arguments.after)
        let pages = try await context.databaseInUse().session.joinRequests(
            of: parents.map(\.row.id),
            status: arguments.status.rawValue,
            visibleTo: viewer,
            deciding: GroupPermission.memberManage.roles,
            request
        )
        return Results(Connection.all(pages.map { $0.map { JoinRequestItem($0, viewer) } }))
    }

    static func bans(
        of parents: Batch<GroupItem>,
        _ arguments: GroupBansArguments,
        in context: RequestContext
    ) async throws -> Results<Connection<BanItem>> {
        guard let viewer = parents.first?.viewer else { return Results(reserving: 0) }
        let request = try context.page(arguments.first, after: arguments.after)
        let session = try context.databaseInUse().session
        let pages = try await session.bans(
            of: parents.map(\.row.id),
            visibleTo: viewer,
            moderating: GroupPermission.moderate.roles,
            request
        )
        return Results(Connection.all(pages.map { $0.map { BanItem(row: $0, viewer: viewer) } }))
    }
}
