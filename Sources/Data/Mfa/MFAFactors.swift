package import PostgresClient

extension StatementRunner {
    /// The authenticators of somebody, the oldest first; those that were never confirmed too.
    package func mfaFactors(of user: UUID) async throws -> [MFAFactorRow] {
        try await rows(MFAStatements.ofUser, user)
    }

    package func hasSecondFactor(_ user: UUID) async throws -> Bool { try await one(MFAStatements.exists, user) }

    /// Recovery codes that were not used.
    package func recoveryCodesLeft(of user: UUID) async throws -> Int {
        try await one(MFAStatements.recoveryCodesLeft, user)
    }
}

extension Transaction {
    /// Nobody else changes them meanwhile, and none are added.
    package func lockMFAFactors(of user: UUID) async throws -> [MFAFactorRow] {
        _ = try await rows(MFAStatements.lockUser, user)
        return try await rows(MFAStatements.ofUser, user)
    }

    /// Takes the place of one that was never confirmed.
    package func insertMFAFactor(_ id: UUID, of user: UUID, name: String, sealedSecret: [UInt8]) async throws {
        try await execute(MFAStatements.removeUnconfirmed, user)
        try await execute(MFAStatements.insert, id, user, name, Bytes(sealedSecret))
    }

    package func confirmMFAFactor(_ id: UUID, step: Int64) async throws {
        try await execute(MFAStatements.confirm, id, step)
    }

    /// False when a code of this step or a later one was used before.
    package func useMFAFactor(_ id: UUID, step: Int64) async throws -> Bool {
        try await execute(MFAStatements.use, id, step) == 1
    }

    /// With the last one go the recovery codes.
    package func removeMFAFactor(_ id: UUID, of user: UUID) async throws {
        try await execute(MFAStatements.remove, id, user)
        try await execute(MFAStatements.removeRecoveryCodes, user)
    }

    /// Those there were are of no use any more.
    package func replaceRecoveryCodes(of user: UUID, hashes: [[UInt8]]) async throws {
        try await execute(MFAStatements.removeAllRecoveryCodes, user)
        try await execute(MFAStatements.insertRecoveryCodes, user, hashes.map(Bytes.init))
    }

    /// False when there is no such code, or it was used.
    package func useRecoveryCode(of user: UUID, hash: [UInt8]) async throws -> Bool {
        try await execute(MFAStatements.useRecoveryCode, user, Bytes(hash)) == 1
    }

    // MARK: Sign-ins that wait

    package func insertMFAChallenge(
        hash: [UInt8],
        user: UUID,
        method: String,
        deviceName: String?,
        expiresAt: Timestamp
    ) async throws {
        try await execute(MFAStatements.insertChallenge, Bytes(hash), user, method, deviceName, expiresAt)
    }

    package func lockMFAChallenge(hash: [UInt8]) async throws -> MFAChallengeRow? {
        try await first(MFAStatements.lockChallenge, Bytes(hash))
    }

    package func endMFAChallenge(hash: [UInt8]) async throws {
        try await execute(MFAStatements.endChallenge, Bytes(hash))
    }
}

extension Session {
    /// Whose sign-in it is.
    package func mfaChallengeOwner(hash: [UInt8]) async throws -> UUID? {
        try await first(MFAStatements.challengeOwner, Bytes(hash))
    }
}

enum MFAStatements {
    static let ofUser = Statement<MFAFactorRow, UUID>(
        """
        SELECT id, user_id, name, coalesce(secret_enc, ''), last_step, confirmed_at, used_at, created_at FROM mfa_factors
        WHERE user_id = $1 AND kind = 'TOTP' ORDER BY created_at, id
        """
    )
    static let exists = Statement<Bool, UUID>(
        """
        SELECT EXISTS (SELECT FROM mfa_factors WHERE user_id = $1 AND kind = 'TOTP' AND confirmed_at IS NOT NULL)
        """
    )
    static let recoveryCodesLeft = Statement<Int, UUID>(
        "SELECT count(*) FROM mfa_factors WHERE user_id = $1 AND kind = 'RECOVERY_CODE' AND used_at IS NULL"
    )
    static let lockUser = Statement<UUID, UUID>("SELECT id FROM users WHERE id = $1 FOR NO KEY UPDATE")
    static let removeUnconfirmed = Command<UUID>(
        "DELETE FROM mfa_factors WHERE user_id = $1 AND kind = 'TOTP' AND confirmed_at IS NULL"
    )
    static let insert = Command<UUID, UUID, String, Bytes>(
        "INSERT INTO mfa_factors (id, user_id, kind, name, secret_enc) VALUES ($1, $2, 'TOTP', $3, $4)"
    )
    static let confirm = Command<UUID, Int64>(
        "UPDATE mfa_factors SET confirmed_at = now(), used_at = now(), last_step = $2 WHERE id = $1"
    )
    static let use = Command<UUID, Int64>(
        """
        UPDATE mfa_factors SET used_at = now(), last_step = $2
        WHERE id = $1 AND (last_step IS NULL OR last_step < $2)
        """
    )
    static let remove = Command<UUID, UUID>("DELETE FROM mfa_factors WHERE id = $1 AND user_id = $2")
    static let removeRecoveryCodes = Command<UUID>(
        """
        DELETE FROM mfa_factors WHERE user_id = $1 AND kind = 'RECOVERY_CODE' AND NOT EXISTS (
            SELECT FROM mfa_factors o WHERE o.user_id = $1 AND o.kind = 'TOTP' AND o.confirmed_at IS NOT NULL
        )
        """
    )
    static let removeAllRecoveryCodes = Command<UUID>(
        "DELETE FROM mfa_factors WHERE user_id = $1 AND kind = 'RECOVERY_CODE'"
    )
    static let insertRecoveryCodes = Command<UUID, [Bytes]>(
        """
        INSERT INTO mfa_factors (user_id, kind, name, code_hash, confirmed_at)
        SELECT $1, 'RECOVERY_CODE', '', hash, now() FROM unnest($2) AS hash
        """
    )
    static let useRecoveryCode = Command<UUID, Bytes>(
        """
        UPDATE mfa_factors SET used_at = now()
        WHERE user_id = $1 AND kind = 'RECOVERY_CODE' AND code_hash = $2 AND used_at IS NULL
        """
    )
    static let insertChallenge = Command<Bytes, UUID, String, String?, Timestamp>(
        """
        INSERT INTO one_time_tokens (token_hash, purpose, user_id, data, expires_at)
        VALUES ($1, 'MFA_CHALLENGE', $2, jsonb_build_object('method', $3::text, 'device', $4::text), $5)
        """
    )
    static let challengeOwner = Statement<UUID, Bytes>(
        """
        SELECT u.id FROM one_time_tokens t JOIN users u ON u.id = t.user_id
        WHERE t.token_hash = $1 AND t.purpose = 'MFA_CHALLENGE'
        """
    )
    static let lockChallenge = Statement<MFAChallengeRow, Bytes>(
        """
        SELECT u.id, coalesce(t.data ->> 'method', 'PASSWORD'), t.data ->> 'device', t.expires_at, t.used_at
        FROM one_time_tokens t JOIN users u ON u.id = t.user_id
        WHERE t.token_hash = $1 AND t.purpose = 'MFA_CHALLENGE' AND u.status IN ('ACTIVE', 'PENDING_VERIFICATION')
        FOR UPDATE OF t
        """
    )
    static let endChallenge = Command<Bytes>("UPDATE one_time_tokens SET used_at = now() WHERE token_hash = $1")
    static let all: [any CheckableStatement] = [
        ofUser, exists, recoveryCodesLeft, lockUser, removeUnconfirmed, insert, confirm, use, remove,
        removeRecoveryCodes, removeAllRecoveryCodes, insertRecoveryCodes, useRecoveryCode, insertChallenge,
        challengeOwner, lockChallenge, endChallenge,
    ]
}
