import Actions
import Data
import GraphQLEngine
import PostgresClient

extension Query {
    static func viewer(in context: RequestContext) async throws -> Viewer? {
        try await context.principal().map { Viewer($0.user, $0.session) }
    }

    static func user(_ arguments: QueryUserArguments, in context: RequestContext) async throws -> User? {
        guard let id = UserID(rawValue: "\(arguments.id.rawValue)").uuid else { return nil }
        return try await user(id, in: context)
    }

    static func node(_ arguments: QueryNodeArguments, in context: RequestContext) async throws -> Node? {
        let id = arguments.id.rawValue
        if let user = GlobalID.uuid("usr", id) {
            return try await self.user(user, in: context).map(Node.user)
        }
        if let session = GlobalID.uuid("ses", id), let database = context.database {
            let principal = try await context.signedIn()
            guard let owner = try await database.session.sessionOwner(session), owner.user.id == principal.user.id,
                owner.session.revokedAt == nil
            else { return nil }
            return .authSession(AuthSession(owner.session, current: principal.session.id))
        }
        if let file = GlobalID.uuid("file", id) { return try await self.file(file, in: context).map(Node.file) }
        return nil
    }

    /// Erased accounts are not there for anybody.
    private static func user(_ id: UUID, in context: RequestContext) async throws -> User? {
        guard let database = context.database else { throw AccessRefusal.unavailable }
        let principal = try await context.signedIn()
        let row = try await database.session.users([id]).first
        return row.flatMap { $0.status == "DELETED" ? nil : User($0, for: principal) }
    }
}
