import Actions
import GraphQLEngine

extension Mutation {
    static func accountDelete(
        _ arguments: MutationAccountDeleteArguments,
        in context: RequestContext
    ) async throws -> AccountDeletePayload? {
        let (services, principal, client) = try await context.actor()
        let error: UserError
        switch try await AccountDelete(services, principal, from: client)
            .run(confirming: arguments.confirmUsername, reason: arguments.reason.given)
        {
        case .success(let row): return AccountDeletePayload(request: PrivacyRequestItem(row: row), userErrors: [])
        case .failure(.notConfirmed):
            error = .invalid("Type your user name.", ["confirmUsername"])
        case .failure(.ownsTeams(let count)):
            error = .conflict(.lastOwner, "Give away or delete the \(count) teams you own first.", [])
        case .failure(.lastSuperAdmin): error = .conflict(.lastOwner, "Nobody else may do everything.", [])
        }
        return AccountDeletePayload(request: nil, userErrors: [error])
    }

    static func accountDeleteCancel(in context: RequestContext) async throws -> AccountDeleteCancelPayload? {
        let (services, principal, client) = try await context.actor()
        guard let row = try await AccountDeleteCancel(services, principal, from: client).run() else {
            return AccountDeleteCancelPayload(request: nil, userErrors: [.notFound([])])
        }
        return AccountDeleteCancelPayload(request: PrivacyRequestItem(row: row), userErrors: [])
    }
}
