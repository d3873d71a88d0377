package import PostgresClient

/// What a secret of a link is for.
package enum OneTimePurpose: String, Sendable {
    case emailVerification = "EMAIL_VERIFY"
    case passwordReset = "PASSWORD_RESET"
    case emailChange = "EMAIL_CHANGE"
    /// Gives an account the address back that it had.
    case emailUndo = "EMAIL_UNDO"
    /// A sign-in that waits for its second step.
    case mfaChallenge = "MFA_CHALLENGE"
}

/// A secret that is good once, for a while; only its hash is kept.
package struct OneTimeTokenRow: PostgresRow, Sendable {
    package let userID: UUID?
    /// Of one account later ones have greater numbers.
    package let number: Int
    package let createdAt: Timestamp
    /// JSON.
    package let data: JSONText
    package let expiresAt: Timestamp
    package let usedAt: Timestamp?

    package init(from row: inout RowReader) throws {
        userID = try row.next()
        number = try row.next()
        createdAt = try row.next()
        data = try row.next()
        expiresAt = try row.next()
        usedAt = try row.next()
    }
}

/// The secret that a mail's link is to have. Nobody knows it before the mail is sent; what ends those of somebody ends it, too.
package struct NewMailedToken: Sendable {
    package let mailID: UUID
    package let purpose: OneTimePurpose
    package let userID: UUID
    /// By which it was asked for.
    package let sessionID: UUID?
    /// Of something that nobody is told.
    package let hash: [UInt8]
    package let expiresAt: Timestamp

    package init(
        ofMail mailID: UUID,
        _ purpose: OneTimePurpose,
        of userID: UUID,
        askedBy sessionID: UUID?,
        hash: [UInt8],
        expiresAt: Timestamp
    ) {
        self.mailID = mailID
        self.purpose = purpose
        self.userID = userID
        self.sessionID = sessionID
        self.hash = hash
        self.expiresAt = expiresAt
    }
}

extension Transaction {
    /// Good for the address that the mail goes to; nothing where there is no such mail.
    package func insert(_ token: NewMailedToken) async throws {
        try await execute(
            OneTimeTokenStatements.insertMailed,
            Bytes(token.hash),
            token.purpose.rawValue,
            token.userID,
            token.sessionID,
            token.expiresAt,
            token.mailID
        )
    }

    /// Gives the link of a mail its secret, in place of one it had; false where it was ended. It is good until then, or, where it
    /// undoes something, as long as it is from when that was done.
    package func setMailedToken(hash: [UInt8], ofMail mail: UUID, expiresAt: Timestamp) async throws -> Bool {
        try await execute(OneTimeTokenStatements.setMailed, mail, Bytes(hash), expiresAt) == 1
    }

    /// The secret of this hash; whoever asks for it at the same time waits. So does everybody who changes how its owner signs
    /// in, and they are waited for first: two that end each other's secrets do not wait for each other.
    package func lockOneTimeToken(hash: [UInt8], _ purpose: OneTimePurpose) async throws -> OneTimeTokenRow? {
        guard let user = try await first(OneTimeTokenStatements.owner, Bytes(hash), purpose.rawValue) else {
            return nil
        }
        _ = try await rows(MFAStatements.lockUser, user)
        return try await first(OneTimeTokenStatements.lock, Bytes(hash), purpose.rawValue)
    }

    /// Ends all secrets of somebody for these purposes.
    package func spendOneTimeTokens(of user: UUID, _ purposes: OneTimePurpose...) async throws {
        try await execute(OneTimeTokenStatements.spendAll, user, purposes.map(\.rawValue))
    }

    /// Ends those by which changes of somebody's address can be undone, from one on: those of earlier changes stay.
    package func spendUndoTokens(of user: UUID, from number: Int) async throws {
        try await execute(OneTimeTokenStatements.spendUndo, user, number)
    }

    /// Lets the links of changes before one be good until then at least: an older link outlives those after it.
    package func extendUndoTokens(
        of user: UUID,
        before number: Int = .max,
        until end: Timestamp,
        at now: Timestamp
    ) async throws {
        try await execute(OneTimeTokenStatements.extendUndo, user, number, end, now)
    }

    /// Of those by which somebody's account can be given this address, the oldest.
    package func undoToken(of user: UUID, to email: String, at now: Timestamp) async throws -> Int? {
        try await first(OneTimeTokenStatements.undoTo, user, email, now)
    }

    /// Ends what was asked for by these sessions, but for what somebody is just using.
    package func spendOneTimeTokens(askedBy sessions: [UUID], of user: UUID) async throws {
        try await execute(OneTimeTokenStatements.spendAsked, user, sessions)
    }
}

enum OneTimeTokenStatements {
    static let insertMailed = Command<Bytes, String, UUID, UUID?, Timestamp, UUID>(
        """
        INSERT INTO one_time_tokens (token_hash, purpose, user_id, session_id, data, expires_at, mail_id)
        SELECT $1, $2, $3, $4, jsonb_build_object('email', m.to_address::text), $5, m.id
        FROM email_messages m WHERE m.id = $6
        """
    )
    static let setMailed = Command<UUID, Bytes, Timestamp>(
        """
        UPDATE one_time_tokens
        SET token_hash = $2, expires_at = CASE WHEN purpose = 'EMAIL_UNDO' THEN expires_at ELSE $3 END
        WHERE mail_id = $1 AND used_at IS NULL
        """
    )
    static let owner = Statement<UUID, Bytes, String>(
        """
        SELECT u.id FROM one_time_tokens t JOIN users u ON u.id = t.user_id
        WHERE t.token_hash = $1 AND t.purpose = $2
        """
    )
    static let lock = Statement<OneTimeTokenRow, Bytes, String>(
        """
        SELECT user_id, number, created_at, data, expires_at, used_at FROM one_time_tokens
        WHERE token_hash = $1 AND purpose = $2 FOR UPDATE
        """
    )
    static let spendAll = Command<UUID, [String]>(
        "UPDATE one_time_tokens SET used_at = now() WHERE user_id = $1 AND purpose = ANY ($2) AND used_at IS NULL"
    )
    static let spendUndo = Command<UUID, Int>(
        """
        UPDATE one_time_tokens SET used_at = now()
        WHERE user_id = $1 AND purpose = 'EMAIL_UNDO' AND number >= $2 AND used_at IS NULL
        """
    )
    static let extendUndo = Command<UUID, Int, Timestamp, Timestamp>(
        """
        UPDATE one_time_tokens SET expires_at = greatest(expires_at, $3)
        WHERE user_id = $1 AND purpose = 'EMAIL_UNDO' AND number < $2 AND used_at IS NULL
            AND expires_at > $4
        """
    )
    static let undoTo = Statement<Int, UUID, String, Timestamp>(
        """
        SELECT number FROM one_time_tokens
        WHERE user_id = $1 AND purpose = 'EMAIL_UNDO' AND (data ->> 'email')::citext = $2::citext AND used_at IS NULL
            AND expires_at > $3
        ORDER BY number LIMIT 1
        """
    )
    static let spendAsked = Command<UUID, [UUID]>(
        """
        UPDATE one_time_tokens SET used_at = now() WHERE token_hash = ANY (ARRAY(
            SELECT token_hash FROM one_time_tokens
            WHERE user_id = $1 AND session_id = ANY ($2) AND used_at IS NULL FOR UPDATE SKIP LOCKED
        ))
        """
    )
    static let all: [any CheckableStatement] = [
        insertMailed, setMailed, owner, lock, spendAll, spendUndo, extendUndo, undoTo,
        spendAsked,
    ]
}
