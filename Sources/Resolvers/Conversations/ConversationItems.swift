import Actions
import Data
import GraphQLEngine
import PostgresClient

extension ConversationID {
    init(_ id: UUID) { self.init(rawValue: RoomGlobalID.text(id)) }

    /// Nil for an id of another kind.
    var uuid: UUID? { GlobalID.uuid("room", rawValue) }
}

extension VendorID {
    init(_ id: UUID) { self.init(rawValue: GlobalID.text("vnd", id)) }

    /// Nil for an id of another kind.
    var uuid: UUID? { GlobalID.uuid("vnd", rawValue) }
}

extension SellerID {
    init(_ id: UUID) { self.init(rawValue: GlobalID.text("slr", id)) }

    /// Nil for an id of another kind.
    var uuid: UUID? { GlobalID.uuid("slr", rawValue) }
}

extension GuestLinkID {
    init(_ id: UUID) { self.init(rawValue: GlobalID.text("guest", id)) }

    /// Nil for an id of another kind.
    var uuid: UUID? { GlobalID.uuid("guest", rawValue) }
}

/// The model of Conversation.
struct ConversationItem: RoomItem {
    /// More are in no conversation: its owner, its vendor and its sellers.
    private static let mostParticipants = 100

    let row: RoomRow
    let viewer: UUID
    let part: RoomRow.ConversationPart

    /// Nil for rooms of other kinds.
    init?(_ row: RoomRow, _ viewer: UUID) {
        guard let part = row.conversation else { return nil }
        self.row = row
        self.viewer = viewer
        self.part = part
    }

    var id: ConversationID { ConversationID(row.id) }
    var title: String { row.title }
    var uuid: String { part.uuid.description }
    var status: ConversationStatus { ConversationStatus(rawValue: part.status) ?? .archived }
    var viewerCanManage: Bool { row.isOwned(by: viewer) }
    var closedAt: DateTime? { part.closedAt.map(DateTime.init) }
    var updatedAt: DateTime { DateTime(part.updatedAt) }
    var version: Int32 { part.version }

    static func owner(of parents: Batch<ConversationItem>, in context: RequestContext) async throws -> Results<User?> {
        guard let viewer = parents.first?.viewer else { return Results(reserving: 0) }
        let users = try await ChatUsers.load(parents.map(\.part.ownerID), seenBy: viewer, in: context)
        return parents.results { users[$0.part.ownerID] }
    }

    static func vendor(
        of parents: Batch<ConversationItem>,
        in context: RequestContext
    ) async throws -> Results<VendorItem?> {
        let rows = try await context.databaseInUse().session.vendors(of: parents.map(\.row.id))
        let vendors = Dictionary(uniqueKeysWithValues: rows.map { ($0.conversationID, $0) })
        return parents.results { parent in
            vendors[parent.row.id].map { VendorItem(row: $0, viewer: parent.viewer) }
        }
    }

    static func sellers(
        of parents: Batch<ConversationItem>,
        _ arguments: ConversationSellersArguments,
        in context: RequestContext
    ) async throws -> Results<Connection<SellerItem>> {
        guard let viewer = parents.first?.viewer else { return Results(reserving: 0) }
        let request = try context.page(
            arguments.first,
            after: arguments.after,
            last: arguments.last,
            before: arguments.before
        )
        let session = try context.databaseInUse().session
        let conversations = parents.map(\.row.id)
        let pages = try await session.sellers(of: conversations, request).map { page in
            page.map { SellerItem(row: $0, viewer: viewer) }
        }
        return Results(Connection.all(pages) { try await session.sellerCounts(of: conversations) })
    }

    static func participants(
        of parents: Batch<ConversationItem>,
        in context: RequestContext
    ) async throws -> Results<[User]> {
        guard let viewer = parents.first?.viewer else { return Results(reserving: 0) }
        let session = try context.databaseInUse().session
        let members = try await session.roomMembers(of: parents.map(\.row.id), limit: mostParticipants)
        let users = try await ChatUsers.load(members.map(\.userID), seenBy: viewer, in: context)
        let byRoom = Dictionary(grouping: members, by: \.roomID)
        return parents.results { parent in (byRoom[parent.row.id] ?? []).compactMap { users[$0.userID] } }
    }

    static func guestLinks(
        of parents: Batch<ConversationItem>,
        in context: RequestContext
    ) async throws -> Results<[GuestLinkItem]> {
        let own = parents.filter(\.viewerCanManage).map(\.row.id)
        let rows = try await own.isEmpty ? [] : context.databaseInUse().session.guestLinks(of: own)
        let links = Dictionary(grouping: rows, by: \.conversationID)
        return parents.results { parent in (links[parent.row.id] ?? []).map(GuestLinkItem.init) }
    }
}

/// Who of a conversation hangs on it: what its parties show of it, by one statement.
enum ConversationLoading {
    static func load(
        _ ids: [UUID],
        seenBy viewer: UUID,
        in context: RequestContext
    ) async throws -> [UUID: ConversationItem] {
        let rows = try await context.databaseInUse().session.rooms(Set(ids).sorted(), visibleTo: viewer)
        return Dictionary(
            uniqueKeysWithValues: rows.compactMap { row in ConversationItem(row, viewer).map { (row.id, $0) } }
        )
    }
}

/// The model of GuestLink.
struct GuestLinkItem: Sendable {
    let row: GuestLinkRow

    var id: GuestLinkID { GuestLinkID(row.id) }
    var guest: Guest { Guest(name: row.guestName) }
    var createdAt: DateTime { DateTime(row.createdAt) }
    var expiresAt: DateTime { DateTime(row.expiresAt) }
}

/// The model of ConversationChanged.
struct ConversationActivity: Sendable {
    let cursor: String
    let occurredAt: DateTime
    let conversation: ConversationItem
}

extension MessageItem {
    static func guest(of parents: Batch<MessageItem>, in context: RequestContext) async throws -> Results<Guest?> {
        let ids = parents.filter { $0.row.authorID == nil }.map(\.row.id)
        guard !ids.isEmpty else { return parents.results { _ in nil } }
        let rows = try await context.databaseInUse().session.guests(of: ids)
        let guests = Dictionary(uniqueKeysWithValues: rows.map { ($0.messageID, Guest(name: $0.name)) })
        return parents.results { guests[$0.row.id] }
    }
}
