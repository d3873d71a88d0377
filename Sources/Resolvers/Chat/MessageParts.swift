import Data
import GraphQLEngine
import PostgresClient

/// What hangs on messages beside their author, reactions and what they answer.
extension MessageItem {
    var isPinned: Bool { row.pinnedAt != nil }
    var pinnedAt: DateTime? { row.pinnedAt.map(DateTime.init) }

    /// Those of these messages that somebody sees, by one statement.
    static func visible(
        _ ids: [UUID?],
        to viewer: UUID,
        in context: RequestContext
    ) async throws -> [UUID: MessageItem] {
        let wanted = Set(ids.compactMap { $0 }).sorted()
        guard !wanted.isEmpty else { return [:] }
        return items(try await context.databaseInUse().session.messages(wanted, visibleTo: viewer), viewer)
    }

    /// What messages that somebody sees refer to, by one statement: it stands in the same rooms, which foreign keys hold, and so
    /// is seen by the same.
    static func beside(
        _ ids: [UUID?],
        seenBy viewer: UUID,
        in context: RequestContext
    ) async throws -> [UUID: MessageItem] {
        let wanted = Set(ids.compactMap { $0 }).sorted()
        guard !wanted.isEmpty else { return [:] }
        return items(try await context.databaseInUse().session.messagesForAll(wanted), viewer)
    }

    private static func items(_ rows: [MessageRow], _ viewer: UUID) -> [UUID: MessageItem] {
        Dictionary(rows.map { ($0.id, MessageItem(row: $0, viewer: viewer)) }) { first, _ in first }
    }

    static func attachments(
        of parents: Batch<MessageItem>,
        in context: RequestContext
    ) async throws -> Results<[Attachment]> {
        if let shared = parents.onlyShared { return Results([try await shared.attachments().map(Attachment.init)]) }
        let rows = try await context.databaseInUse().session.attachments(of: parents.map(\.row.id))
        let byMessage = Dictionary(grouping: rows, by: \.messageID)
        return parents.results { parent in (byMessage[parent.row.id] ?? []).map(Attachment.init) }
    }

    static func mentions(of parents: Batch<MessageItem>, in context: RequestContext) async throws -> Results<[User]> {
        if let shared = parents.onlyShared, let item = parents.first {
            return Results([try await shared.mentions(seenBy: item)])
        }
        guard let viewer = parents.first?.viewer else { return Results(reserving: 0) }
        let rows = try await context.databaseInUse().session.mentions(in: parents.map(\.row.id))
        let users = try await ChatUsers.load(rows.map(\.userID), seenBy: viewer, in: context)
        let byMessage = Dictionary(grouping: rows, by: \.messageID)
        return parents.results { parent in (byMessage[parent.row.id] ?? []).compactMap { users[$0.userID] } }
    }

    static func viewerHasStarred(
        of parents: Batch<MessageItem>,
        in context: RequestContext
    ) async throws -> Results<Bool> {
        if let shared = parents.onlyShared, let viewer = parents.first?.viewer {
            return Results([try await shared.isStarred(by: viewer)])
        }
        let session = try context.databaseInUse().session
        let marks = try await session.starred(parents.map(\.row.id), by: parents.map(\.viewer))
        let starred = Set(marks.map(\.message))
        return parents.results { starred.contains($0.row.id) }
    }

    static func threadRoot(
        of parents: Batch<MessageItem>,
        in context: RequestContext
    ) async throws -> Results<MessageItem?> {
        if let shared = parents.onlyShared, let item = parents.first {
            return Results([try await shared.threadRoot().map(item.beside)])
        }
        guard let viewer = parents.first?.viewer else { return Results(reserving: 0) }
        let messages = try await beside(parents.map(\.row.threadRootID), seenBy: viewer, in: context)
        return parents.results { parent in parent.row.threadRootID.flatMap { messages[$0] } }
    }

    static func thread(
        of parents: Batch<MessageItem>,
        in context: RequestContext
    ) async throws -> Results<ThreadItem?> {
        if let shared = parents.onlyShared, let item = parents.first {
            return Results([try await shared.thread().map { ThreadItem(row: $0, root: item) }])
        }
        let rows = try await context.databaseInUse().session.threads(of: parents.map(\.row.id))
        let byRoot = Dictionary(rows.map { ($0.rootID, $0) }) { first, _ in first }
        return parents.results { parent in byRoot[parent.row.id].map { ThreadItem(row: $0, root: parent) } }
    }

    static func replies(
        of parents: Batch<MessageItem>,
        _ arguments: MessageRepliesArguments,
        in context: RequestContext
    ) async throws -> Results<Connection<MessageItem>> {
        let request = try context.page(
            arguments.first,
            after: arguments.after,
            last: arguments.last,
            before: arguments.before
        )
        let pages = try await context.databaseInUse().session.replies(below: parents.map(\.row.id), request)
        return Results(
            Connection.all(
                zip(parents, pages).map { parent, page in page.map { MessageItem(row: $0, viewer: parent.viewer) } }
            )
        )
    }
}

extension Attachment {
    init(_ row: AttachmentRow) { self.init(file: File(row.file), caption: row.caption) }
}
