internal import Credentials
package import Data
package import PostgresClient

/// Accepts and declines invitations into teams.
package struct TeamInviteAnswer {
    /// How an invitation is named.
    package enum Key: Sendable {
        case token(String)
        case id(UUID?)
    }

    private let work: TeamWork

    package init(_ services: IdentityServices, _ principal: Principal, from client: ClientInfo) {
        work = TeamWork(services: services, principal: principal, client: client)
    }

    package func accept(_ key: Key) async throws -> Result<TeamScope, TeamFaults> {
        let services = work.services
        let user = work.principal.user.id
        let found = try await services.teamInvite(key)
        return try await work.audited("team.invite_accept", team: found?.teamID) { [self] transaction in
            let invite = try await answerable(found, key, transaction)
            let members = try await transaction.memberCount(ofTeam: invite.teamID)
            guard members < TeamLimits.membersPerTeam else {
                let limit = TeamLimits.membersPerTeam
                let quota = FaultDetail.quota("teamMembers", limit: limit, used: members)
                throw TeamFaults(.quotaExceeded, key.path, "The team has as many members as it may.", quota)
            }
            let member = NewTeamMember(
                id: services.newID(),
                userID: user,
                role: invite.role,
                invitedBy: invite.invitedBy
            )
            guard try await !transaction.insertTeamMembers([member], of: invite.teamID).isEmpty else {
                throw TeamFaults(.alreadyMember, key.path, "You belong to the team already.")
            }
            _ = try await transaction.setInviteStatus("ACCEPTED", of: invite.id)
            guard let scope = try await transaction.lockTeamScope(of: user, in: invite.teamID) else {
                throw PostgresError.rowCount(0)
            }
            work.tell(
                NewEvent.teamMember(user, of: invite.teamID, by: user)
                    + [.teamInvite(invite.id, of: invite.teamID, by: user)],
                in: transaction
            )
            return scope
        }
    }

    package func decline(_ key: Key) async throws -> Result<TeamInviteRow, TeamFaults> {
        let found = try await work.services.teamInvite(key)
        return try await work.audited("team.invite_decline", team: found?.teamID) { [self] transaction in
            let invite = try await answerable(found, key, transaction)
            guard let row = try await transaction.setInviteStatus("DECLINED", of: invite.id) else {
                throw PostgresError.rowCount(0)
            }
            let event = NewEvent.teamInvite(invite.id, of: invite.teamID, by: work.principal.user.id)
            work.tell([event], in: transaction)
            return row
        }
    }

    /// The invitation, if the principal may answer it, locked until the transaction ends.
    private func answerable(
        _ found: TeamInviteRow?,
        _ key: Key,
        _ transaction: Transaction
    ) async throws -> TeamInviteRow {
        let user = work.principal.user
        // The team first, as everywhere: nobody waits for each other.
        guard let found, try await transaction.lockTeam(found.teamID),
            let invite = try await transaction.lockTeamInvite(found.id)
        else { throw TeamFaults(key.unknown) }
        guard let email = user.email, email.lowercased() == invite.email.lowercased() else {
            // Who has the token knows of the invitation; who guessed an id is told nothing.
            if case .id = key { throw TeamFaults(key.unknown) }
            throw TeamFaults(.forbidden, key.path, "It was sent to another address.")
        }
        if case .id = key, user.emailVerifiedAt == nil {
            throw TeamFaults(.forbidden, key.path, "Confirm your address first, or use the link of the mail.")
        }
        switch invite.status {
        case "PENDING": return invite
        case "EXPIRED": throw TeamFaults(.inviteExpired, key.path, "Its time is over; ask for another.")
        default: throw TeamFaults(.inviteRevoked, key.path, "It waits for no answer any more.")
        }
    }
}

extension IdentityServices {
    /// The invitation of this token or id, whoever it is to.
    package func teamInvite(_ key: TeamInviteAnswer.Key) async throws -> TeamInviteRow? {
        switch key {
        case .token(let text):
            guard let token = OpaqueToken(text, .teamInvitation) else { return nil }
            return try await database.session.teamInvite(tokenHash: token.hash)
        case .id(let id): return try await database.session.teamInvites(id.map { [$0] } ?? []).first
        }
    }
}

extension TeamInviteAnswer.Key {
    fileprivate var path: [String] {
        switch self {
        case .token: ["by", "token"]
        case .id: ["by", "id"]
        }
    }

    fileprivate var unknown: TeamFault {
        switch self {
        case .token: TeamFault(.tokenInvalid, path, "This is no token of an invitation.")
        case .id: .notFound(path)
        }
    }
}
