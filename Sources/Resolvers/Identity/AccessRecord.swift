import Actions
import GraphQLEngine
import GraphQLSchema
import Synchronization

/// What the mutation that runs now was found to be allowed; they run one after the other.
final class AccessRecord: Sendable {
    indirect enum Found: Sendable {
        case team(TeamAccess)
        case group(GroupAccess)
    }

    private let found = Mutex<Found?>(nil)

    func note(_ access: Found?) { found.withLock { $0 = access } }

    func take() -> Found? {
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
        guard case .team(let found)? = access.take() else { throw UndeclaredAccess() }
        return found
    }

    /// The same of a group.
    func groupAccess() throws -> GroupAccess {
        guard case .group(let found)? = access.take() else { throw UndeclaredAccess() }
        return found
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
        guard let id = batch.id(at: place) else { return .admitted }
        context.access.note(.team(try await services.access(of: principal, to: id, permission, path: place)))
        return .admitted
    }

    /// The same of a permission of a group, by what an argument names of it.
    func verdict(
        _ permission: GroupPermission,
        on place: [String],
        _ principal: Principal,
        _ batch: GuardedBatch,
        _ context: RequestContext
    ) async throws -> BatchVerdict {
        let (services, _) = try context.identityServices()
        guard let id = batch.id(at: place) else { return .admitted }
        context.access.note(.group(try await services.access(of: principal, to: id, permission, path: place)))
        return .admitted
    }
}

extension GuardedBatch {
    /// What the argument at this path names; nil where it is left out.
    fileprivate func id(at path: [String]) -> String? {
        guard case .string(let id)? = path.reduce(Optional(arguments), { $0?[$1] }) else { return nil }
        return id
    }
}
