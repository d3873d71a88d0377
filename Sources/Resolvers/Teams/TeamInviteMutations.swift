import Actions
import Data
import GraphQLEngine
import PostgresClient

extension Mutation {
    static func teamInviteCreate(
        _ arguments: MutationTeamInviteCreateArguments,
        in context: RequestContext
    ) async throws -> TeamInviteCreatePayload? {
        let (services, principal, client) = try await context.actor()
        let input = TeamInvitation.Input(
            email: arguments.input.email,
            role: arguments.input.role.role,
            message: arguments.input.message.given
        )
        let outcome = try await TeamInvitation(services, principal, from: client).create(context.teamAccess(), input)
        let models = try await context.inviteModels(outcome)
        return models.payload { TeamInviteCreatePayload(invite: $0, userErrors: $1) }
    }

    static func teamInviteResend(
        _ arguments: MutationTeamInviteResendArguments,
        in context: RequestContext
    ) async throws -> TeamInviteResendPayload? {
        let (services, principal, client) = try await context.actor()
        let outcome = try await TeamInvitation(services, principal, from: client)
            .resend(context.teamAccess(), arguments.id.uuid)
        let models = try await context.inviteModels(outcome)
        return models.payload { TeamInviteResendPayload(invite: $0, userErrors: $1) }
    }

    static func teamInviteRevoke(
        _ arguments: MutationTeamInviteRevokeArguments,
        in context: RequestContext
    ) async throws -> TeamInviteRevokePayload? {
        let (services, principal, client) = try await context.actor()
        let outcome = try await TeamInvitation(services, principal, from: client).revoke(
            context.teamAccess(),
            arguments.id.uuid
        )
        let models = try await context.inviteModels(outcome)
        return models.payload { TeamInviteRevokePayload(invite: $0, userErrors: $1) }
    }

    static func teamInviteAccept(
        _ arguments: MutationTeamInviteAcceptArguments,
        in context: RequestContext
    ) async throws -> TeamInviteAcceptPayload? {
        let (services, principal, client) = try await context.actor()
        try await services.limitTokens(from: client)
        let outcome = try await TeamInviteAnswer(services, principal, from: client).accept(arguments.by.key)
        return outcome.payload { scope, errors in
            TeamInviteAcceptPayload(member: scope.map { TeamModel(scope: $0).viewerMembership }, userErrors: errors)
        }
    }

    static func teamInviteDecline(
        _ arguments: MutationTeamInviteDeclineArguments,
        in context: RequestContext
    ) async throws -> TeamInviteDeclinePayload? {
        let (services, principal, client) = try await context.actor()
        try await services.limitTokens(from: client)
        let outcome = try await TeamInviteAnswer(services, principal, from: client).decline(arguments.by.key)
        return outcome.payload { row, errors in
            TeamInviteDeclinePayload(invite: row.map { TeamInviteModel(scope: nil, row: $0) }, userErrors: errors)
        }
    }
}

extension TeamInviteKeyInput {
    fileprivate var key: TeamInviteAnswer.Key {
        switch self {
        case .token(let token): .token(token)
        case .id(let id): .id(id.uuid)
        }
    }
}

extension RequestContext {
    /// Invitations of the viewer's own team.
    fileprivate func inviteModels(
        _ outcome: Result<TeamInviteRow, TeamFaults>
    ) async throws -> Result<TeamInviteModel, TeamFaults> {
        guard case .success(let row) = outcome else { return outcome.map { TeamInviteModel(scope: nil, row: $0) } }
        let scope = try await teamScopes([row.teamID])[row.teamID]
        return .success(TeamInviteModel(scope: scope, row: row))
    }
}
