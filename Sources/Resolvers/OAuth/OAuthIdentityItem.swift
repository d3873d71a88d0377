import Actions
import Data
import GraphQLEngine
import PostgresClient

/// An account elsewhere as its owner sees it: the model of the schema's type.
struct OAuthIdentityItem: Sendable {
    let row: OAuthIdentityRow

    var provider: OAuthProvider { OAuthProvider(rawValue: row.provider) ?? .google }
    var email: String? { row.email }
    var linkedAt: DateTime { DateTime(row.linkedAt) }
    var lastUsedAt: DateTime? { row.lastUsedAt.map(DateTime.init) }
}

extension OAuthProvider {
    init(_ kind: OAuthProviderKind) {
        switch kind {
        case .google: self = .google
        case .github: self = .github
        }
    }

    var kind: OAuthProviderKind {
        switch self {
        case .google: .google
        case .github: .github
        }
    }
}

extension Viewer {
    static func oauthIdentities(
        of parents: Batch<Viewer>,
        in context: RequestContext
    ) async throws -> Results<[OAuthIdentityItem]> {
        let rows = try await context.databaseInUse().session.oauthIdentities(of: parents.compactMap(\.user.id.uuid))
        let byUser = Dictionary(grouping: rows, by: \.userID)
        return parents.results { viewer in
            viewer.user.id.uuid.flatMap { byUser[$0] }.map { $0.map(OAuthIdentityItem.init) } ?? []
        }
    }
}
