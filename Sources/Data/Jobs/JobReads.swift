package import PostgresClient

/// Where a job stands.
package struct JobRow: PostgresRow, Equatable {
    package let id: UUID
    package let name: String
    package let status: String
    package let percent: Int16?
    package let message: String?
    package let attempts: Int32
    /// Those of earlier lives among them.
    package let maximumAttempts: Int32
    package let runAt: Timestamp
    package let startedAt: Timestamp?
    package let finishedAt: Timestamp?

    package init(from row: inout RowReader) throws {
        id = try row.next()
        name = try row.next()
        status = try row.next()
        percent = try row.next()
        message = try row.next()
        attempts = try row.next()
        maximumAttempts = try row.next()
        runAt = try row.next()
        startedAt = try row.next()
        finishedAt = try row.next()
    }
}

enum JobReadStatements {
    /// Those of one user, or anybody's.
    static let byID = Statement<JobRow, [UUID], UUID?>(
        """
        SELECT id, name, status, progress, message, attempts, earlier_attempts + max_attempts, run_at, started_at,
            finished_at
        FROM jobs WHERE id = ANY ($1) AND ($2::uuid IS NULL OR owner_id = $2)
        """
    )
    static let all: [any CheckableStatement] = [byID]
}

extension StatementRunner {
    /// Those of these that belong to `owner`; nil for whoever they belong to.
    package func jobs(_ ids: [UUID], of owner: UUID?) async throws -> [JobRow] {
        try await rows(JobReadStatements.byID, ids, owner)
    }
}
