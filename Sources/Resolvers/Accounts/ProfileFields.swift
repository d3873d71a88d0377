import Data
import GraphQLEngine
import PostgresClient

extension User {
    static func headline(of parents: Batch<User>, in context: RequestContext) async throws -> Results<String?> {
        let profiles = try await context.profiles(of: parents)
        return parents.results { user in profiles[user.id]?.headline }
    }

    static func bio(of parents: Batch<User>, in context: RequestContext) async throws -> Results<String> {
        let profiles = try await context.profiles(of: parents)
        return parents.results { user in profiles[user.id]?.bio ?? "" }
    }

    static func links(of parents: Batch<User>, in context: RequestContext) async throws -> Results<[String]> {
        let profiles = try await context.profiles(of: parents)
        return parents.results { user in profiles[user.id]?.links ?? [] }
    }
}

extension RequestContext {
    /// In one statement for all of a level.
    fileprivate func profiles(of users: Batch<User>) async throws -> [UserID: ProfileRow] {
        let ids = Set(users.compactMap(\.id.uuid)).sorted()
        let rows = try await databaseInUse().session.profiles(of: ids)
        return Dictionary(uniqueKeysWithValues: rows.map { (UserID($0.userID), $0) })
    }
}
