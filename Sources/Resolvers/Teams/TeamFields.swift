import Actions
import Data
import GraphQLEngine
import PostgresClient

extension TeamModel {
    static func owner(of parents: Batch<TeamModel>, in context: RequestContext) async throws -> Results<User?> {
        try await context.users(of: parents) { $0.scope.team.ownerID }
    }

    static func members(
        of parents: Batch<TeamModel>,
        _ arguments: TeamMembersArguments,
        in context: RequestContext
    ) async throws -> Results<Connection<TeamMemberModel>> {
        let request = try context.page(
            arguments.first,
            after: arguments.after,
            last: arguments.last,
            before: arguments.before
        )
        let session = try context.databaseInUse().session
        let scopes = parents.map(\.scope)
        let roles = arguments.roles?.map(\.rawValue)
        let pages = try await session.teamMembers(of: scopes, roles: roles, request)
        let models = zip(scopes, pages).map { scope, page in page.map { TeamMemberModel(scope: scope, row: $0) } }
        return Results(Connection.all(models) { try await session.teamMemberCounts(of: scopes, roles: roles) })
    }

    static func memberCount(of parents: Batch<TeamModel>, in context: RequestContext) async throws -> Results<Int32> {
        let counts = try await context.databaseInUse().session
            .teamMemberCounts(of: parents.map(\.scope), roles: nil)
        return Results(counts.map { Int32(clamping: $0) })
    }

    static func invites(
        of parents: Batch<TeamModel>,
        _ arguments: TeamInvitesArguments,
        in context: RequestContext
    ) async throws -> Results<Connection<TeamInviteModel>?> {
        let request = try context.page(
            arguments.first,
            after: arguments.after,
            last: arguments.last,
            before: arguments.before
        )
        let scopes = parents.map(\.scope)
        let pages = try await context.databaseInUse().session.pendingInvites(of: scopes, request)
        return Results(
            zip(scopes, pages).map { scope, page in
                Connection(page.map { TeamInviteModel(scope: scope, row: $0) })
            }
        )
    }

    static func viewerCan(
        of parents: Batch<TeamModel>,
        _ arguments: TeamViewerCanArguments,
        in context: RequestContext
    ) async throws -> Results<Bool> {
        let permission = TeamPermission(rawValue: arguments.permission.rawValue)
        return parents.results { team in permission.map(team.viewerMay) ?? false }
    }
}

extension TeamMemberModel {
    static func user(of parents: Batch<TeamMemberModel>, in context: RequestContext) async throws -> Results<User?> {
        try await context.users(of: parents) { $0.row.userID }
    }

    static func invitedBy(
        of parents: Batch<TeamMemberModel>,
        in context: RequestContext
    ) async throws -> Results<User?> {
        try await context.users(of: parents) { $0.row.invitedBy }
    }
}

extension TeamInviteModel {
    static func invitedBy(
        of parents: Batch<TeamInviteModel>,
        in context: RequestContext
    ) async throws -> Results<User?> {
        try await context.users(of: parents) { $0.row.invitedBy }
    }
}

extension Viewer {
    static func teams(
        of parents: Batch<Viewer>,
        _ arguments: ViewerTeamsArguments,
        in context: RequestContext
    ) async throws -> Results<Connection<TeamModel>> {
        let request = try context.page(
            arguments.first,
            after: arguments.after,
            last: arguments.last,
            before: arguments.before
        )
        let session = try context.databaseInUse().session
        let users = parents.compactMap(\.user.id.uuid)
        let pages = try await session.teamScopes(of: users, request).map { page in page.map { TeamModel(scope: $0) } }
        return Results(Connection.all(pages) { try await session.teamCounts(of: users) })
    }

    /// An address that is not confirmed may be anybody's: it is invited to nothing.
    static func teamInvites(
        of parents: Batch<Viewer>,
        _ arguments: ViewerTeamInvitesArguments,
        in context: RequestContext
    ) async throws -> Results<Connection<TeamInviteModel>> {
        let request = try context.page(
            arguments.first,
            after: arguments.after,
            last: arguments.last,
            before: arguments.before
        )
        let emails = parents.map { $0.emailVerified ? $0.email : "" }
        let pages = try await context.databaseInUse().session.pendingInvites(to: emails, request)
        return Results(pages.map { page in Connection(page.map { TeamInviteModel(scope: nil, row: $0) }) })
    }
}
