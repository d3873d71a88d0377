package import Data
package import PostgresClient

/// Makes somebody with an account a member of a team, without an invitation. They are told, and can leave.
package struct TeamMemberAdd {
    /// The new member, in the team as it is now.
    package typealias Added = (scope: TeamScope, member: TeamMemberRow)

    private let work: TeamWork

    package init(_ services: IdentityServices, _ principal: Principal, from client: ClientInfo) {
        work = TeamWork(services: services, principal: principal, client: client)
    }

    package func run(_ access: TeamAccess, _ user: UUID?, as role: TeamRole) async throws -> Result<Added, TeamFaults> {
        let (work, services) = (work, work.services)
        let me = work.principal.user.id
        return try await work.change(
            access,
            "team.member_add",
            changes: { _, added in
                [AuditChange("role of \(GlobalID.text("usr", added.member.userID))", nil, added.member.role)]
            }
        ) { scope, own, transaction in
            guard role != .owner, role <= own else {
                throw TeamFaults(.forbidden, ["role"], "This is above what you may give.")
            }
            let settings = try await transaction.settings(of: .team(scope))
            guard role == .guest || settings.value(of: SettingCatalog.membersInvite) == "any" else {
                throw TeamFaults(.forbidden, ["role"], "The team takes guests alone.")
            }
            guard let user, try await !transaction.lockActiveUsers([user]).isEmpty,
                try await transaction.blockers(of: me, among: [user]).isEmpty
            else { throw TeamFaults(.notFound(["userId"])) }
            let count = try await transaction.memberCount(ofTeam: scope.teamID)
            guard count < TeamLimits.membersPerTeam else {
                let limit = TeamLimits.membersPerTeam
                let quota = FaultDetail.quota("teamMembers", limit: limit, used: count)
                throw TeamFaults(.quotaExceeded, ["teamId"], "The team has as many members as it may.", quota)
            }
            let member = NewTeamMember(id: services.newID(), userID: user, role: role.rawValue, invitedBy: me)
            guard try await !transaction.insertTeamMembers([member], of: scope.teamID).isEmpty else {
                throw TeamFaults(.alreadyMember, ["userId"], "They belong to the team already.")
            }
            try await transaction.endInvite(of: user, into: scope)
            let changed = try await transaction.changed(scope, for: me)
            guard let row = try await transaction.teamMember(user, in: changed) else { throw PostgresError.rowCount(0) }
            try await work.tell(
                NewEvent.teamMember(user, of: scope.teamID, by: me),
                [.teamMembership(user, role, in: scope.team, by: me)],
                in: transaction
            )
            return (changed, row)
        }
    }
}
