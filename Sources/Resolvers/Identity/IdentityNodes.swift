import Actions
import Data
import PostgresClient

extension NodeKind {
    /// Erased accounts are not there for anybody.
    static let user = NodeKind(prefix: "usr") { ids, context in
        let viewer = try await context.signedIn()
        let rows = try await context.databaseInUse().session.users(ids)
        return Dictionary(
            uniqueKeysWithValues: rows.filter { $0.status != "DELETED" }.map { ($0.id, .user(User($0, for: viewer))) }
        )
    }

    /// Only those of the viewer.
    static let authSession = NodeKind(prefix: "ses") { ids, context in
        let viewer = try await context.signedIn()
        let rows = try await context.databaseInUse().session.authSessions(ids, of: viewer.user.id)
        let current = try viewer.session.id
        return Dictionary(
            uniqueKeysWithValues: rows.map { ($0.id, .authSession(AuthSession($0, current: current))) }
        )
    }
}
