package import PostgresClient

/// A sign-in to be.
package struct NewAuthSession: Sendable {
    package let id: UUID
    package let userID: UUID
    package let method: String
    package let deviceName: String?
    package let userAgent: String
    package let address: InternetAddress?
    package let expiresAt: Timestamp

    package init(
        id: UUID,
        userID: UUID,
        method: String,
        deviceName: String?,
        userAgent: String,
        address: InternetAddress?,
        expiresAt: Timestamp
    ) {
        self.id = id
        self.userID = userID
        self.method = method
        self.deviceName = deviceName
        self.userAgent = userAgent
        self.address = address
        self.expiresAt = expiresAt
    }
}

extension Transaction {
    /// Those of these that lived and belong to the user.
    package func revokeSessions(_ ids: [UUID], of user: UUID, reason: String) async throws -> [UUID] {
        try await rows(AuthSessionWriteStatements.revoke, ids, user, reason)
    }

    /// All of the user but one; answers those that lived.
    package func revokeAllSessions(of user: UUID, except kept: UUID?, reason: String) async throws -> [UUID] {
        try await rows(AuthSessionWriteStatements.revokeAll, user, kept, reason)
    }

    package func touchSession(_ id: UUID, address: InternetAddress?, expiresAt: Timestamp) async throws {
        try await execute(AuthSessionWriteStatements.touch, id, address, expiresAt)
    }

    // MARK: Refresh tokens

    /// Waits for others that use the same session.
    package func lockRefreshToken(hash: [UInt8]) async throws -> RefreshTokenRow? {
        guard let session = try await first(AuthSessionWriteStatements.lockSession, Bytes(hash)) else { return nil }
        // Read after the lock is had: what was read before may have changed meanwhile.
        return try await first(AuthSessionWriteStatements.refreshToken, Bytes(hash), session)
    }

    package func insertRefreshToken(
        hash: [UInt8],
        session: UUID,
        generation: Int32,
        expiresAt: Timestamp
    ) async throws {
        try await execute(AuthSessionWriteStatements.insertToken, Bytes(hash), session, generation, expiresAt)
    }

    package func spendRefreshToken(hash: [UInt8], sealedSuccessor: [UInt8]) async throws {
        try await execute(AuthSessionWriteStatements.spendToken, Bytes(hash), Bytes(sealedSuccessor))
    }
}

extension StatementBatch {
    /// Also ends the sessions of the user that were not used for longest, beyond `limit`. Answers those it ended.
    package mutating func insert(_ session: NewAuthSession, limit: Int32) -> Answer<[UUID]> {
        execute(
            AuthSessionWriteStatements.insert,
            session.id,
            session.userID,
            session.method,
            session.deviceName,
            session.userAgent,
            session.address,
            session.expiresAt
        )
        return rows(AuthSessionWriteStatements.revokeBeyond, session.userID, limit)
    }

    /// The first of a session.
    package mutating func insertRefreshToken(hash: [UInt8], session: UUID, expiresAt: Timestamp) {
        execute(AuthSessionWriteStatements.insertToken, Bytes(hash), session, 1, expiresAt)
    }
}

enum AuthSessionWriteStatements {
    static let insert = Command<UUID, UUID, String, String?, String, InternetAddress?, Timestamp>(
        """
        INSERT INTO auth_sessions (id, user_id, method, device_name, user_agent, ip, expires_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7)
        """
    )
    static let revokeBeyond = Statement<UUID, UUID, Int32>(
        """
        UPDATE auth_sessions SET revoked_at = now(), revoke_reason = 'TOO_MANY' WHERE id IN (
            SELECT id FROM auth_sessions WHERE user_id = $1 AND revoked_at IS NULL
            ORDER BY last_used_at DESC, id DESC OFFSET $2
        ) RETURNING id
        """
    )
    static let revoke = Statement<UUID, [UUID], UUID, String>(
        """
        UPDATE auth_sessions SET revoked_at = now(), revoke_reason = $3
        WHERE id = ANY ($1) AND user_id = $2 AND revoked_at IS NULL RETURNING id
        """
    )
    static let revokeAll = Statement<UUID, UUID, UUID?, String>(
        """
        UPDATE auth_sessions SET revoked_at = now(), revoke_reason = $3
        WHERE user_id = $1 AND id IS DISTINCT FROM $2 AND revoked_at IS NULL RETURNING id
        """
    )
    static let touch = Command<UUID, InternetAddress?, Timestamp>(
        "UPDATE auth_sessions SET last_used_at = now(), ip = $2, expires_at = $3 WHERE id = $1"
    )
    static let lockSession = Statement<UUID, Bytes>(
        """
        SELECT s.id FROM auth_sessions s
        WHERE s.id = (SELECT session_id FROM refresh_tokens WHERE token_hash = $1) FOR UPDATE
        """
    )
    static let refreshToken = Statement<RefreshTokenRow, Bytes, UUID>(
        """
        SELECT t.generation, t.used_at, t.replaced_by, t.expires_at,
            EXISTS (SELECT FROM refresh_tokens n
                WHERE n.session_id = t.session_id AND n.generation = t.generation + 1 AND n.used_at IS NOT NULL),
            t.session_id
        FROM refresh_tokens t WHERE t.token_hash = $1 AND t.session_id = $2
        """
    )
    static let insertToken = Command<Bytes, UUID, Int32, Timestamp>(
        "INSERT INTO refresh_tokens (token_hash, session_id, generation, expires_at) VALUES ($1, $2, $3, $4)"
    )
    static let spendToken = Command<Bytes, Bytes>(
        "UPDATE refresh_tokens SET used_at = now(), replaced_by = $2 WHERE token_hash = $1"
    )
    static let all: [any CheckableStatement] = [
        insert, revokeBeyond, revoke, revokeAll, touch, lockSession, refreshToken, insertToken, spendToken,
    ]
}
