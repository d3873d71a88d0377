import Data
import GraphQLEngine
import Markup
import PostgresClient

/// The model of Message. All that hangs on messages is read for all of them by one statement each.
struct MessageItem: Sendable {
    /// What is told of the history of one message; more is not kept.
    static let mostRevisions = 100

    let row: MessageRow
    private let onlooker: UUID
    /// In events, what hangs on the message is read for all listeners together.
    let shared: SharedMessage?
    /// In events, how whoever looks at it shares what they are told.
    let hearing: Hearing?

    init(row: MessageRow, viewer: UUID, shared: SharedMessage? = nil, hearing: Hearing? = nil) {
        self.row = row
        onlooker = viewer
        self.shared = shared
        self.hearing = hearing
    }

    /// Whoever asks for it tells something that others are not told.
    var viewer: UUID {
        hearing?.becomesPersonal()
        return onlooker
    }

    /// Another message, as seen by the same.
    func beside(_ other: SharedMessage) -> MessageItem {
        MessageItem(row: other.row, viewer: onlooker, shared: other, hearing: hearing)
    }

    /// Somebody, whom all see alike but they themselves.
    func shown(_ user: User?) -> User? {
        if let id = user?.id.uuid { hearing?.shows(id) }
        return user
    }

    func user(_ person: SharedPerson) async throws -> User? { shown(try await person.user(seenBy: onlooker)) }

    var id: MessageID { MessageID(row.id) }
    var seq: Int32 { Int32(clamping: row.seq) }
    var body: String { row.body }
    var editedAt: DateTime? { row.editedAt.map(DateTime.init) }
    var deletedAt: DateTime? { row.deletedAt.map(DateTime.init) }
    var createdAt: DateTime { DateTime(row.createdAt) }
    var updatedAt: DateTime { DateTime(row.updatedAt) }

    static func bodyHtml(of parents: Batch<MessageItem>, in context: RequestContext) async throws -> Results<String> {
        if let shared = parents.onlyShared { return Results([try await shared.bodyHtml.get()]) }
        return parents.results { parent in Markdown.html(of: parent.body) }
    }

    static func author(of parents: Batch<MessageItem>, in context: RequestContext) async throws -> Results<User?> {
        if let shared = parents.onlyShared, let item = parents.first {
            return Results([try await item.user(shared.author)])
        }
        guard let viewer = parents.first?.viewer else { return Results(reserving: 0) }
        let users = try await ChatUsers.load(parents.compactMap(\.row.authorID), seenBy: viewer, in: context)
        return parents.results { parent in parent.row.authorID.flatMap { users[$0] } }
    }

    static func room(of parents: Batch<MessageItem>, in context: RequestContext) async throws -> Results<Room?> {
        guard let viewer = parents.first?.viewer else { return Results(reserving: 0) }
        if let shared = parents.onlyShared {
            return Results([try await shared.room(seenBy: viewer).flatMap { Room($0, viewer) }])
        }
        let ids = Set(parents.map(\.row.roomID)).sorted()
        let rows = try await context.databaseInUse().session.rooms(ids, visibleTo: viewer)
        let rooms = Dictionary(uniqueKeysWithValues: rows.map { ($0.id, $0) })
        return parents.results { parent in rooms[parent.row.roomID].flatMap { Room($0, viewer) } }
    }

    static func replyTo(
        of parents: Batch<MessageItem>,
        in context: RequestContext
    ) async throws -> Results<MessageItem?> {
        if let shared = parents.onlyShared, let item = parents.first {
            return Results([try await shared.replyTo().map(item.beside)])
        }
        guard let viewer = parents.first?.viewer else { return Results(reserving: 0) }
        let messages = try await beside(parents.map(\.row.replyToID), seenBy: viewer, in: context)
        return parents.results { parent in parent.row.replyToID.flatMap { messages[$0] } }
    }

    static func reactions(
        of parents: Batch<MessageItem>,
        in context: RequestContext
    ) async throws -> Results<[ReactionItem]> {
        guard let viewer = parents.first?.viewer else { return Results(reserving: 0) }
        if let shared = parents.onlyShared { return Results([try await shared.reactions(seenBy: viewer)]) }
        let session = try context.databaseInUse().session
        let rows = try await session.reactions(to: parents.map(\.row.id), seenBy: viewer)
        let byMessage = Dictionary(grouping: rows, by: \.messageID)
        return parents.results { parent in
            (byMessage[parent.row.id] ?? []).map { ReactionItem($0, isOwn: $0.isOwn, viewer: viewer) }
        }
    }

    static func revisions(
        of parents: Batch<MessageItem>,
        in context: RequestContext
    ) async throws -> Results<[MessageRevision]> {
        if let shared = parents.onlyShared {
            return Results([try await shared.revisions().map(MessageRevision.init)])
        }
        let session = try context.databaseInUse().session
        let rows = try await session.revisions(of: parents.map(\.row.id), limit: mostRevisions)
        let byMessage = Dictionary(grouping: rows, by: \.messageID)
        return parents.results { parent in (byMessage[parent.row.id] ?? []).map(MessageRevision.init) }
    }
}

extension Batch<MessageItem> {
    /// That of the one message of an event.
    var onlyShared: SharedMessage? { count == 1 ? first?.shared : nil }
}

extension MessageRevision {
    init(_ row: MessageRevisionRow) {
        self.init(revision: row.revision, body: row.body, replacedAt: DateTime(row.createdAt))
    }
}
