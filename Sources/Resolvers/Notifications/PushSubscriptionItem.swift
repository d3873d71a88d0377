import Actions
import Data
import GraphQLEngine
import PostgresClient

/// A device that takes messages, as its owner sees it: the model of the schema's type.
struct PushSubscriptionItem: Sendable {
    let row: PushSubscriptionRow

    var id: PushSubscriptionID { PushSubscriptionID(row.id) }
    var provider: PushProvider {
        switch row.provider {
        case .webPush: .webPush
        case .firebase: .fcm
        }
    }
    var deviceName: String? { row.deviceName }
    var createdAt: DateTime { DateTime(row.createdAt) }
    var lastUsedAt: DateTime? { row.lastUsedAt.map(DateTime.init) }
}

extension PushSubscriptionID {
    init(_ id: UUID) { self.init(rawValue: GlobalID.text("push", id)) }

    /// Nil for an id of another kind.
    var uuid: UUID? { GlobalID.uuid("push", rawValue) }
}

extension NodeKind {
    /// The viewer's own.
    static let push = NodeKind(prefix: "push") { ids, context in
        let user = try await context.signedIn().user.id
        let now = try context.identityServices().services.now
        let rows = try await context.databaseInUse().session.pushSubscriptions(ids, at: now)
        return Dictionary(
            uniqueKeysWithValues: rows.filter { $0.userID == user }
                .map { ($0.id, .pushSubscription(PushSubscriptionItem(row: $0))) }
        )
    }
}

extension Viewer {
    static func pushSubscriptions(
        of parents: Batch<Viewer>,
        in context: RequestContext
    ) async throws -> Results<[PushSubscriptionItem]> {
        let now = try context.identityServices().services.now
        var results = Results<[PushSubscriptionItem]>(reserving: parents.count)
        // There is one viewer in a request.
        for viewer in parents {
            guard let user = viewer.user.id.uuid else { throw AccessRefusal.unauthenticated }
            let rows = try await context.databaseInUse().session.pushSubscriptions(of: user, at: now)
            results.append(rows.map(PushSubscriptionItem.init))
        }
        return results
    }
}

extension Query {
    static func pushPublicKey(in context: RequestContext) async throws -> String? { context.push?.publicKey }
}
