import Actions
import Data
import GraphQLEngine
import PostgresClient

/// What the models of all kinds of rooms have: the room as somebody sees it.
protocol RoomItem: Sendable {
    var row: RoomRow { get }
    /// Whoever sees it so. Kept beside the row, as a subscription outlives the access token it began with.
    var viewer: UUID { get }
}

extension RoomItem {
    var kind: RoomKind { RoomKind(rawValue: row.kind) ?? .channel }
    var lastSeq: Int32 { Int32(clamping: row.lastSeq) }
    var archivedAt: DateTime? { row.archivedAt.map(DateTime.init) }
    var createdAt: DateTime { DateTime(row.createdAt) }
    var viewerCanPost: Bool { row.acceptsMessages && row.archivedAt == nil }

    /// Fields of it that are said of rooms share what they load.
    static func viewerState(
        of parents: Batch<Self>,
        in context: RequestContext
    ) async throws -> Results<RoomViewerStateItem> {
        guard let viewer = parents.first?.viewer else { return Results(reserving: 0) }
        let preferences = RoomViewerStateItem.preferences(of: viewer, in: context)
        return parents.results { RoomViewerStateItem(row: $0.row, viewer: viewer, preferences: preferences) }
    }

    /// What is pinned in all rooms by one statement.
    static func pinnedMessages(
        of parents: Batch<Self>,
        in context: RequestContext
    ) async throws -> Results<[MessageItem]> {
        let limit = context.chatOptions.pinsPerRoom
        let rows = try await context.databaseInUse().session.pins(of: parents.map(\.row.id), limit: limit)
        let byRoom = Dictionary(grouping: rows, by: \.roomID)
        return parents.results { parent in
            (byRoom[parent.row.id] ?? []).map { MessageItem(row: $0, viewer: parent.viewer) }
        }
    }

    /// The messages of all rooms by one statement: the rows of the rooms show that they may be read.
    static func messages(
        of parents: Batch<Self>,
        _ arguments: ChannelMessagesArguments,
        in context: RequestContext
    ) async throws -> Results<Connection<MessageItem>> {
        var request = try context.page(
            arguments.first,
            after: arguments.after,
            last: arguments.last,
            before: arguments.before
        )
        if let seq = arguments.around { request = try request.around(Int(seq)) }
        let session = try context.databaseInUse().session
        let pages = try await session.messages(of: parents.map(\.row.id), request)
        return Results(
            Connection.all(
                zip(parents, pages).map { parent, page in page.map { MessageItem(row: $0, viewer: parent.viewer) } }
            )
        )
    }
}

/// The model of Channel.
struct ChannelItem: RoomItem {
    let row: RoomRow
    let viewer: UUID
    let part: RoomRow.ChannelPart

    /// Nil for rooms of other kinds.
    init?(_ row: RoomRow, _ viewer: UUID) {
        guard let part = row.channel else { return nil }
        self.row = row
        self.viewer = viewer
        self.part = part
    }

    var id: ChannelID { ChannelID(row.id) }
    var title: String { part.name }
    var name: String { part.name }
    var topic: String { part.topic }
    var channelKind: ChannelKind { ChannelKind(rawValue: part.kind) ?? .text }
    var isPrivate: Bool { part.isPrivate }
    var updatedAt: DateTime { DateTime(part.updatedAt) }
    var version: Int32 { part.version }

    static func slowModeSeconds(
        of parents: Batch<ChannelItem>,
        in context: RequestContext
    ) async throws -> Results<Int32> {
        let seconds = try await context.databaseInUse().session.slowModes(of: parents.map(\.row.id))
        return parents.results { Int32(clamping: seconds[$0.row.id] ?? 0) }
    }

    static func group(of parents: Batch<ChannelItem>, in context: RequestContext) async throws -> Results<GroupItem> {
        guard let viewer = parents.first?.viewer else { return Results(reserving: 0) }
        let ids = Set(parents.map(\.part.groupID)).sorted()
        let rows = try await context.databaseInUse().session.groups(ids, visibleTo: viewer)
        let groups = Dictionary(uniqueKeysWithValues: rows.map { ($0.id, $0) })
        return parents.results { parent in
            guard let row = groups[parent.part.groupID] else { throw AccessRefusal.unavailable }
            return GroupItem(row: row, viewer: viewer)
        }
    }
}

/// The model of DirectRoom.
struct DirectRoomItem: RoomItem {
    /// More share no direct room.
    private static let mostParticipants = 100

    let row: RoomRow
    let viewer: UUID

    var id: DirectRoomID { DirectRoomID(row.id) }
    var title: String { row.title }

    static func participants(
        of parents: Batch<DirectRoomItem>,
        in context: RequestContext
    ) async throws -> Results<[User]> {
        guard let viewer = parents.first?.viewer else { return Results(reserving: 0) }
        let session = try context.databaseInUse().session
        let members = try await session.roomMembers(of: parents.map(\.row.id), limit: mostParticipants)
        let users = try await ChatUsers.load(members.map(\.userID), seenBy: viewer, in: context)
        let byRoom = Dictionary(grouping: members, by: \.roomID)
        return parents.results { parent in (byRoom[parent.row.id] ?? []).compactMap { users[$0.userID] } }
    }
}

extension Room {
    init?(_ row: RoomRow, _ viewer: UUID) {
        switch row.kind {
        case "CHANNEL":
            guard let channel = ChannelItem(row, viewer) else { return nil }
            self = .channel(channel)
        case "DIRECT": self = .directRoom(DirectRoomItem(row: row, viewer: viewer))
        case "CONVERSATION":
            guard let conversation = ConversationItem(row, viewer) else { return nil }
            self = .conversation(conversation)
        // Kinds of rooms that have no type in the schema yet.
        default: return nil
        }
    }
}

/// People as others see them in chat.
enum ChatUsers {
    /// Those who have an account, by one statement. People see all of themselves.
    static func load(_ ids: [UUID], seenBy viewer: UUID, in context: RequestContext) async throws -> [UUID: User] {
        guard !ids.isEmpty else { return [:] }
        let rows = try await context.databaseInUse().session.users(Set(ids).sorted())
        let users = rows.filter { $0.status != "DELETED" }.map { ($0.id, User($0, seesAll: $0.id == viewer)) }
        return Dictionary(uniqueKeysWithValues: users)
    }
}
