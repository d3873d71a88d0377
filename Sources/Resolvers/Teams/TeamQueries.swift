import Actions
import Data
import GraphQLEngine
import PostgresClient

extension Query {
    static func team(_ arguments: QueryTeamArguments, in context: RequestContext) async throws -> TeamModel? {
        guard let id = arguments.id.uuid else { return nil }
        return try await context.teamScopes([id])[id].map { TeamModel(scope: $0) }
    }

    static func teamBySlug(
        _ arguments: QueryTeamBySlugArguments,
        in context: RequestContext
    ) async throws -> TeamModel? {
        // PostgreSQL's text has no zero; no slug has one either.
        guard !arguments.slug.utf8.contains(0) else { return nil }
        let viewer = try await context.signedIn()
        let scope = try await context.databaseInUse().session.teamScope(of: viewer.user.id, slug: arguments.slug)
        return scope.flatMap { viewer.reaches($0.teamID) ? TeamModel(scope: $0) : nil }
    }

    static func teamInviteByToken(
        _ arguments: QueryTeamInviteByTokenArguments,
        in context: RequestContext
    ) async throws -> TeamInviteModel? {
        let (services, client) = try context.identityServices()
        try await services.limitTokens(from: client)
        return try await services.teamInvite(.token(arguments.token)).map { TeamInviteModel(scope: nil, row: $0) }
    }
}

extension RequestContext {
    /// Those of these teams that the viewer belongs to.
    func teamScopes(_ ids: [UUID]) async throws -> [UUID: TeamScope] {
        let viewer = try await signedIn()
        return try await databaseInUse().session.teamScopes(of: viewer.user.id, in: ids.filter(viewer.reaches))
    }
}

extension NodeKind {
    /// Only those the viewer belongs to.
    static let team = NodeKind(prefix: "team") { ids, context in
        try await context.teamScopes(ids).mapValues { .team(TeamModel(scope: $0)) }
    }

    /// Only those of teams the viewer belongs to.
    static let teamMember = NodeKind(prefix: "tmem") { ids, context in
        let rows = try await context.databaseInUse().session.teamMembers(ids)
        let scopes = try await context.teamScopes(Set(rows.map(\.teamID)).sorted())
        var nodes: [UUID: Node] = [:]
        for row in rows {
            nodes[row.id] = scopes[row.teamID].map { .teamMember(TeamMemberModel(scope: $0, row: row)) }
        }
        return nodes
    }

    /// Only those of teams in which the viewer may invite, and those to the viewer's confirmed address.
    static let teamInvite = NodeKind(prefix: "tinv") { ids, context in
        let principal = try await context.signedIn()
        let viewer = principal.user
        let rows = try await context.databaseInUse().session.teamInvites(ids)
        let scopes = try await context.teamScopes(Set(rows.map(\.teamID)).sorted())
        var nodes: [UUID: Node] = [:]
        for row in rows {
            if let scope = scopes[row.teamID], TeamModel(scope: scope).viewerMay(.invite) {
                nodes[row.id] = .teamInvite(TeamInviteModel(scope: scope, row: row))
            } else if !principal.isBoundToTeam, viewer.emailVerifiedAt != nil,
                viewer.email?.lowercased() == row.email.lowercased()
            {
                nodes[row.id] = .teamInvite(TeamInviteModel(scope: scopes[row.teamID], row: row))
            }
        }
        return nodes
    }
}
