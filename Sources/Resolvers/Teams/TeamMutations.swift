import Actions
import Data
import GraphQLEngine
import PostgresClient

extension Mutation {
    static func teamCreate(
        _ arguments: MutationTeamCreateArguments,
        in context: RequestContext
    ) async throws -> TeamCreatePayload? {
        let (services, principal, client) = try await context.actor()
        let input = arguments.input
        return try await context.once(principal, client) {
            TeamCreatePayload(team: $0.map(TeamModel.init), userErrors: $1)
        } again: { node in
            if case .team(let team) = node { team.scope } else { nil }
        } do: { client in
            try await TeamCreate(services, principal, from: client)
                .run(name: input.name, slug: input.slug.given, description: input.description)
        }
    }

    static func teamUpdate(
        _ arguments: MutationTeamUpdateArguments,
        in context: RequestContext
    ) async throws -> TeamUpdatePayload? {
        let (services, principal, client) = try await context.actor()
        let input = arguments.input
        let change = TeamChange.Input(
            name: input.name.given,
            slug: input.slug.given,
            description: input.description.given,
            expectedVersion: input.expectedVersion.given
        )
        let outcome = try await TeamChange(services, principal, from: client).update(context.teamAccess(), change)
        return outcome.payload { TeamUpdatePayload(team: $0.map(TeamModel.init), userErrors: $1) }
    }

    static func teamDelete(
        _ arguments: MutationTeamDeleteArguments,
        in context: RequestContext
    ) async throws -> TeamDeletePayload? {
        let (services, principal, client) = try await context.actor()
        let outcome = try await TeamChange(services, principal, from: client).delete(context.teamAccess())
        return outcome.payload { until, errors in
            TeamDeletePayload(
                deletedTeamId: until.map { _ in arguments.id },
                restorableUntil: until.map(DateTime.init),
                userErrors: errors
            )
        }
    }

    static func teamRestore(
        _ arguments: MutationTeamRestoreArguments,
        in context: RequestContext
    ) async throws -> TeamRestorePayload? {
        let (services, principal, client) = try await context.actor()
        let outcome = try await TeamChange(services, principal, from: client).restore(arguments.id.uuid)
        return outcome.payload { TeamRestorePayload(team: $0.map(TeamModel.init), userErrors: $1) }
    }

    static func teamOwnershipTransfer(
        _ arguments: MutationTeamOwnershipTransferArguments,
        in context: RequestContext
    ) async throws -> TeamOwnershipTransferPayload? {
        let (services, principal, client) = try await context.actor()
        let outcome = try await TeamMembership(services, principal, from: client)
            .transfer(context.teamAccess(), to: arguments.toUserId.uuid)
        return outcome.payload { TeamOwnershipTransferPayload(team: $0.map(TeamModel.init), userErrors: $1) }
    }

    static func teamMemberAdd(
        _ arguments: MutationTeamMemberAddArguments,
        in context: RequestContext
    ) async throws -> TeamMemberAddPayload? {
        let (services, principal, client) = try await context.actor()
        let outcome = try await TeamMemberAdd(services, principal, from: client)
            .run(context.teamAccess(), arguments.userId.uuid, as: arguments.role.role)
        return outcome.payload { added, errors in
            TeamMemberAddPayload(
                member: added.map { TeamMemberModel(scope: $0.scope, row: $0.member) },
                userErrors: errors
            )
        }
    }

    static func teamMemberRemove(
        _ arguments: MutationTeamMemberRemoveArguments,
        in context: RequestContext
    ) async throws -> TeamMemberRemovePayload? {
        let (services, principal, client) = try await context.actor()
        let outcome = try await TeamMembership(services, principal, from: client)
            .remove(arguments.userId.uuid, from: context.teamAccess())
        return outcome.payload { scope, errors in
            TeamMemberRemovePayload(
                team: scope.map(TeamModel.init),
                removedUserId: scope.map { _ in arguments.userId },
                userErrors: errors
            )
        }
    }

    static func teamMemberRoleUpdate(
        _ arguments: MutationTeamMemberRoleUpdateArguments,
        in context: RequestContext
    ) async throws -> TeamMemberRoleUpdatePayload? {
        let (services, principal, client) = try await context.actor()
        let outcome = try await TeamMembership(services, principal, from: client)
            .setRole(arguments.role.role, of: arguments.userId.uuid, in: context.teamAccess())
        return outcome.payload { changed, errors in
            TeamMemberRoleUpdatePayload(
                member: changed.map { TeamMemberModel(scope: $0.scope, row: $0.member) },
                userErrors: errors
            )
        }
    }

    static func teamLeave(
        _ arguments: MutationTeamLeaveArguments,
        in context: RequestContext
    ) async throws -> TeamLeavePayload? {
        let (services, principal, client) = try await context.actor()
        let outcome = try await TeamMembership(services, principal, from: client).leave(context.teamAccess())
        return outcome.payload { TeamLeavePayload(teamId: $0.map { arguments.teamId }, userErrors: $1) }
    }
}

extension TeamRole {
    var role: Actions.TeamRole { Actions.TeamRole(rawValue: rawValue) ?? .guest }
}

extension InputValue {
    /// What is given; nil for null as well, which says nothing here.
    var given: Value? { if case .value(let value) = self { value } else { nil } }
}

extension RequestContext {
    /// What an action is made of: the services, who asks, and from where.
    func actor() async throws -> (IdentityServices, Principal, ClientInfo) {
        var (services, client) = try identityServices()
        let principal = try await signedIn()
        client.keyPrefix = principal.key?.prefix
        return (services, principal, client)
    }
}
