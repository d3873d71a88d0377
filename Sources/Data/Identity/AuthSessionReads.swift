package import PostgresClient

extension StatementRunner {
    /// The session and who it is of, whether it lives or not.
    package func sessionOwner(_ id: UUID) async throws -> SessionOwnerRow? {
        try await first(AuthSessionReadStatements.owner, id)
    }

    /// The same for many sessions.
    package func sessionOwners(_ ids: [UUID]) async throws -> [SessionOwnerRow] {
        try await rows(AuthSessionReadStatements.owners, ids)
    }

    /// Whether nobody has ended it.
    package func isLiving(session: UUID) async throws -> Bool {
        try await one(AuthSessionReadStatements.isLiving, session)
    }

}

extension StatementBatch {
    /// A session that is there, and whose it is.
    package mutating func sessionOwner(_ id: UUID) -> Answer<SessionOwnerRow> {
        one(AuthSessionReadStatements.owner, id)
    }

    /// Whether its account was used before, and never by the same program.
    package mutating func isNewDevice(_ session: UUID, of user: UUID) -> Answer<Bool> {
        one(AuthSessionReadStatements.isNewDevice, session, user)
    }
}

extension Session {
    /// Those of these that live and belong to the user.
    package func authSessions(_ ids: [UUID], of user: UUID) async throws -> [AuthSessionRow] {
        try await rows(AuthSessionReadStatements.byID, ids, user)
    }

    /// Those that live, the last used first.
    package func liveSessions(of user: UUID, limit: Int32) async throws -> [AuthSessionRow] {
        try await rows(AuthSessionReadStatements.live, user, limit)
    }
}

enum AuthSessionReadStatements {
    static let owner = Statement<SessionOwnerRow, UUID>(
        """
        SELECT s.id, s.user_id, s.method, s.device_name, s.user_agent, s.ip, s.verified_at, s.created_at,
            s.last_used_at, s.expires_at, s.revoked_at,
            u.id, u.email::text, u.username::text, u.name, u.status, u.email_verified_at, u.locale, u.time_zone,
            u.session_epoch, ARRAY(SELECT role FROM user_roles r WHERE r.user_id = u.id ORDER BY role), u.created_at,
            u.updated_at
        FROM auth_sessions s JOIN users u ON u.id = s.user_id WHERE s.id = $1
        """
    )
    static let owners = Statement<SessionOwnerRow, [UUID]>(
        """
        SELECT s.id, s.user_id, s.method, s.device_name, s.user_agent, s.ip, s.verified_at, s.created_at,
            s.last_used_at, s.expires_at, s.revoked_at,
            u.id, u.email::text, u.username::text, u.name, u.status, u.email_verified_at, u.locale, u.time_zone,
            u.session_epoch, ARRAY(SELECT role FROM user_roles r WHERE r.user_id = u.id ORDER BY role), u.created_at,
            u.updated_at
        FROM auth_sessions s JOIN users u ON u.id = s.user_id WHERE s.id = ANY ($1)
        """
    )
    static let isLiving = Statement<Bool, UUID>(
        "SELECT EXISTS (SELECT FROM auth_sessions WHERE id = $1 AND revoked_at IS NULL)"
    )
    static let byID = Statement<AuthSessionRow, [UUID], UUID>(
        """
        SELECT id, user_id, method, device_name, user_agent, ip, verified_at, created_at, last_used_at, expires_at,
            revoked_at
        FROM auth_sessions WHERE id = ANY ($1) AND user_id = $2 AND revoked_at IS NULL AND expires_at > now()
        """
    )
    // The order has no meaning: it keeps the index in use where the table would be read from a bad end.
    static let isNewDevice = Statement<Bool, UUID, UUID>(
        """
        SELECT EXISTS (
                SELECT FROM (
                    SELECT id FROM auth_sessions WHERE user_id = $2 AND id <> $1 ORDER BY user_agent LIMIT 1
                ) AS another
            )
            AND NOT EXISTS (
                SELECT FROM auth_sessions o JOIN auth_sessions s ON s.user_agent = o.user_agent
                WHERE s.id = $1 AND o.user_id = $2 AND o.id <> $1
            )
        """
    )
    static let live = Statement<AuthSessionRow, UUID, Int32>(
        """
        SELECT id, user_id, method, device_name, user_agent, ip, verified_at, created_at, last_used_at, expires_at,
            revoked_at
        FROM auth_sessions WHERE user_id = $1 AND revoked_at IS NULL AND expires_at > now()
        ORDER BY last_used_at DESC, id LIMIT $2
        """
    )
    static let all: [any CheckableStatement] = [owner, owners, isLiving, byID, isNewDevice, live]
}
