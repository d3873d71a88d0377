package import Data
package import PostgresClient

/// Changes who belongs to a team, and what they are in it.
package struct TeamMembership {
    /// A member and the team, as they are now.
    package struct Changed: Sendable {
        package let scope: TeamScope
        package let member: TeamMemberRow
        /// What they were before.
        fileprivate let formerRole: String
    }

    private let work: TeamWork

    package init(_ services: IdentityServices, _ principal: Principal, from client: ClientInfo) {
        work = TeamWork(services: services, principal: principal, client: client)
    }

    package func remove(_ user: UUID?, from access: TeamAccess) async throws -> Result<TeamScope, TeamFaults> {
        let work = work
        let me = work.principal.user.id
        return try await work.change(access, "team.member_remove") { scope, role, transaction in
            let member = try await Self.member(user, in: scope, transaction)
            try Self.mayChange(member, by: role)
            try await transaction.revokeAPIKeys(of: scope, madeBy: member.userID)
            try await transaction.removeTeamMember(member.userID, from: scope)
            // Whoever takes themselves out sees the team as it was.
            let changed = member.userID == me ? scope : try await transaction.changed(scope, for: me)
            try await work.tell(
                NewEvent.teamMember(member.userID, of: scope.teamID, by: me),
                [.teamMembership(member.userID, nil, in: scope.team, by: me)],
                in: transaction
            )
            return changed
        }
    }

    package func setRole(
        _ newRole: TeamRole,
        of user: UUID?,
        in access: TeamAccess
    ) async throws -> Result<Changed, TeamFaults> {
        let work = work
        let me = work.principal.user.id
        return try await work.change(
            access,
            "team.member_role",
            changes: { _, changed in
                [
                    AuditChange(
                        "role of \(GlobalID.text("usr", changed.member.userID))",
                        changed.formerRole,
                        changed.member.role
                    )
                ]
            }
        ) {
            scope,
            role,
            transaction in
            let member = try await Self.member(user, in: scope, transaction)
            try Self.mayChange(member, by: role)
            guard newRole != .owner else {
                throw TeamFaults(.forbidden, ["role"], "Ownership is transferred, not given.")
            }
            guard newRole <= role else { throw TeamFaults(.forbidden, ["role"], "This is above your own role.") }
            try await transaction.setTeamRole(newRole.rawValue, of: member.userID, in: scope)
            let changed = try await transaction.changed(scope, for: me)
            let now = try await Self.member(member.userID, in: changed, transaction)
            try await work.tell(
                NewEvent.teamMember(member.userID, of: scope.teamID, by: me),
                [.teamMembership(member.userID, newRole, in: scope.team, by: me)],
                in: transaction
            )
            return Changed(scope: changed, member: now, formerRole: member.role)
        }
    }

    package func transfer(_ access: TeamAccess, to user: UUID?) async throws -> Result<TeamScope, TeamFaults> {
        let work = work
        let me = work.principal.user.id
        return try await work.change(access, "team.transfer") { scope, _, transaction in
            let member = try await Self.member(user, in: scope, transaction, path: ["toUserId"])
            guard member.userID != me else {
                throw TeamFaults(.alreadyMember, ["toUserId"], "You own it already.")
            }
            guard try await !transaction.lockActiveUsers([member.userID]).isEmpty else {
                throw TeamFaults(.notAMember, ["toUserId"], "Their account is closed, or is to be deleted.")
            }
            try await transaction.transferTeam(scope, to: member.userID)
            let changed = try await transaction.changed(scope, for: me)
            try await work.tell(
                NewEvent.teamMember(member.userID, of: scope.teamID, by: me)
                    + NewEvent.teamMember(me, of: scope.teamID, by: me),
                [.teamMembership(member.userID, .owner, in: scope.team, by: me)],
                in: transaction
            )
            return changed
        }
    }

    package func leave(_ access: TeamAccess) async throws -> Result<Void, TeamFaults> {
        let work = work
        let me = work.principal.user.id
        return try await work.change(access, "team.leave") { scope, role, transaction in
            guard role != .owner else {
                throw TeamFaults(.lastOwner, ["teamId"], "Give the team to somebody else first.")
            }
            try await transaction.revokeAPIKeys(of: scope, madeBy: me)
            try await transaction.removeTeamMember(me, from: scope)
            work.tell(NewEvent.teamMember(me, of: scope.teamID, by: me), in: transaction)
        }
    }

    private static func member(
        _ user: UUID?,
        in scope: TeamScope,
        _ transaction: Transaction,
        path: [String] = ["userId"]
    ) async throws -> TeamMemberRow {
        guard let user, let member = try await transaction.teamMember(user, in: scope) else {
            throw TeamFaults(.notAMember, path, "Nobody of this id belongs to the team.")
        }
        return member
    }

    /// The owner is changed by a transfer alone; all others by those who do not stand below them.
    private static func mayChange(_ member: TeamMemberRow, by role: TeamRole) throws {
        guard member.role != TeamRole.owner.rawValue else {
            throw TeamFaults(.lastOwner, ["userId"], "The team would have no owner.")
        }
        guard let theirs = TeamRole(rawValue: member.role), theirs <= role else {
            throw TeamFaults(.forbidden, ["userId"], "Their role is above your own.")
        }
    }
}
