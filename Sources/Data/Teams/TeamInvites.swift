package import PostgresClient

/// An invitation to be.
package struct NewTeamInvite: Sendable {
    package let id: UUID
    package let email: String
    package let role: String
    /// Of the token, which is only in the mail.
    package let tokenHash: [UInt8]
    package let message: String?
    package let invitedBy: UUID
    package let expiresAt: Timestamp

    package init(
        id: UUID,
        email: String,
        role: String,
        tokenHash: [UInt8],
        message: String?,
        invitedBy: UUID,
        expiresAt: Timestamp
    ) {
        self.id = id
        self.email = email
        self.role = role
        self.tokenHash = tokenHash
        self.message = message
        self.invitedBy = invitedBy
        self.expiresAt = expiresAt
    }
}

extension StatementRunner {
    /// Those of each team that wait for an answer, the newest first.
    package func pendingInvites(of scopes: [TeamScope], _ request: PageRequest) async throws -> [Page<TeamInviteRow>] {
        try await pages(TeamInviteStatements.ofTeams, request, of: scopes.map(\.teamID))
    }

    /// Those to each address that wait for an answer, the newest first.
    package func pendingInvites(to emails: [String], _ request: PageRequest) async throws -> [Page<TeamInviteRow>] {
        try await pages(TeamInviteStatements.toAddresses, request, of: emails)
    }

    package func teamInvites(_ ids: [UUID]) async throws -> [TeamInviteRow] {
        try await rows(TeamInviteStatements.byID, ids)
    }

    package func teamInvite(tokenHash: [UInt8]) async throws -> TeamInviteRow? {
        try await first(TeamInviteStatements.byToken, Bytes(tokenHash))
    }
}

extension Transaction {
    /// Whether this address belongs to a member already.
    package func isTeamMember(email: String, of scope: TeamScope) async throws -> Bool {
        try await one(TeamInviteStatements.isMember, scope.teamID, email)
    }

    package func pendingInviteCount(of scope: TeamScope) async throws -> Int {
        try await one(TeamInviteStatements.pendingCount, scope.teamID)
    }

    /// Nil when an invitation to this address waits for an answer already.
    package func insert(_ invite: NewTeamInvite, into scope: TeamScope) async throws -> TeamInviteRow? {
        try await execute(TeamInviteStatements.expire, scope.teamID)
        let inserted = try await execute(
            TeamInviteStatements.insert,
            invite.id,
            scope.teamID,
            invite.email,
            invite.role,
            Bytes(invite.tokenHash),
            invite.message,
            invite.invitedBy,
            invite.expiresAt
        )
        return inserted == 1 ? try await teamInvites([invite.id]).first : nil
    }

    /// Whose address this is, if they have shown that it is.
    package func confirmedOwner(ofEmail email: String) async throws -> UUID? {
        try await first(TeamInviteStatements.confirmedOwner, email)
    }

    /// The invitation of this id, which nobody else answers meanwhile.
    package func lockTeamInvite(_ id: UUID) async throws -> TeamInviteRow? {
        guard try await first(TeamInviteStatements.lock, id) != nil else { return nil }
        return try await teamInvites([id]).first
    }

    package func setInviteStatus(_ status: String, of invite: UUID) async throws -> TeamInviteRow? {
        try await execute(TeamInviteStatements.setStatus, invite, status)
        return try await teamInvites([invite]).first
    }

    /// Has an invitation wait for longer.
    package func extendInvite(_ invite: UUID, until end: Timestamp) async throws -> TeamInviteRow? {
        try await execute(TeamInviteStatements.extend, invite, end)
        return try await teamInvites([invite]).first
    }

    /// Whoever belongs to the team by now waits for no invitation into it.
    package func endInvite(of user: UUID, into scope: TeamScope) async throws {
        try await execute(TeamInviteStatements.endOfUser, scope.teamID, user)
    }

    /// A new token takes the place of the old one; false when the invitation waits no longer.
    package func setInviteToken(hash: [UInt8], of invite: UUID) async throws -> Bool {
        try await execute(TeamInviteStatements.setToken, invite, Bytes(hash)) == 1
    }

    /// Whether the team is there; others who change it wait.
    package func lockTeam(_ team: UUID) async throws -> Bool {
        try await first(TeamInviteStatements.lockTeam, team) != nil
    }

    package func memberCount(ofTeam team: UUID) async throws -> Int {
        try await one(TeamInviteStatements.memberCount, team)
    }
}

enum TeamInviteStatements {
    static let ofTeams = PagedLists<TeamInviteRow, Keyset<Timestamp, UUID>, UUID>(
        "Team.invites",
        by: [.descending("invite.created_at"), .descending("invite.id")],
        key: { Keyset($0.createdAt, $0.id) },
        """
        SELECT parent.number, invite.* FROM unnest($1) WITH ORDINALITY AS parent (id, number)
        CROSS JOIN LATERAL (
            SELECT invite.id, invite.team_id, t.name, invite.email::text, invite.role, invite.status, invite.message,
                invite.invited_by, invite.created_at, invite.expires_at, invite.responded_at
            FROM team_invites invite JOIN teams t ON t.id = invite.team_id AND t.deleted_at IS NULL
            WHERE invite.team_id = parent.id AND invite.status = 'PENDING' AND invite.expires_at > now() AND {after}
            ORDER BY {order} LIMIT {limit}
        ) AS invite
        ORDER BY parent.number, {order}
        """
    )
    static let toAddresses = PagedLists<TeamInviteRow, Keyset<Timestamp, UUID>, String>(
        "Viewer.teamInvites",
        by: [.descending("invite.created_at"), .descending("invite.id")],
        key: { Keyset($0.createdAt, $0.id) },
        """
        SELECT parent.number, invite.* FROM unnest($1::text[]) WITH ORDINALITY AS parent (email, number)
        CROSS JOIN LATERAL (
            SELECT invite.id, invite.team_id, t.name, invite.email::text, invite.role, invite.status, invite.message,
                invite.invited_by, invite.created_at, invite.expires_at, invite.responded_at
            FROM team_invites invite JOIN teams t ON t.id = invite.team_id AND t.deleted_at IS NULL
            WHERE invite.email = parent.email::citext AND invite.status = 'PENDING' AND invite.expires_at > now()
                AND {after}
            ORDER BY {order} LIMIT {limit}
        ) AS invite
        ORDER BY parent.number, {order}
        """
    )
    static let byID = Statement<TeamInviteRow, [UUID]>(
        """
        SELECT i.id, i.team_id, t.name, i.email::text, i.role,
            CASE WHEN i.status = 'PENDING' AND i.expires_at <= now() THEN 'EXPIRED' ELSE i.status END, i.message,
            i.invited_by, i.created_at, i.expires_at, i.responded_at
        FROM team_invites i JOIN teams t ON t.id = i.team_id AND t.deleted_at IS NULL WHERE i.id = ANY ($1)
        """
    )
    static let byToken = Statement<TeamInviteRow, Bytes>(
        """
        SELECT i.id, i.team_id, t.name, i.email::text, i.role,
            CASE WHEN i.status = 'PENDING' AND i.expires_at <= now() THEN 'EXPIRED' ELSE i.status END, i.message,
            i.invited_by, i.created_at, i.expires_at, i.responded_at
        FROM team_invites i JOIN teams t ON t.id = i.team_id AND t.deleted_at IS NULL WHERE i.token_hash = $1
        """
    )
    static let isMember = Statement<Bool, UUID, String>(
        """
        SELECT EXISTS (SELECT FROM team_members m JOIN users u ON u.id = m.user_id
            WHERE m.team_id = $1 AND u.email = $2::citext)
        """
    )
    static let confirmedOwner = Statement<UUID, String>(
        """
        SELECT id FROM users
        WHERE email = $1::citext AND email_verified_at IS NOT NULL AND status IN ('ACTIVE', 'PENDING_VERIFICATION')
        """
    )
    static let pendingCount = Statement<Int, UUID>(
        "SELECT count(*) FROM team_invites WHERE team_id = $1 AND status = 'PENDING' AND expires_at > now()"
    )
    static let expire = Command<UUID>(
        "UPDATE team_invites SET status = 'EXPIRED' WHERE team_id = $1 AND status = 'PENDING' AND expires_at <= now()"
    )
    static let insert = Command<UUID, UUID, String, String, Bytes, String?, UUID, Timestamp>(
        """
        INSERT INTO team_invites (id, team_id, email, role, token_hash, message, invited_by, expires_at)
        VALUES ($1, $2, $3::citext, $4, $5, $6, $7, $8)
        ON CONFLICT (team_id, email) WHERE status = 'PENDING' DO NOTHING
        """
    )
    static let lock = Statement<UUID, UUID>("SELECT id FROM team_invites WHERE id = $1 FOR UPDATE")
    static let setStatus = Command<UUID, String>(
        "UPDATE team_invites SET status = $2, responded_at = now() WHERE id = $1"
    )
    static let extend = Command<UUID, Timestamp>(
        "UPDATE team_invites SET expires_at = $2 WHERE id = $1 AND status = 'PENDING'"
    )
    static let endOfUser = Command<UUID, UUID>(
        """
        UPDATE team_invites i SET status = 'ACCEPTED', responded_at = now() FROM users u
        WHERE u.id = $2 AND i.team_id = $1 AND i.email = u.email AND i.status = 'PENDING'
        """
    )
    static let setToken = Command<UUID, Bytes>(
        "UPDATE team_invites SET token_hash = $2 WHERE id = $1 AND status = 'PENDING' AND expires_at > now()"
    )
    static let lockTeam = Statement<UUID, UUID>(
        "SELECT id FROM teams WHERE id = $1 AND deleted_at IS NULL FOR UPDATE"
    )
    static let memberCount = Statement<Int, UUID>("SELECT count(*) FROM team_members WHERE team_id = $1")
    static var all: [any CheckableStatement] {
        ofTeams.variants + toAddresses.variants + [
            byID, byToken, isMember, pendingCount, expire, insert, lock, setStatus, extend, endOfUser, setToken,
            lockTeam,
            memberCount, confirmedOwner,
        ]
    }
}
