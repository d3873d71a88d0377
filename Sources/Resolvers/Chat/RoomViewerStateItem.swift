import Data
import GraphQLEngine
import PostgresClient

/// The model of RoomViewerState.
struct RoomViewerStateItem: Sendable {
    let row: RoomRow
    let viewer: UUID
    let preferences: Loader<UUID, RoomPreferenceRow?>

    var lastReadSeq: Int32 { Int32(clamping: row.lastReadSeq) }
    var lastReadAt: DateTime? { row.lastReadAt.map(DateTime.init) }
    var unreadCount: Int32 { Int32(clamping: max(0, row.lastSeq - row.lastReadSeq)) }

    static func unreadMentionCount(
        of parents: Batch<RoomViewerStateItem>,
        in context: RequestContext
    ) async throws -> Results<Int32> {
        guard let viewer = parents.first?.viewer else { return Results(reserving: 0) }
        let session = try context.databaseInUse().session
        let counts = try await session.unreadMentions(in: parents.map(\.row.id), of: viewer)
        return parents.results { Int32(clamping: counts[$0.row.id] ?? 0) }
    }

    static func firstUnreadMessage(
        of parents: Batch<RoomViewerStateItem>,
        in context: RequestContext
    ) async throws -> Results<MessageItem?> {
        let places = parents.compactMap(\.firstUnread)
        let messages = try await context.databaseInUse().session.messages(at: places)
        return parents.results { parent in
            parent.firstUnread.flatMap { messages[$0] }.map { MessageItem(row: $0, viewer: parent.viewer) }
        }
    }

    /// Numbers have no gaps.
    private var firstUnread: RoomPlace? {
        row.lastSeq > row.lastReadSeq ? RoomPlace(room: row.id, seq: row.lastReadSeq + 1) : nil
    }

    /// Asked by whichever of the three fields comes first, for all of them.
    static func preferences(of viewer: UUID, in context: RequestContext) -> Loader<UUID, RoomPreferenceRow?> {
        context.loading.loader("RoomViewerState.preferences") { rooms in
            try await context.databaseInUse().session.roomPreferences(in: rooms, of: viewer)
        }
    }

    static func notificationLevel(
        of parents: Batch<RoomViewerStateItem>,
        in context: RequestContext
    ) async throws -> Results<NotificationLevel> {
        await said(of: parents) { $0.flatMap { NotificationLevel(rawValue: $0.level) } ?? .default }
    }

    static func mutedUntil(
        of parents: Batch<RoomViewerStateItem>,
        in context: RequestContext
    ) async throws -> Results<DateTime?> {
        await said(of: parents) { $0?.mutedUntil.map(DateTime.init) }
    }

    static func isFavourite(
        of parents: Batch<RoomViewerStateItem>,
        in context: RequestContext
    ) async throws -> Results<Bool> {
        await said(of: parents) { $0?.isFavourite ?? false }
    }

    private static func said<Value>(
        of parents: Batch<RoomViewerStateItem>,
        _ value: (RoomPreferenceRow?) -> Value
    ) async -> Results<Value> {
        guard let preferences = parents.first?.preferences else { return Results(reserving: 0) }
        return await preferences.load(parents.map(\.row.id)).map(value)
    }

    static func draft(
        of parents: Batch<RoomViewerStateItem>,
        in context: RequestContext
    ) async throws -> Results<DraftItem?> {
        guard let viewer = parents.first?.viewer else { return Results(reserving: 0) }
        let rows = try await context.databaseInUse().session.drafts(in: parents.map(\.row.id), of: viewer)
        let byRoom = Dictionary(rows.map { ($0.roomID, $0) }) { first, _ in first }
        return parents.results { parent in byRoom[parent.row.id].map { DraftItem(row: $0, viewer: viewer) } }
    }
}

/// The model of MessageDraft.
struct DraftItem: Sendable {
    let row: DraftRow
    let viewer: UUID

    var body: String { row.body }
    var updatedAt: DateTime { DateTime(row.updatedAt) }

    static func replyTo(of parents: Batch<DraftItem>, in context: RequestContext) async throws -> Results<MessageItem?>
    {
        guard let viewer = parents.first?.viewer else { return Results(reserving: 0) }
        let messages = try await MessageItem.visible(parents.map(\.row.replyToID), to: viewer, in: context)
        return parents.results { parent in parent.row.replyToID.flatMap { messages[$0] } }
    }
}
