import Actions
import Data
import GraphQLEngine

extension Mutation {
    static func adminUserCreate(
        _ arguments: MutationAdminUserCreateArguments,
        in context: RequestContext
    ) async throws -> AdminUserCreatePayload? {
        let (services, principal, client) = try await context.actor()
        let input = arguments.input
        let account = UserCreate.Input(
            email: input.email,
            displayName: input.displayName,
            roles: input.roles.map(\.rawValue),
            sendsInvite: input.sendInvite
        )
        return try await UserCreate(services, principal, from: client).run(account).payload {
            AdminUserCreatePayload(user: $0.map { User($0, for: principal) }, userErrors: $1)
        }
    }

    static func adminUserUpdate(
        _ arguments: MutationAdminUserUpdateArguments,
        in context: RequestContext
    ) async throws -> AdminUserUpdatePayload? {
        let (services, principal, client) = try await context.actor()
        let input = arguments.input
        let change = UserManage.Input(
            displayName: input.displayName.given,
            email: input.email.given,
            isEmailVerified: input.emailVerified.given
        )
        return try await UserManage(services, principal, from: client).update(input.id.uuid, change).payload {
            AdminUserUpdatePayload(user: $0.map { User($0, for: principal) }, userErrors: $1)
        }
    }

    static func adminUserRolesSet(
        _ arguments: MutationAdminUserRolesSetArguments,
        in context: RequestContext
    ) async throws -> AdminUserRolesSetPayload? {
        let (services, principal, client) = try await context.actor()
        let outcome = try await UserManage(services, principal, from: client)
            .setRoles(arguments.roles.map(\.rawValue), of: arguments.userId.uuid)
        return outcome.payload {
            AdminUserRolesSetPayload(user: $0.map { User($0, for: principal) }, userErrors: $1)
        }
    }

    static func adminUserSuspend(
        _ arguments: MutationAdminUserSuspendArguments,
        in context: RequestContext
    ) async throws -> AdminUserSuspendPayload? {
        let (services, principal, client) = try await context.actor()
        let outcome = try await UserManage(services, principal, from: client)
            .suspend(arguments.userId.uuid, reason: arguments.reason, until: arguments.until.given?.timestamp)
        return outcome.payload { ended, errors in
            AdminUserSuspendPayload(
                user: ended.map { User($0.user, for: principal) },
                revokedSessions: ended.map { Int32(clamping: $0.sessions.count) },
                userErrors: errors
            )
        }
    }

    static func adminUserReinstate(
        _ arguments: MutationAdminUserReinstateArguments,
        in context: RequestContext
    ) async throws -> AdminUserReinstatePayload? {
        let (services, principal, client) = try await context.actor()
        return try await UserManage(services, principal, from: client).reinstate(arguments.userId.uuid).payload {
            AdminUserReinstatePayload(user: $0.map { User($0, for: principal) }, userErrors: $1)
        }
    }

    static func adminUserDelete(
        _ arguments: MutationAdminUserDeleteArguments,
        in context: RequestContext
    ) async throws -> AdminUserDeletePayload? {
        let (services, principal, client) = try await context.actor()
        let outcome = try await UserDelete(services, principal, from: client)
            .run(arguments.userId.uuid, reason: arguments.reason)
        return outcome.payload {
            AdminUserDeletePayload(request: $0.map { PrivacyRequestItem(row: $0) }, userErrors: $1)
        }
    }

    static func adminUserPasswordReset(
        _ arguments: MutationAdminUserPasswordResetArguments,
        in context: RequestContext
    ) async throws -> AdminUserPasswordResetPayload? {
        let (services, principal, client) = try await context.actor()
        return try await UserPasswordReset(services, principal, from: client).run(arguments.userId.uuid).payload {
            AdminUserPasswordResetPayload(user: $0.map { User($0, for: principal) }, userErrors: $1)
        }
    }

    static func adminUserSignOut(
        _ arguments: MutationAdminUserSignOutArguments,
        in context: RequestContext
    ) async throws -> AdminUserSignOutPayload? {
        let (services, principal, client) = try await context.actor()
        let outcome = try await UserManage(services, principal, from: client).signOut(arguments.userId.uuid)
        return outcome.payload { ended, errors in
            AdminUserSignOutPayload(
                user: ended.map { User($0.user, for: principal) },
                revokedSessions: ended.map { Int32(clamping: $0.sessions.count) },
                userErrors: errors
            )
        }
    }
}
