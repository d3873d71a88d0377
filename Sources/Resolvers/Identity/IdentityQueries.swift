import Actions
import Data
import GraphQLEngine
import PostgresClient

extension Query {
    static func viewer(in context: RequestContext) async throws -> Viewer? {
        let now = context.identity?.now ?? Timestamp(microseconds: 0)
        if let principal = try await context.principal() { return Viewer(principal, at: now) }
        // Who shows what is over, or was never good, is not nobody, and is to know it. Guests are nobody here.
        if context.credential?.accessToken != nil { _ = try await context.visitor() }
        return nil
    }

    static func user(_ arguments: QueryUserArguments, in context: RequestContext) async throws -> User? {
        guard let id = arguments.id.uuid, case .user(let user) = try await NodeKind.user.load([id], context)[id] else {
            return nil
        }
        return user
    }
}
