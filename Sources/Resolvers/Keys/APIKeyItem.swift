import Actions
import Data
import GraphQLEngine
import PostgresClient

/// A key as its owner sees it: the model of the schema's type.
struct APIKeyItem: Sendable {
    let row: APIKeyRow
    /// When it was looked at.
    let now: Timestamp

    var id: ApiKeyID { ApiKeyID(row.id) }
    var name: String { row.name }
    var prefix: String { row.prefix }
    var scopes: [ApiScope] { row.scopes.compactMap(ApiScope.init(rawValue:)) }
    var status: ApiKeyStatus { row.isRevoked ? .revoked : row.isGood(at: now) ? .active : .expired }
    var allowedIpRanges: [String] { row.allowedRanges }
    var createdAt: DateTime { DateTime(row.createdAt) }
    var lastUsedAt: DateTime? { row.lastUsedAt.map(DateTime.init) }
    var expiresAt: DateTime? { row.expiresAt.map(DateTime.init) }

    static func team(of parents: Batch<APIKeyItem>, in context: RequestContext) async throws -> Results<TeamModel?> {
        let scopes = try await context.teamScopes(Set(parents.compactMap(\.row.teamID)).sorted())
        return parents.results { $0.row.teamID.flatMap { scopes[$0] }.map { TeamModel(scope: $0) } }
    }

    static func createdBy(of parents: Batch<APIKeyItem>, in context: RequestContext) async throws -> Results<User?> {
        try await context.users(of: parents) { $0.row.userID }
    }
}

extension ApiKeyID {
    init(_ id: UUID) { self.init(rawValue: GlobalID.text("key", id)) }

    /// Nil for an id of another kind.
    var uuid: UUID? { GlobalID.uuid("key", rawValue) }
}

extension NodeKind {
    /// The viewer's own.
    static let apiKey = NodeKind(prefix: "key") { ids, context in
        let user = try await context.signedIn().user.id
        let now = try context.identityServices().services.now
        let rows = try await context.databaseInUse().session.apiKeys(ids, of: user)
        return Dictionary(uniqueKeysWithValues: rows.map { ($0.id, .apiKey(APIKeyItem(row: $0, now: now))) })
    }
}

extension Viewer {
    static func apiKeys(
        of parents: Batch<Viewer>,
        _ arguments: ViewerApiKeysArguments,
        in context: RequestContext
    ) async throws -> Results<Connection<APIKeyItem>> {
        let request = try context.page(
            arguments.first,
            after: arguments.after,
            last: arguments.last,
            before: arguments.before
        )
        let session = try context.databaseInUse().session
        let now = try context.identityServices().services.now
        let users = parents.compactMap(\.user.id.uuid)
        let pages = try await session.apiKeys(of: users, request)
        let items = pages.map { page in page.map { APIKeyItem(row: $0, now: now) } }
        return Results(Connection.all(items) { try await session.apiKeyCounts(of: users) })
    }
}

extension TeamModel {
    static func apiKeys(
        of parents: Batch<TeamModel>,
        _ arguments: TeamApiKeysArguments,
        in context: RequestContext
    ) async throws -> Results<Connection<APIKeyItem>?> {
        let request = try context.page(
            arguments.first,
            after: arguments.after,
            last: arguments.last,
            before: arguments.before
        )
        let session = try context.databaseInUse().session
        let now = try context.identityServices().services.now
        let scopes = parents.map(\.scope)
        let pages = try await session.apiKeys(of: scopes, request)
        let items = pages.map { page in page.map { APIKeyItem(row: $0, now: now) } }
        return Results(Connection.all(items) { try await session.apiKeyCounts(of: scopes) })
    }
}
