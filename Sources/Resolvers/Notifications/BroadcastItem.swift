import Actions
import Data
import GraphQLEngine
import PostgresClient

/// A broadcast as administrators see it: the model of the schema's type.
struct BroadcastItem: Sendable {
    let row: BroadcastRow

    var id: BroadcastID { BroadcastID(row.id) }
    var title: String { row.title }
    var body: String { row.body }
    var channels: [NotificationChannel] { row.channels.compactMap(NotificationChannel.init(rawValue:)) }
    var status: BroadcastStatus { BroadcastStatus(rawValue: row.status) ?? .cancelled }
    var sendAt: DateTime? { row.sendAt.map(DateTime.init) }
    var recipientCount: Int32 { row.recipientCount }
    var createdAt: DateTime { DateTime(row.createdAt) }
    var finishedAt: DateTime? { row.finishedAt.map(DateTime.init) }

    var audience: BroadcastAudience {
        var (roles, isTeam): ([String], Bool) = ([], false)
        switch row.audience {
        case .everyone: break
        case .roles(let names): roles = names
        case .team: isTeam = true
        }
        return BroadcastAudience(
            everyone: row.audience == .everyone,
            roles: roles.compactMap(PlatformRole.init(rawValue:)),
            isTeam: isTeam,
            userCount: Int32(clamping: row.audienceCount)
        )
    }

    /// Of all of them by one statement.
    static func stats(
        of parents: Batch<BroadcastItem>,
        in context: RequestContext
    ) async throws -> Results<BroadcastStats> {
        let rows = try await context.databaseInUse().session.broadcastStats(parents.map(\.row.id))
        let found = Dictionary(uniqueKeysWithValues: rows.map { ($0.broadcastID, $0) })
        return parents.results { parent in
            let row = found[parent.row.id]
            return BroadcastStats(
                sent: Int32(clamping: row?.sent ?? 0),
                seen: Int32(clamping: row?.seen ?? 0),
                read: Int32(clamping: row?.read ?? 0)
            )
        }
    }

    static func job(of parents: Batch<BroadcastItem>, in context: RequestContext) async throws -> Results<JobItem?> {
        let ids = parents.compactMap(\.row.jobID)
        let items = try await JobItem.visible(ids, to: context.signedIn(), in: context)
        let found = Dictionary(uniqueKeysWithValues: items.map { ($0.row.id, $0) })
        return parents.results { parent in parent.row.jobID.flatMap { found[$0] } }
    }

    static func createdBy(of parents: Batch<BroadcastItem>, in context: RequestContext) async throws -> Results<User?> {
        let viewer = try await context.signedIn()
        let ids = Set(parents.compactMap(\.row.createdBy))
        let rows = try await context.databaseInUse().session.users(ids.sorted())
        let found = Dictionary(uniqueKeysWithValues: rows.map { ($0.id, $0) })
        return parents.results { parent in
            guard let user = parent.row.createdBy.flatMap({ found[$0] }), user.status != "DELETED" else { return nil }
            return User(user, for: viewer)
        }
    }
}

extension BroadcastID {
    init(_ id: UUID) { self.init(rawValue: GlobalID.text("brc", id)) }

    var uuid: UUID? { GlobalID.uuid("brc", rawValue) }
}

extension NodeKind {
    /// For those who may tell everybody of something.
    static let broadcast = NodeKind(prefix: "brc") { ids, context in
        guard try await context.signedIn().may(.notificationBroadcast) else { return [:] }
        let rows = try await context.databaseInUse().session.broadcasts(ids)
        return Dictionary(uniqueKeysWithValues: rows.map { ($0.id, .broadcast(BroadcastItem(row: $0))) })
    }
}

extension Query {
    static func broadcasts(
        _ arguments: QueryBroadcastsArguments,
        in context: RequestContext
    ) async throws -> Connection<BroadcastItem>? {
        let session = try context.databaseInUse().session
        let request = try context.page(
            arguments.first,
            after: arguments.after,
            last: arguments.last,
            before: arguments.before
        )
        let page = try await session.broadcasts(request)
        return Connection(page.map { BroadcastItem(row: $0) }) { try await session.broadcastCount() }
    }
}
