import Actions
import Data
import GraphQLEngine

extension Mutation {
    static func emailVerificationSend(in context: RequestContext) async throws -> EmailVerificationSendPayload? {
        let (services, client) = try context.identityServices()
        let principal = try await context.signedIn()
        let sentTo = try await EmailVerificationSend(services, principal, from: client).run()
        return EmailVerificationSendPayload(sentTo: sentTo, userErrors: [])
    }

    static func emailVerify(
        _ arguments: MutationEmailVerifyArguments,
        in context: RequestContext
    ) async throws -> EmailVerifyPayload? {
        let (services, client) = try context.identityServices()
        switch try await EmailVerify(services, from: client).run(token: arguments.token) {
        case .success(let user):
            let principal = try await context.principal()
            guard let principal, principal.user.id == user, case .session(let session) = principal.proof else {
                return EmailVerifyPayload(viewer: nil, userErrors: [])
            }
            // As it is now, which the session's own copy may not be yet.
            let row = try await services.database.session.users([user]).first ?? principal.user
            return EmailVerifyPayload(viewer: Viewer(row, session), userErrors: [])
        case .failure(let fault): return EmailVerifyPayload(viewer: nil, userErrors: [UserError(fault, ["token"])])
        }
    }

    static func passwordResetRequest(
        _ arguments: MutationPasswordResetRequestArguments,
        in context: RequestContext
    ) async throws -> PasswordResetRequestPayload? {
        let (services, client) = try context.identityServices()
        return try await PasswordResetRequest(services, from: client).run(email: arguments.email).payload {
            PasswordResetRequestPayload(accepted: $0.map { true }, userErrors: $1)
        }
    }

    static func passwordReset(
        _ arguments: MutationPasswordResetArguments,
        in context: RequestContext
    ) async throws -> PasswordResetPayload? {
        let (services, client) = try context.identityServices()
        let input = arguments.input
        let outcome = try await PasswordReset(services, from: client).run(
            token: input.token,
            newPassword: input.newPassword
        )
        switch outcome {
        case .success(let ended):
            return PasswordResetPayload(
                revokedSessions: Int32(clamping: ended.sessions),
                revokedApiKeys: Int32(clamping: ended.keys),
                userErrors: []
            )
        case .failure(.token(let fault)): return .refused([UserError(fault, ["input", "token"])])
        case .failure(.faults(let faults)): return .refused(faults.userErrors)
        }
    }
}

extension PasswordResetPayload {
    fileprivate static func refused(_ errors: [UserError]) -> PasswordResetPayload {
        PasswordResetPayload(revokedSessions: nil, revokedApiKeys: nil, userErrors: errors)
    }
}
