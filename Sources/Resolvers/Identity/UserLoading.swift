import Data
import GraphQLEngine
import PostgresClient

extension RequestContext {
    /// The users that parents refer to, in one statement; null for those who are erased.
    func users<Parent>(of parents: Batch<Parent>, _ id: (Parent) -> UUID?) async throws -> Results<User?> {
        let ids = parents.map(id)
        let wanted = Set(ids.compactMap { $0 })
        guard !wanted.isEmpty else { return Results(ids.map { _ in nil }) }
        let viewer = try await principal()
        let rows = try await databaseInUse().session.users(wanted.sorted())
        var users: [UUID: User] = [:]
        for row in rows where row.status != "DELETED" {
            users[row.id] = viewer.map { User(row, for: $0) } ?? User(row, seesAll: false)
        }
        return Results(ids.map { id in id.flatMap { users[$0] } })
    }
}
