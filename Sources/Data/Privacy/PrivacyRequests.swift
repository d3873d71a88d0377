package import PostgresClient

/// That an account is to be erased.
package struct PrivacyRequestRow: PostgresRow, Equatable {
    package let id: UUID
    package let kind: String
    package let status: String
    package let userID: UUID
    package let requestedBy: UUID
    /// Why, or why not.
    package let note: String?
    package let scheduledFor: Timestamp
    package let completedAt: Timestamp?
    package let createdAt: Timestamp

    package init(from row: inout RowReader) throws {
        id = try row.next()
        kind = try row.next()
        status = try row.next()
        userID = try row.next()
        requestedBy = try row.next()
        note = try row.next()
        scheduledFor = try row.next()
        completedAt = try row.next()
        createdAt = try row.next()
    }
}

extension StatementRunner {
    /// The last that each of these users has made, or that was made of them, the newest first.
    package func privacyRequests(of users: [UUID], limit: Int32) async throws -> [PrivacyRequestRow] {
        try await rows(PrivacyRequestStatements.ofUsers, users, limit)
    }

    package func privacyRequests(_ ids: [UUID]) async throws -> [PrivacyRequestRow] {
        try await rows(PrivacyRequestStatements.byID, ids)
    }

    /// A request whose day has come, the one that has waited for longest.
    package func dueErasure(at now: Timestamp, except done: [UUID]) async throws -> PrivacyRequestRow? {
        try await first(PrivacyRequestStatements.due, now, done)
    }
}

extension Transaction {
    /// The request that waits for its day, held until the transaction ends.
    package func lockErasure(of user: UUID) async throws -> PrivacyRequestRow? {
        try await first(PrivacyRequestStatements.lockOpen, user)
    }

    package func insertErasure(
        _ id: UUID,
        of user: UUID,
        by actor: UUID,
        note: String?,
        scheduledFor: Timestamp
    ) async throws -> PrivacyRequestRow {
        try await one(PrivacyRequestStatements.insert, id, user, actor, note, scheduledFor)
    }

    package func setErasure(_ id: UUID, _ status: String, note: String? = nil) async throws -> PrivacyRequestRow {
        try await one(PrivacyRequestStatements.setStatus, id, status, note)
    }

    /// What the user has asked for themselves and waits for its day is called off; nil where there is none.
    package func cancelOwnErasure(of user: UUID) async throws -> PrivacyRequestRow? {
        try await first(PrivacyRequestStatements.cancelOwn, user)
    }
}

extension StatementBatch {
    package mutating func cancelOwnErasure(of user: UUID) -> Answer<PrivacyRequestRow?> {
        first(PrivacyRequestStatements.cancelOwn, user)
    }
}

enum PrivacyRequestStatements {
    static let ofUsers = Statement<PrivacyRequestRow, [UUID], Int32>(
        """
        SELECT r.id, r.kind, r.status, r.user_id, r.requested_by, r.note, r.scheduled_for, r.completed_at, r.created_at
        FROM unnest($1) AS parent (id) CROSS JOIN LATERAL (
            SELECT * FROM privacy_requests p WHERE p.user_id = parent.id ORDER BY p.created_at DESC, p.id DESC LIMIT $2
        ) AS r
        ORDER BY r.created_at DESC, r.id DESC
        """
    )
    static let byID = Statement<PrivacyRequestRow, [UUID]>(
        """
        SELECT id, kind, status, user_id, requested_by, note, scheduled_for, completed_at, created_at
        FROM privacy_requests WHERE id = ANY ($1)
        """
    )
    static let lockOpen = Statement<PrivacyRequestRow, UUID>(
        """
        SELECT id, kind, status, user_id, requested_by, note, scheduled_for, completed_at, created_at
        FROM privacy_requests WHERE user_id = $1 AND kind = 'ERASURE' AND status = 'SCHEDULED' FOR UPDATE
        """
    )
    static let insert = Statement<PrivacyRequestRow, UUID, UUID, UUID, String?, Timestamp>(
        """
        INSERT INTO privacy_requests (id, kind, user_id, requested_by, note, scheduled_for)
        VALUES ($1, 'ERASURE', $2, $3, $4, $5)
        RETURNING id, kind, status, user_id, requested_by, note, scheduled_for, completed_at, created_at
        """
    )
    static let setStatus = Statement<PrivacyRequestRow, UUID, String, String?>(
        """
        UPDATE privacy_requests SET status = $2, note = CASE WHEN $2 = 'COMPLETED' THEN NULL ELSE coalesce($3, note) END,
            completed_at = CASE WHEN $2 = 'COMPLETED' THEN now() END
        WHERE id = $1
        RETURNING id, kind, status, user_id, requested_by, note, scheduled_for, completed_at, created_at
        """
    )
    static let cancelOwn = Statement<PrivacyRequestRow, UUID>(
        """
        UPDATE privacy_requests SET status = 'CANCELLED'
        WHERE user_id = $1 AND requested_by = $1 AND kind = 'ERASURE' AND status = 'SCHEDULED'
        RETURNING id, kind, status, user_id, requested_by, note, scheduled_for, completed_at, created_at
        """
    )
    static let due = Statement<PrivacyRequestRow, Timestamp, [UUID]>(
        """
        SELECT id, kind, status, user_id, requested_by, note, scheduled_for, completed_at, created_at
        FROM privacy_requests
        WHERE status = 'SCHEDULED' AND kind = 'ERASURE' AND scheduled_for <= $1 AND id <> ALL ($2)
        ORDER BY scheduled_for, id LIMIT 1
        """
    )
    static let all: [any CheckableStatement] = [
        ofUsers, byID, lockOpen, insert, setStatus, cancelOwn, due,
    ]
}
