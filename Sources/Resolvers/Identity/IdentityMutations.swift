import Actions
import Data
import GraphQLEngine
import PostgresClient

extension Mutation {
    static func accountRegister(
        _ arguments: MutationAccountRegisterArguments,
        in context: RequestContext
    ) async throws -> AccountRegisterPayload? {
        let (services, client) = try context.identityServices()
        guard try await services.registrationIsOpen() else {
            throw AccessRefusal.registrationClosed
        }
        let input = arguments.input
        let username: String? = if case .value(let name) = input.username { name } else { nil }
        let request = AccountRegister.Input(
            email: input.email,
            password: input.password,
            displayName: input.displayName,
            username: username,
            roles: [input.role.rawValue]
        )
        switch try await AccountRegister(services, from: client).run(request) {
        case .success(let issued):
            let viewer = Viewer(issued.user, issued.session)
            return AccountRegisterPayload(tokens: try await context.handOut(issued), viewer: viewer, userErrors: [])
        case .failure(let faults):
            return AccountRegisterPayload(tokens: nil, viewer: nil, userErrors: faults.userErrors)
        }
    }

    static func signIn(
        _ arguments: MutationSignInArguments,
        in context: RequestContext
    ) async throws -> SignInPayload? {
        let (services, client) = try context.identityServices()
        let input = arguments.input
        let deviceName: String? = if case .value(let name) = input.deviceName { name } else { nil }
        let request = SignIn.Input(identifier: input.identifier, password: input.password, deviceName: deviceName)
        switch try await SignIn(services, from: client).run(request) {
        case .success(let outcome):
            return SignInPayload(outcome: try await SignInOutcome(outcome, in: context), userErrors: [])
        case .failure(let failure): return SignInPayload(outcome: nil, userErrors: [UserError(failure)])
        }
    }

    static func sessionRefresh(
        _ arguments: MutationSessionRefreshArguments,
        in context: RequestContext
    ) async throws -> SessionRefreshPayload? {
        let (services, client) = try context.identityServices()
        let given = arguments.input.refreshToken.given
        let kept = given == nil ? context.credential?.cookies?.refreshToken : nil
        switch try await SessionRefresh(services, from: client).run(refreshToken: given ?? kept ?? "") {
        case .success(let issued):
            return SessionRefreshPayload(tokens: try await context.handOut(issued), userErrors: [])
        case .failure(let failure):
            if kept != nil { context.forgetTokens() }
            return SessionRefreshPayload(tokens: nil, userErrors: [UserError(failure)])
        }
    }

    static func signOut(in context: RequestContext) async throws -> SignOutPayload? {
        let (services, client) = try context.identityServices()
        let session: UUID
        if let principal = try await context.principal() {
            session = try principal.session.id
            _ = try await SessionEnd(services, principal, from: client).revoke(session)
        } else if let kept = context.credential?.cookies?.refreshToken {
            // Who leaves after the access token is over leaves the other one behind, which no script can take away.
            context.forgetTokens()
            let ended = try await SessionRefresh(services, from: client).end(refreshToken: kept)
            guard let ended else { return SignOutPayload(sessionId: nil, userErrors: []) }
            session = ended
        } else {
            throw AccessRefusal.unauthenticated
        }
        context.forgetTokens()
        return SignOutPayload(sessionId: AuthSessionID(session), userErrors: [])
    }

    static func signOutEverywhere(
        _ arguments: MutationSignOutEverywhereArguments,
        in context: RequestContext
    ) async throws -> SignOutEverywherePayload? {
        let (services, client) = try context.identityServices()
        let count = try await SessionEnd(services, context.signedIn(), from: client)
            .revokeAll(keepsCurrent: arguments.keepCurrent)
        if !arguments.keepCurrent { context.forgetTokens() }
        return SignOutEverywherePayload(revokedCount: Int32(clamping: count), userErrors: [])
    }

    static func authSessionRevoke(
        _ arguments: MutationAuthSessionRevokeArguments,
        in context: RequestContext
    ) async throws -> AuthSessionRevokePayload? {
        let (services, client) = try context.identityServices()
        let principal = try await context.signedIn()
        guard let session = arguments.id.uuid,
            try await SessionEnd(services, principal, from: client).revoke(session)
        else { return AuthSessionRevokePayload(sessionId: nil, userErrors: [.notFound(["id"])]) }
        if try principal.session.id == session { context.forgetTokens() }
        return AuthSessionRevokePayload(sessionId: arguments.id, userErrors: [])
    }
}
