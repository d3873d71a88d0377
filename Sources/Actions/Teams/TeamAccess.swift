package import Data
package import PostgresClient

/// What somebody was found to be allowed in the team that a request names. Only the look-up makes one, and what is done to
/// teams asks for it: what the schema declares no permission of cannot be done.
package struct TeamAccess: Sendable {
    package let permission: TeamPermission
    /// The team as it was found; nil for those who do not see it.
    package let scope: TeamScope?
    /// The team that was named, whether it is there or not.
    package let named: UUID?
    /// Of the argument that names it.
    let path: [String]
    fileprivate let user: UUID

    /// Why it is refused; nil where it is not.
    package var fault: TeamFault? { refusal(in: scope) }

    /// The team, which nobody else changes until the transaction ends: what a role allowed a moment ago does not count.
    func locked(in transaction: Transaction) async throws -> (scope: TeamScope, role: TeamRole) {
        if let fault { throw TeamFaults(fault) }
        let scope = if let named { try await transaction.lockTeamScope(of: user, in: named) } else { TeamScope?.none }
        if let refusal = refusal(in: scope) { throw TeamFaults(refusal) }
        guard let scope, let role = scope.role else { throw TeamFaults(.notFound(path)) }
        return (scope, role)
    }

    private func refusal(in scope: TeamScope?) -> TeamFault? {
        guard let role = scope?.role else { return .notFound(path) }
        if role.may(permission) { return nil }
        return TeamFault(.forbidden, path, "This needs the permission \(permission.rawValue).")
    }
}

extension TeamScope {
    /// Nil for a role that this version does not know.
    package var role: TeamRole? { TeamRole(rawValue: membership.role) }

    package func allows(_ permission: TeamPermission) -> Bool { role?.may(permission) ?? false }
}

extension IdentityServices {
    /// Looks up what the principal may do in the team of this id, or of this invitation, in one statement.
    package func access(
        of principal: Principal,
        to id: String,
        _ permission: TeamPermission,
        path: [String]
    ) async throws -> TeamAccess {
        let user = principal.user.id
        let team = GlobalID.uuid("team", id)
        let scope: TeamScope? =
            if let team {
                try await database.session.teamScopes(of: user, in: [team])[team]
            } else if let invite = GlobalID.uuid("tinv", id) {
                try await database.session.teamScope(of: user, inviting: invite)
            } else {
                nil
            }
        let seen = scope.flatMap { principal.reaches($0.teamID) ? $0 : nil }
        return TeamAccess(permission: permission, scope: seen, named: team ?? seen?.teamID, path: path, user: user)
    }
}
