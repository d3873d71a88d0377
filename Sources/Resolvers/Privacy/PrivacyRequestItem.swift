import Actions
import Data
import GraphQLEngine
import PostgresClient

/// That an account is to be erased, as its owner and those who manage accounts see it.
struct PrivacyRequestItem: Sendable {
    let row: PrivacyRequestRow

    var id: PrivacyRequestID { PrivacyRequestID(row.id) }
    var kind: PrivacyRequestKind { PrivacyRequestKind(rawValue: row.kind) ?? .erasure }
    var status: PrivacyRequestStatus { PrivacyRequestStatus(rawValue: row.status) ?? .rejected }
    var note: String? { row.note }
    var scheduledFor: DateTime { DateTime(row.scheduledFor) }
    var completedAt: DateTime? { row.completedAt.map(DateTime.init) }
    var createdAt: DateTime { DateTime(row.createdAt) }

    static func user(of parents: Batch<PrivacyRequestItem>, in context: RequestContext) async throws -> Results<User?> {
        try await context.users(of: parents) { $0.row.userID }
    }
}

extension PrivacyRequestID {
    init(_ id: UUID) { self.init(rawValue: GlobalID.text("prq", id)) }
}

extension NodeKind {
    /// The viewer's own; all for those who manage accounts.
    static let privacyRequest = NodeKind(prefix: "prq") { ids, context in
        let viewer = try await context.signedIn()
        let rows = try await context.databaseInUse().session.privacyRequests(ids)
        let seen = rows.filter { $0.userID == viewer.user.id || viewer.may(.userManage) }
        return Dictionary(uniqueKeysWithValues: seen.map { ($0.id, .privacyRequest(PrivacyRequestItem(row: $0))) })
    }
}

extension Viewer {
    static func privacyRequests(
        of parents: Batch<Viewer>,
        in context: RequestContext
    ) async throws -> Results<[PrivacyRequestItem]> {
        let users = parents.map(\.user.id.uuid)
        let wanted = Set(users.compactMap { $0 })
        let rows = try await context.databaseInUse().session.privacyRequests(of: wanted.sorted(), limit: 20)
        return Results(users.map { user in rows.filter { $0.userID == user }.map { PrivacyRequestItem(row: $0) } })
    }
}
