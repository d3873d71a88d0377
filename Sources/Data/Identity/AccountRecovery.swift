package import PostgresClient

/// What somebody may do to an account who reads the mails of its address.
extension Transaction {
    /// Nobody else changes how the user signs in until the transaction ends.
    package func hold(_ user: UUID) async throws { _ = try await rows(MFAStatements.lockUser, user) }

    /// Ends what was begun for somebody and waits to be gone on with: sign-ins that wait for a code, an address that waits for
    /// its link, accounts elsewhere that are to be linked. Whoever ends sessions because they are not all theirs ends this.
    package func endWhatWaits(of user: UUID) async throws {
        try await spendOneTimeTokens(of: user, .mfaChallenge, .emailChange)
        try await execute(AccountRecoveryStatements.endLinking, user)
    }

    /// False when the account has another address by now.
    package func confirmEmail(_ email: String, of user: UUID) async throws -> Bool {
        try await execute(AccountRecoveryStatements.confirm, user, email) == 1
    }

    /// Gives an account another address, which is confirmed; false when somebody has it or may take it back, or the account
    /// is closed.
    package func changeEmail(to email: String, of user: UUID) async throws -> Bool {
        try await execute(AccountRecoveryStatements.changeEmail, user, email) == 1
    }

    /// Gives an account an address back, without the password it had, and ends access tokens; false when somebody else has it
    /// by now.
    package func restoreEmail(_ email: String, of user: UUID) async throws -> Bool {
        try await execute(AccountRecoveryStatements.restoreEmail, user, email) == 1
    }

    /// Takes away accounts elsewhere that sign in, authenticators and recovery codes which were added since then.
    package func removeWaysIn(of user: UUID, addedSince time: Timestamp) async throws -> RemovedWaysIn {
        let linked = try await rows(AccountRecoveryStatements.unlink, user, time)
        let factors = try await rows(AccountRecoveryStatements.removeFactors, user, time)
        try await execute(AccountRecoveryStatements.removeCodes, user, time)
        try await execute(MFAStatements.removeRecoveryCodes, user)
        return RemovedWaysIn(linked: linked, factors: factors)
    }

    /// Sets the hash of a new password and ends access tokens. Opens an account that its owner had closed, and confirms the
    /// address that the mail came to.
    package func resetPassword(_ hash: String, of user: UUID, provenEmail: String) async throws -> Bool {
        try await execute(AccountRecoveryStatements.reset, user, hash, provenEmail) == 1
    }
}

package struct RemovedWaysIn: Sendable, Equatable {
    /// The providers.
    package let linked: [String]
    /// What authenticators were called.
    package let factors: [String]
}

enum AccountRecoveryStatements {
    static let confirm = Command<UUID, String>(
        """
        UPDATE users SET email_verified_at = coalesce(email_verified_at, now()),
            status = CASE WHEN status = 'PENDING_VERIFICATION' THEN 'ACTIVE' ELSE status END
        WHERE id = $1 AND email = $2::citext AND status <> 'DELETED'
        """
    )
    static let reset = Command<UUID, String, String>(
        """
        UPDATE users SET password_hash = $2, session_epoch = session_epoch + 1,
            email_verified_at = coalesce(email_verified_at, now()),
            status = CASE WHEN status IN ('PENDING_VERIFICATION', 'DEACTIVATED') THEN 'ACTIVE' ELSE status END
        WHERE id = $1 AND email = $3::citext AND status <> 'DELETED'
        """
    )
    static let changeEmail = Command<UUID, String>(
        """
        UPDATE users SET email = $2::citext, email_verified_at = now(), status = 'ACTIVE'
        WHERE id = $1 AND status IN ('ACTIVE', 'PENDING_VERIFICATION')
            AND NOT EXISTS (SELECT FROM users o WHERE o.email = $2::citext) AND NOT email_is_reserved($2::citext, $1)
        """
    )
    static let restoreEmail = Command<UUID, String>(
        """
        UPDATE users SET email = $2::citext, email_verified_at = now(), password_hash = NULL,
            session_epoch = session_epoch + 1,
            status = CASE WHEN status = 'PENDING_VERIFICATION' THEN 'ACTIVE' ELSE status END
        WHERE id = $1 AND status <> 'DELETED'
            AND NOT EXISTS (SELECT FROM users o WHERE o.email = $2::citext AND o.id <> $1)
        """
    )
    static let unlink = Statement<String, UUID, Timestamp>(
        """
        WITH gone AS (DELETE FROM oauth_identities WHERE user_id = $1 AND linked_at >= $2 RETURNING provider)
        SELECT provider FROM gone ORDER BY provider
        """
    )
    static let removeFactors = Statement<String, UUID, Timestamp>(
        """
        WITH gone AS (
            DELETE FROM mfa_factors WHERE user_id = $1 AND kind = 'TOTP' AND greatest(created_at, confirmed_at) >= $2
            RETURNING id, name
        )
        SELECT name FROM gone ORDER BY name, id
        """
    )
    static let removeCodes = Command<UUID, Timestamp>(
        "DELETE FROM mfa_factors WHERE user_id = $1 AND kind = 'RECOVERY_CODE' AND created_at >= $2"
    )
    static let endLinking = Command<UUID>("DELETE FROM oauth_attempts WHERE user_id = $1")
    static let all: [any CheckableStatement] = [
        confirm, reset, changeEmail, restoreEmail, unlink, removeFactors, removeCodes, endLinking,
    ]
}
