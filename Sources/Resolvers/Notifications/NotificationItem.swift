import Actions
import Data
import GraphQLEngine
import PostgresClient

/// A notification as clients see it: the model of the schema's type.
struct NotificationItem: Sendable {
    let row: NotificationRow

    var id: NotificationID { NotificationID(row.id) }
    var category: NotificationCategory { NotificationCategory(rawValue: row.category) ?? .security }
    var priority: NotificationPriority { NotificationPriority(rawValue: row.priority) ?? .normal }
    var type: String { row.type }
    var title: String { row.title }
    var body: String { row.body }
    var actionUrl: String? { row.actionURL }
    var eventCount: Int32 { row.eventCount }
    var isRead: Bool { row.readAt != nil }
    var readAt: DateTime? { row.readAt.map(DateTime.init) }
    var seenAt: DateTime? { row.seenAt.map(DateTime.init) }
    var archivedAt: DateTime? { row.archivedAt.map(DateTime.init) }
    var snoozedUntil: DateTime? { row.snoozedUntil.map(DateTime.init) }
    var createdAt: DateTime { DateTime(row.createdAt) }

    init(_ row: NotificationRow) { self.row = row }

    /// All of them by one statement.
    static func actor(of parents: Batch<NotificationItem>, in context: RequestContext) async throws -> Results<User?> {
        let ids = Set(parents.compactMap(\.row.actorID))
        guard !ids.isEmpty else { return parents.results { _ in nil } }
        let rows = try await context.databaseInUse().session.users(ids.sorted())
        let users = Dictionary(uniqueKeysWithValues: rows.map { ($0.id, $0) })
        return parents.results { parent in
            guard let user = parent.row.actorID.flatMap({ users[$0] }), user.status != "DELETED" else { return nil }
            return User(user, seesAll: false)
        }
    }

    /// All of them by one statement.
    static func deliveries(
        of parents: Batch<NotificationItem>,
        in context: RequestContext
    ) async throws -> Results<[NotificationDelivery]> {
        let rows = try await context.databaseInUse().session.deliveries(of: parents.map(\.row.id))
        let found = Dictionary(grouping: rows, by: \.notificationID)
        return parents.results { parent in (found[parent.row.id] ?? []).compactMap(NotificationDelivery.init) }
    }

    /// What they are about, by one statement or so for each kind: only what the viewer may see.
    static func subject(
        of parents: Batch<NotificationItem>,
        in context: RequestContext
    ) async throws -> Results<Node?> {
        let ids = Array(Set(parents.compactMap(\.subjectID)))
        guard !ids.isEmpty else { return parents.results { _ in nil } }
        let nodes = try await NodeKinds.load(ids, in: context)
        let found = Dictionary(uniqueKeysWithValues: zip(ids, nodes))
        return parents.results { parent in parent.subjectID.flatMap { found[$0] ?? nil } }
    }

    private var subjectID: ID? {
        guard let prefix = row.subjectType, let id = row.subjectID else { return nil }
        return ID(rawValue: GlobalID.text(prefix, id))
    }
}

extension NotificationDelivery {
    fileprivate init?(_ row: DeliveryStateRow) {
        guard let channel = NotificationChannel(rawValue: row.channel),
            let status = DeliveryStatus(rawValue: row.status)
        else { return nil }
        self.init(
            channel: channel,
            status: status,
            attempts: row.attempts,
            sentAt: row.sentAt.map(DateTime.init)
        )
    }
}

extension NotificationID {
    init(_ id: UUID) { self.init(rawValue: GlobalID.text("ntf", id)) }

    /// Nil for an id of another kind.
    var uuid: UUID? { GlobalID.uuid("ntf", rawValue) }
}

extension NodeKind {
    /// The viewer's own.
    static let notification = NodeKind(prefix: "ntf") { ids, context in
        let user = try await context.signedIn().user.id
        let rows = try await context.databaseInUse().session.notifications(ids, of: user)
        return Dictionary(uniqueKeysWithValues: rows.map { ($0.id, .notification(NotificationItem($0))) })
    }
}
