import Actions
import Data
import GraphQLEngine
import PostgresClient

/// The model of RoomMember.
struct RoomMemberItem: Sendable {
    let row: RoomPersonRow
    let viewer: UUID

    var joinedAt: DateTime { DateTime(row.joinedAt) }

    static func user(of parents: Batch<RoomMemberItem>, in context: RequestContext) async throws -> Results<User?> {
        guard let viewer = parents.first?.viewer else { return Results(reserving: 0) }
        let users = try await ChatUsers.load(parents.map(\.row.userID), seenBy: viewer, in: context)
        return parents.results { users[$0.row.userID] }
    }

    /// In large rooms nobody is told how far others have read.
    static func lastReadSeq(
        of parents: Batch<RoomMemberItem>,
        in context: RequestContext
    ) async throws -> Results<Int32?> {
        let rooms = Set(parents.map(\.row.roomID)).sorted()
        let limit = context.chatOptions.readersTold
        let small = try await context.databaseInUse().session.rooms(rooms, ofAtMost: limit)
        return parents.results { parent in
            small.contains(parent.row.roomID) || parent.row.userID == parent.viewer
                ? Int32(clamping: parent.row.lastReadSeq) : nil
        }
    }
}

extension RoomItem {
    /// In the order of the schema. Guests do no more than write.
    var viewerPermissions: [Permission] {
        GroupPermission.allCases.filter(allows).compactMap { Permission(rawValue: $0.rawValue) }
    }

    private func allows(_ permission: GroupPermission) -> Bool {
        let isGuest = row.conversation?.isSeenByGuest ?? false
        return row.allows(permission) && (!isGuest || permission == .roomPost)
    }

    static func viewerCan(
        of parents: Batch<Self>,
        _ arguments: ChannelViewerCanArguments,
        in context: RequestContext
    ) async throws -> Results<Bool> {
        let permission = GroupPermission(rawValue: arguments.permission.rawValue)
        return parents.results { room in permission.map(room.allows) ?? false }
    }

    /// The newest messages of all rooms by one statement: numbers have no gaps.
    static func lastMessage(
        of parents: Batch<Self>,
        in context: RequestContext
    ) async throws -> Results<MessageItem?> {
        let places = parents.map { RoomPlace(room: $0.row.id, seq: $0.row.lastSeq) }
        let messages = try await context.databaseInUse().session.messages(at: places.filter { $0.seq > 0 })
        return parents.results { parent in
            messages[RoomPlace(room: parent.row.id, seq: parent.row.lastSeq)]
                .map { MessageItem(row: $0, viewer: parent.viewer) }
        }
    }

    /// The people of all rooms by one statement: the rows of the rooms show that they may be seen.
    static func members(
        of parents: Batch<Self>,
        _ arguments: ChannelMembersArguments,
        in context: RequestContext
    ) async throws -> Results<Connection<RoomMemberItem>> {
        let request = try context.page(
            arguments.first,
            after: arguments.after,
            last: arguments.last,
            before: arguments.before
        )
        let pages = try await context.databaseInUse().session.people(of: parents.map(\.row.id), request)
        return Results(
            Connection.all(
                zip(parents, pages).map { parent, page in page.map { RoomMemberItem(row: $0, viewer: parent.viewer) } }
            )
        )
    }
}

extension MessageItem {
    /// Nobody in large rooms, where it is not told how far people have read.
    static func readBy(
        of parents: Batch<MessageItem>,
        _ arguments: MessageReadByArguments,
        in context: RequestContext
    ) async throws -> Results<Connection<RoomMemberItem>> {
        guard let viewer = parents.first?.viewer else { return Results(reserving: 0) }
        let request = try context.page(arguments.first, after: arguments.after)
        let session = try context.databaseInUse().session
        let rooms = Set(parents.map(\.row.roomID)).sorted()
        let small = try await session.rooms(rooms, ofAtMost: context.chatOptions.readersTold)
        let told = parents.filter { small.contains($0.row.roomID) }.map(\.row.id)
        let pages = try await session.readers(of: told, request)
        let byMessage = Dictionary(zip(told, pages)) { first, _ in first }
        return Results(
            Connection.all(
                parents.map { parent in
                    (byMessage[parent.row.id] ?? .empty).map { RoomMemberItem(row: $0, viewer: viewer) }
                }
            )
        )
    }
}

extension Viewer {
    static func unreadTotals(
        of parents: Batch<Viewer>,
        in context: RequestContext
    ) async throws -> Results<UnreadTotals> {
        let session = try context.databaseInUse().session
        return await parents.oneByOne { parent in
            guard let viewer = parent.user.id.uuid else { throw AccessRefusal.unauthenticated }
            let row = try await session.unreadTotals(of: viewer)
            return UnreadTotals(
                messages: Int32(clamping: row.messages),
                mentions: Int32(clamping: row.mentions),
                threads: Int32(clamping: row.threads)
            )
        }
    }
}
