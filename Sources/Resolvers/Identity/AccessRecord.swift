import Actions
import GraphQLEngine
import GraphQLSchema
import Synchronization

/// What the mutation that runs now was found to be allowed; they run one after the other.
final class AccessRecord: Sendable {
    private let found = Mutex<TeamAccess?>(nil)

    func note(_ access: TeamAccess?) { found.withLock { $0 = access } }

    func take() -> TeamAccess? {
        found.withLock { found in
            defer { found = nil }
            return found
        }
    }
}

extension RequestContext {
    /// What `@auth(permission:, on:)` of the mutation was found to mean for whoever asks; a refusal is told by the action, as
    /// a user error, and written to the log.
    func teamAccess() throws -> TeamAccess {
        guard let access = access.take() else { throw UndeclaredAccess() }
        return access
    }
}

extension AuthMiddleware {
    /// Holds the batch against a permission of a team: teams as they were read, the one that an argument names by one
    /// statement.
    func verdict(
        _ permission: TeamPermission,
        on place: [String]?,
        _ principal: Principal,
        _ batch: GuardedBatch,
        _ context: RequestContext
    ) async throws -> BatchVerdict {
        guard let place else {
            guard let teams = batch.parents(as: TeamModel.self) else { throw UndeclaredAccess() }
            let refused = teams.indices.filter { !teams[$0].viewerMay(permission) }
            guard !refused.isEmpty else { return .admitted }
            let refusal = AccessRefusal.missing(permission.rawValue)
            await context.noteRefusal(refusal, of: batch.coordinate)
            return .refused(Dictionary(uniqueKeysWithValues: refused.map { ($0, refusal as any Error) }))
        }
        let (services, _) = try context.identityServices()
        // Where no team is named the resolver gets no access either.
        guard case .string(let id)? = place.reduce(Optional(batch.arguments), { $0?[$1] }) else { return .admitted }
        context.access.note(try await services.access(of: principal, to: id, permission, path: place))
        return .admitted
    }
}
