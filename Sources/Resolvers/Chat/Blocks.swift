import Actions
import Data
import GraphQLEngine
import PostgresClient

extension User {
    /// By one statement for all; nobody is blocked by those who have no account.
    static func viewerHasBlocked(of parents: Batch<User>, in context: RequestContext) async throws -> Results<Bool> {
        guard let viewer = try await context.principal()?.user.id else { return parents.results { _ in false } }
        let ids = Set(parents.compactMap(\.id.uuid)).sorted()
        let blocked = try await context.databaseInUse().session.blocked(by: viewer, among: ids)
        return parents.results { parent in parent.id.uuid.map(blocked.contains) ?? false }
    }
}

extension Viewer {
    static func blockedUsers(
        of parents: Batch<Viewer>,
        _ arguments: ViewerBlockedUsersArguments,
        in context: RequestContext
    ) async throws -> Results<Connection<User>> {
        let request = try context.page(arguments.first, after: arguments.after)
        let session = try context.databaseInUse().session
        return await parents.oneByOne { parent in
            guard let viewer = parent.user.id.uuid else { throw AccessRefusal.unauthenticated }
            let page = try await session.blocks(of: viewer, request)
            let users = try await ChatUsers.load(page.rows.map(\.blockedID), seenBy: viewer, in: context)
            let shown = try page.map { row in
                guard let user = users[row.blockedID] else { throw AccessRefusal.unavailable }
                return user
            }
            return Connection(shown) { try await session.blockCount(of: viewer) }
        }
    }
}

extension Mutation {
    static func userBlock(
        _ arguments: MutationUserBlockArguments,
        in context: RequestContext
    ) async throws -> UserBlockPayload? {
        let (services, principal, client) = try await context.chat()
        guard let user = arguments.userId.uuid else {
            return UserBlockPayload(user: nil, userErrors: [.notFound(["userId"])])
        }
        return try await UserBlock(services, principal, from: client).block(user).payload { row, errors in
            UserBlockPayload(user: row.map { User($0, for: principal) }, userErrors: errors)
        }
    }

    static func userUnblock(
        _ arguments: MutationUserUnblockArguments,
        in context: RequestContext
    ) async throws -> UserUnblockPayload? {
        let (services, principal, client) = try await context.chat()
        guard let user = arguments.userId.uuid else {
            return UserUnblockPayload(user: nil, userErrors: [.notFound(["userId"])])
        }
        return try await UserBlock(services, principal, from: client).unblock(user).payload { row, errors in
            UserUnblockPayload(user: row.map { User($0, for: principal) }, userErrors: errors)
        }
    }
}
