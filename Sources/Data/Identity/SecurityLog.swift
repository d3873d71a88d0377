package import PostgresClient

/// What somebody did about their account, as the audit log has it.
package struct SecurityLogRow: PostgresRow, Equatable {
    package let action: String
    package let outcome: String
    package let occurredAt: Timestamp
    package let address: InternetAddress?
    package let userAgent: String?
    let sequence: Int

    package init(from row: inout RowReader) throws {
        action = try row.next()
        outcome = try row.next()
        occurredAt = try row.next()
        address = try row.next()
        userAgent = try row.next()
        sequence = try row.next()
    }
}

extension Session {
    /// The newest first.
    package func securityLogs(of users: [UUID], _ request: PageRequest) async throws -> [Page<SecurityLogRow>] {
        try await pages(SecurityLogStatements.entries, request, of: users)
    }

    package func securityLogCounts(of users: [UUID]) async throws -> [Int] {
        try await counts(SecurityLogStatements.count, of: users)
    }
}

enum SecurityLogStatements {
    static let entries = PagedLists<SecurityLogRow, Keyset<Timestamp, Int>, UUID>(
        "Viewer.securityLog",
        by: [.descending("entry.occurred_at"), .descending("entry.sequence")],
        key: { Keyset($0.occurredAt, $0.sequence) },
        """
        SELECT parent.number, entry.* FROM unnest($1) WITH ORDINALITY AS parent (id, number)
        CROSS JOIN LATERAL (
            SELECT entry.action, entry.outcome, entry.occurred_at, entry.ip, entry.user_agent, entry.sequence
            FROM audit_logs entry WHERE entry.actor_id = parent.id AND {after} ORDER BY {order} LIMIT {limit}
        ) AS entry
        ORDER BY parent.number, {order}
        """
    )
    static let count = Statement<ParentCount<UUID>, [UUID]>(
        """
        SELECT actor.id, count(*) FROM unnest($1) AS actor (id) JOIN audit_logs entry ON entry.actor_id = actor.id
        GROUP BY actor.id
        """
    )

    static var all: [any CheckableStatement] { entries.variants + [count] }
}
