package import PostgresClient

/// A job that was tried as often as it may be.
package struct DeadJobRow: PostgresRow, Equatable {
    package let id: UUID
    package let name: String
    package let attempts: Int32
    package let finishedAt: Timestamp
    package let reason: String

    package init(from row: inout RowReader) throws {
        id = try row.next()
        name = try row.next()
        attempts = try row.next()
        finishedAt = try row.next()
        reason = try row.next()
    }
}

enum DeadJobStatements {
    static let newest = Statement<DeadJobRow, Int>(
        """
        SELECT id, name, attempts, coalesce(finished_at, created_at), coalesce(last_error, '') FROM jobs
        WHERE status = 'DEAD' ORDER BY finished_at DESC, id DESC LIMIT $1
        """
    )
    static let count = Statement<Int>("SELECT count(*) FROM jobs WHERE status = 'DEAD'")
    /// It is tried as often as the first time. Its attempts are counted on, so that no run of its earlier life has the
    /// number of one of the new.
    static let revive = Statement<String, UUID>(
        """
        UPDATE jobs SET status = 'QUEUED', earlier_attempts = attempts, run_at = now(), started_at = NULL,
            finished_at = NULL, progress = NULL, message = NULL
        WHERE id = $1 AND status = 'DEAD' RETURNING name
        """
    )
    static let all: [any CheckableStatement] = [newest, count, revive]
}

extension Session {
    /// The last that died, and how many there are.
    package func deadJobs(limit: Int) async throws -> (newest: [DeadJobRow], count: Int) {
        (try await rows(DeadJobStatements.newest, limit), try await one(DeadJobStatements.count))
    }
}

extension Transaction {
    /// Has a dead job done after all; its name, or nil when there is none of this id that is dead.
    package func reviveJob(_ id: UUID) async throws -> String? { try await first(DeadJobStatements.revive, id) }
}
