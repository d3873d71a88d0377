internal import Credentials
package import Data
package import PostgresClient

/// Invites people into teams, and takes their answers.
package struct TeamInvitation {
    package struct Input: Sendable {
        package let email: String
        package let role: TeamRole
        package let message: String?

        package init(email: String, role: TeamRole, message: String?) {
            self.email = VisibleText.trimmed(email)
            self.role = role
            self.message = message.map(ComposedText.of)
        }

        var faults: [TeamFault] {
            var faults: [TeamFault] = []
            if !AccountNames.isEmail(email) {
                let rule = "Must be an e-mail address of at most 254 characters."
                faults.append(.invalid("email", rule))
            }
            if let message, message.unicodeScalars.count > 500 || !VisibleText.isText(message) {
                faults.append(.invalid("message", "Must have at most 500 characters."))
            }
            return faults
        }
    }

    private let work: TeamWork

    package init(_ services: IdentityServices, _ principal: Principal, from client: ClientInfo) {
        work = TeamWork(services: services, principal: principal, client: client)
    }

    package func create(_ access: TeamAccess, _ input: Input) async throws -> Result<TeamInviteRow, TeamFaults> {
        let (work, services) = (work, work.services)
        let user = work.principal.user.id
        try await services.limit("team_invite", by: user.description, 60, perSeconds: 3_600)
        return try await work.change(access, "team.invite") { scope, role, transaction in
            if let faults = TeamFaults(input.faults) { throw faults }
            let settings = try await transaction.settings(of: .team(scope))
            guard input.role == .guest || settings.value(of: SettingCatalog.membersInvite) == "any" else {
                throw TeamFaults(.forbidden, ["input", "role"], "The team invites guests alone.")
            }
            guard input.role != .owner, input.role <= role else {
                throw TeamFaults(.forbidden, ["input", "role"], "This is above what you may give.")
            }
            guard try await !transaction.isTeamMember(email: input.email, of: scope) else {
                throw TeamFaults(.alreadyMember, ["input", "email"], "Belongs to the team already.")
            }
            let pending = try await transaction.pendingInviteCount(of: scope)
            guard pending < TeamLimits.pendingInvitesPerTeam else {
                let limit = TeamLimits.pendingInvitesPerTeam
                let quota = FaultDetail.quota("teamInvites", limit: limit, used: pending)
                throw TeamFaults(.quotaExceeded, ["input"], "Too many invitations wait for an answer.", quota)
            }
            let invite = NewTeamInvite(
                id: services.newID(),
                email: input.email,
                role: input.role.rawValue,
                // Nobody has this one: the mail gets a token of its own when it is sent.
                tokenHash: OpaqueToken.random(.teamInvitation).hash,
                message: input.message,
                invitedBy: user,
                expiresAt: services.inviteEnd(settings)
            )
            guard let row = try await transaction.insert(invite, into: scope) else {
                throw TeamFaults(.alreadyExists, ["input", "email"], "Is invited already.")
            }
            let invitee = try await transaction.confirmedOwner(ofEmail: row.email)
            try await work.mail(row, to: invitee, in: transaction)
            try await work.tell(
                [.teamInvite(row.id, of: row.teamID, by: user)],
                invitee.map { [.teamInvite(row, to: $0, by: work.principal.user)] } ?? [],
                in: transaction
            )
            return row
        }
    }

    /// Sends the mail again, by which the one before becomes useless; the invitation waits as long as a new one.
    package func resend(_ access: TeamAccess, _ id: UUID?) async throws -> Result<TeamInviteRow, TeamFaults> {
        let (work, services) = (work, work.services)
        return try await work.change(access, "team.invite_resend") { scope, _, transaction in
            guard let id, let invite = try await transaction.lockTeamInvite(id), invite.teamID == scope.teamID else {
                throw TeamFaults(.notFound(["id"]))
            }
            let end = services.inviteEnd(try await transaction.settings(of: .team(scope)))
            guard invite.status == "PENDING", let row = try await transaction.extendInvite(invite.id, until: end) else {
                throw TeamFaults(.invalidTransition, ["id"], "It waits for no answer any more.")
            }
            let invitee = try await transaction.confirmedOwner(ofEmail: row.email)
            try await work.mail(row, to: invitee, in: transaction)
            work.tell([.teamInvite(row.id, of: row.teamID, by: work.principal.user.id)], in: transaction)
            return row
        }
    }

    package func revoke(_ access: TeamAccess, _ id: UUID?) async throws -> Result<TeamInviteRow, TeamFaults> {
        let work = work
        return try await work.change(access, "team.invite_revoke") { scope, _, transaction in
            guard let id, let invite = try await transaction.lockTeamInvite(id), invite.teamID == scope.teamID else {
                throw TeamFaults(.notFound(["id"]))
            }
            guard invite.status == "PENDING", let row = try await transaction.setInviteStatus("REVOKED", of: invite.id)
            else { throw TeamFaults(.invalidTransition, ["id"], "It waits for no answer any more.") }
            let event = NewEvent.teamInvite(invite.id, of: invite.teamID, by: work.principal.user.id)
            work.tell([event], in: transaction)
            return row
        }
    }
}

extension TeamWork {
    /// Sends the mail of an invitation, but not to somebody who has blocked whoever invites: neither learns of the other's doing.
    fileprivate func mail(_ invite: TeamInviteRow, to invitee: UUID?, in transaction: Transaction) async throws {
        if let invitee, try await !transaction.blockers(of: principal.user.id, among: [invitee]).isEmpty { return }
        try await MailOutbox(services).add(.teamInvitation(invite.id, to: invite.email), in: transaction)
    }
}

extension IdentityServices {
    fileprivate func inviteEnd(_ settings: [SettingRow]) -> Timestamp {
        time(afterSeconds: (Int64(settings.value(of: SettingCatalog.inviteDays)) ?? 7) * 86_400)
    }

    func time(afterSeconds seconds: Int64) -> Timestamp {
        Timestamp(microseconds: clock().microseconds + seconds * 1_000_000)
    }
}
