package import PostgresClient

/// Seconds; nil when no job waits.
struct LongestWait: PostgresRow {
    let seconds: Double?

    init(from row: inout RowReader) throws { seconds = try row.next() }
}

/// How a database is, as it says itself.
package struct DatabaseHealth: PostgresRow {
    /// Whether it follows another one, and takes no changes.
    package let isStandby: Bool

    package init(from row: inout RowReader) throws { isStandby = try row.next() }
}

enum HealthStatements {
    static let health = Statement<DatabaseHealth>("SELECT pg_is_in_recovery()")

    /// Goes from one lane of the queues to the next by the index in which workers look: of each it reads the first row, however
    /// many jobs wait.
    static let longestWait = Statement<LongestWait>(
        """
        WITH RECURSIVE lanes AS (
            (SELECT queue, priority, run_at FROM jobs WHERE status IN ('QUEUED','RETRYING')
            ORDER BY queue, priority DESC, run_at LIMIT 1)
            UNION ALL
            SELECT further.queue, further.priority, further.run_at FROM lanes, LATERAL (
                (SELECT jobs.queue, jobs.priority, jobs.run_at FROM jobs
                WHERE status IN ('QUEUED','RETRYING') AND jobs.queue = lanes.queue AND jobs.priority < lanes.priority
                ORDER BY jobs.queue, jobs.priority DESC, jobs.run_at LIMIT 1)
                UNION ALL
                (SELECT jobs.queue, jobs.priority, jobs.run_at FROM jobs
                WHERE status IN ('QUEUED','RETRYING') AND jobs.queue > lanes.queue
                ORDER BY jobs.queue, jobs.priority DESC, jobs.run_at LIMIT 1)
                LIMIT 1
            ) AS further
        )
        SELECT extract(epoch FROM now() - min(run_at))::float8 FROM lanes WHERE run_at <= now()
        """
    )
    static let all: [any CheckableStatement] = [health, longestWait]
}

extension Database {
    /// Whether reads that may be a moment old have a server of their own.
    package var hasReplica: Bool { pool.options.replica != nil }

    /// Asks the primary, or whoever answers old reads.
    package func health(ofReplica: Bool = false, within limit: Duration) async throws -> DatabaseHealth {
        try await pool.session(within: limit, mayBeOld: ofReplica).one(HealthStatements.health)
    }

    /// Seconds that the job which has been ready for longest has waited; nil when none waits.
    package func longestJobWait(within limit: Duration) async throws -> Double? {
        try await pool.session(within: limit).one(HealthStatements.longestWait).seconds
    }
}
