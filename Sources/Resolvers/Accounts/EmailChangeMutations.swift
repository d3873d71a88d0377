import Actions
import GraphQLEngine

extension Mutation {
    static func emailChange(
        _ arguments: MutationEmailChangeArguments,
        in context: RequestContext
    ) async throws -> EmailChangePayload? {
        let (services, principal, client) = try await context.actor()
        return try await EmailChange(services, principal, from: client).run(to: arguments.newEmail).payload {
            EmailChangePayload(pendingEmail: $0, userErrors: $1)
        }
    }

    static func emailChangeConfirm(
        _ arguments: MutationEmailChangeConfirmArguments,
        in context: RequestContext
    ) async throws -> EmailChangeConfirmPayload? {
        let (services, client) = try context.identityServices()
        switch try await EmailChangeConfirm(services, from: client).run(token: arguments.token) {
        case .success: return EmailChangeConfirmPayload(isChanged: true, userErrors: [])
        case .failure(let fault):
            return EmailChangeConfirmPayload(isChanged: nil, userErrors: [UserError(fault, ["token"])])
        }
    }

    static func emailChangeUndo(
        _ arguments: MutationEmailChangeUndoArguments,
        in context: RequestContext
    ) async throws -> EmailChangeUndoPayload? {
        let (services, client) = try context.identityServices()
        switch try await EmailChangeUndo(services, from: client).run(token: arguments.token) {
        case .success(let ended):
            return EmailChangeUndoPayload(
                revokedSessions: Int32(clamping: ended.sessions),
                revokedApiKeys: Int32(clamping: ended.keys),
                userErrors: []
            )
        case .failure(let fault):
            let errors = [UserError(fault, ["token"])]
            return EmailChangeUndoPayload(revokedSessions: nil, revokedApiKeys: nil, userErrors: errors)
        }
    }
}
