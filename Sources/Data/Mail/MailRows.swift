package import PostgresClient

/// A mail that is to be sent, with whom it is for.
package struct MailRow: PostgresRow, Sendable {
    package let id: UUID
    package let address: String
    package let template: String
    package let status: String
    package let attempts: Int32
    package let createdAt: Timestamp
    /// Nil where the address has no account.
    package let userID: UUID?
    package let userName: String?
    package let locale: String?
    /// Why this address gets no mails.
    package let suppression: String?

    package init(from row: inout RowReader) throws {
        id = try row.next()
        address = try row.next()
        template = try row.next()
        status = try row.next()
        attempts = try row.next()
        createdAt = try row.next()
        userID = try row.next()
        userName = try row.next()
        locale = try row.next()
        suppression = try row.next()
    }
}

extension Transaction {
    /// Adds a mail to somebody's address, if the account has one that mails may go to; false otherwise, and when a mail
    /// with this key was added before.
    package func insertMail(
        _ id: UUID,
        to user: UUID,
        template: String,
        onlyConfirmed: Bool,
        dedupeKey: String?
    ) async throws -> Bool {
        try await execute(MailStatements.insertForUser, id, user, template, onlyConfirmed, dedupeKey) == 1
    }

    /// Adds a mail to an address, whoever has it.
    package func insertMail(_ id: UUID, to address: String, template: String, dedupeKey: String?) async throws -> Bool {
        try await execute(MailStatements.insertForAddress, id, address, template, dedupeKey) == 1
    }

    /// That the mail is on its way; it may have been before, by a process that was lost.
    package func beginMail(_ id: UUID, subject: String, sender: String) async throws {
        try await execute(MailStatements.begin, id, subject, sender)
    }

    /// Removes mails that were made before then and wait no more, so many at a time; how many there were.
    package func purgeMails(before end: Timestamp, limit: Int) async throws -> Int {
        try await execute(MailStatements.purge, end, limit)
    }

    package func endMail(_ id: UUID, _ status: String, error: String?, providerID: String?) async throws {
        try await execute(MailStatements.end, id, status, error, providerID)
    }
}

extension StatementRunner {
    /// Nil for one that is not there, or whose account has another address by now.
    package func mail(_ id: UUID) async throws -> MailRow? { try await first(MailStatements.byID, id) }
}

enum MailStatements {
    static let insertForUser = Command<UUID, UUID, String, Bool, String?>(
        """
        INSERT INTO email_messages (id, to_address, user_id, template_key, subject, provider, dedupe_key)
        SELECT $1, u.email, u.id, $3, '', '', $5 FROM users u
        WHERE u.id = $2 AND u.email IS NOT NULL AND u.status <> 'DELETED'
            AND (NOT $4 OR u.status = 'ACTIVE' AND u.email_verified_at IS NOT NULL)
        ON CONFLICT (dedupe_key) DO NOTHING
        """
    )
    static let insertForAddress = Command<UUID, String, String, String?>(
        """
        INSERT INTO email_messages (id, to_address, template_key, subject, provider, dedupe_key)
        VALUES ($1, $2::citext, $3, '', '', $4) ON CONFLICT (dedupe_key) DO NOTHING
        """
    )
    static let byID = Statement<MailRow, UUID>(
        """
        SELECT m.id, m.to_address::text, coalesce(m.template_key, ''), m.status, m.attempts, m.created_at, u.id, u.name, u.locale,
            s.reason
        FROM email_messages m LEFT JOIN users u ON u.email = m.to_address AND u.status <> 'DELETED'
            LEFT JOIN email_suppressions s ON s.address = m.to_address
        WHERE m.id = $1 AND (m.user_id IS NULL OR m.user_id = u.id)
        """
    )
    static let begin = Command<UUID, String, String>(
        "UPDATE email_messages SET status = 'SENDING', attempts = attempts + 1, subject = $2, provider = $3 WHERE id = $1"
    )
    static let end = Command<UUID, String, String?, String?>(
        """
        UPDATE email_messages SET status = $2, last_error = $3, provider_id = $4,
            sent_at = CASE WHEN $2 = 'SENT' THEN now() END WHERE id = $1
        """
    )
    static let purge = Command<Timestamp, Int>(
        """
        DELETE FROM email_messages WHERE id = ANY (ARRAY(
            SELECT id FROM email_messages WHERE created_at < $1 AND status <> 'QUEUED'
            ORDER BY created_at LIMIT $2 FOR UPDATE SKIP LOCKED
        ))
        """
    )
    static let all: [any CheckableStatement] = [insertForUser, insertForAddress, byID, begin, end, purge]
}
