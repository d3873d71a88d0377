import Actions
import Data
import GraphQLEngine
import PostgresClient

extension User {
    /// Whoever sees somebody sees their picture; of all by one statement.
    static func avatar(of parents: Batch<User>, in context: RequestContext) async throws -> Results<File?> {
        let ids = Set(parents.compactMap(\.id.uuid)).sorted()
        let files = try await context.databaseInUse().session.avatars(ofUsers: ids)
        return parents.results { user in user.id.uuid.flatMap { files[$0] }.map(File.init) }
    }
}

extension GroupItem {
    /// For those who belong to it: others see its name, its description and how many do.
    static func avatar(of parents: Batch<GroupItem>, in context: RequestContext) async throws -> Results<File?> {
        let ids = Set(parents.filter { $0.row.role != nil }.map(\.row.id)).sorted()
        let files = try await context.databaseInUse().session.avatars(ofGroups: ids)
        return parents.results { files[$0.row.id].map(File.init) }
    }
}

extension InputValue<FileID> {
    /// Nil leaves the picture that is there; no picture has the id of something else.
    var avatar: UUID?? {
        switch self {
        case .absent: nil
        case .null: .some(nil)
        case .value(let id): .some(id.uuid ?? UUID(high: 0, low: 0))
        }
    }
}
