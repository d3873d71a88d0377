import Actions
import Data
import GraphQLEngine
import PostgresClient

extension Query {
    static func viewer(in context: RequestContext) async throws -> Viewer? {
        let now = context.identity?.now ?? Timestamp(microseconds: 0)
        return try await context.principal().map { Viewer($0, at: now) }
    }

    static func user(_ arguments: QueryUserArguments, in context: RequestContext) async throws -> User? {
        guard let id = arguments.id.uuid, case .user(let user) = try await NodeKind.user.load([id], context)[id] else {
            return nil
        }
        return user
    }
}
