package import PostgresClient

/// The SQL of the job queue. A lease is of one attempt, by one worker, until a time of the database's clock (`attempts`,
/// `locked_by`, `locked_until`); whoever has lost it changes nothing any more.
enum JobStatements {
    static let enqueue = Statement<
        UUID, [String], [JSONText], [String], [Int16], [String?], [Timestamp?], [Int32], [UUID?]
    >(
        """
        INSERT INTO jobs (name, payload, queue, priority, unique_key, run_at, max_attempts, owner_id)
        SELECT name, payload, queue, priority, unique_key, coalesce(run_at, now()), max_attempts, owner_id
        FROM unnest($1, $2, $3, $4, $5, $6, $7, $8)
            AS j (name, payload, queue, priority, unique_key, run_at, max_attempts, owner_id)
        ON CONFLICT (name, unique_key) WHERE unique_key IS NOT NULL AND status IN ('QUEUED','RUNNING','RETRYING')
            DO NOTHING
        RETURNING id
        """
    )
    static let claim = Statement<Job, String, String, Int, CalendarInterval>(
        """
        UPDATE jobs SET status = 'RUNNING', attempts = attempts + 1, locked_by = $2, locked_until = now() + $4,
            started_at = now(), progress = NULL, message = NULL
        WHERE id = ANY (ARRAY(
            SELECT id FROM jobs
            WHERE queue = $1 AND status IN ('QUEUED','RETRYING') AND run_at <= now()
            ORDER BY priority DESC, run_at LIMIT $3 FOR UPDATE SKIP LOCKED
        ))
        RETURNING id, name, payload, attempts, owner_id, earlier_attempts, max_attempts
        """
    )
    static let extend = Statement<JobRun, String, [UUID], [Int32], CalendarInterval>(
        """
        UPDATE jobs SET locked_until = now() + $4
        FROM unnest($2, $3) AS mine (id, attempt)
        WHERE jobs.id = mine.id AND attempts = mine.attempt AND locked_by = $1 AND status = 'RUNNING'
        RETURNING jobs.id, attempts
        """
    )
    static let succeed = Statement<UUID, String, [UUID], [Int32]>(
        """
        UPDATE jobs SET status = 'SUCCEEDED', finished_at = now(), locked_by = NULL, locked_until = NULL
        FROM unnest($2, $3) AS mine (id, attempt)
        WHERE jobs.id = mine.id AND attempts = mine.attempt AND locked_by = $1 AND status = 'RUNNING'
        RETURNING jobs.id
        """
    )
    /// Ten seconds, doubled for each attempt of its life up to an hour, and of that a random part: those that failed together do
    /// not come back together. Not before what the job itself has asked for.
    static let fail = Statement<UUID, String, [UUID], [Int32], [String], [Int]>(
        """
        UPDATE jobs SET
            status = CASE WHEN attempts - earlier_attempts >= max_attempts THEN 'DEAD' ELSE 'RETRYING' END,
            finished_at = CASE WHEN attempts - earlier_attempts >= max_attempts THEN now() END,
            run_at = now() + f.delay * interval '1 second' + random()
                * least(interval '1 hour', interval '10 seconds' * (2 ^ least(attempts - earlier_attempts - 1, 20))),
            last_error = f.reason, locked_by = NULL, locked_until = NULL
        FROM unnest($2, $3, $4, $5) AS f (id, attempt, reason, delay)
        WHERE jobs.id = f.id AND attempts = f.attempt AND locked_by = $1 AND status = 'RUNNING' RETURNING jobs.id
        """
    )
    /// Runs that nobody may have any more: those of others whose lease is over, and those that this worker was given
    /// without hearing of it. It knows which it has, and does not run one a second time beside.
    static let lapsed = Statement<LapsedRun, String, [UUID], [Int32]>(
        """
        SELECT id, attempts, locked_by IS NOT DISTINCT FROM $1 FROM jobs
        WHERE status = 'RUNNING' AND CASE locked_by
            WHEN $1 THEN NOT EXISTS (
                SELECT FROM unnest($2, $3) AS mine (id, attempt) WHERE mine.id = jobs.id AND attempt = attempts
            )
            ELSE locked_until < now() END
        ORDER BY locked_until LIMIT 1000
        """
    )
    /// Gives jobs back whose runs are lost, if they still are.
    static let rescue = Statement<UUID, String, [UUID], [Int32]>(
        """
        UPDATE jobs SET
            status = CASE WHEN attempts - earlier_attempts >= max_attempts THEN 'DEAD' ELSE 'RETRYING' END,
            finished_at = CASE WHEN attempts - earlier_attempts >= max_attempts THEN now() END,
            run_at = now(), last_error = 'its worker was lost', locked_by = NULL, locked_until = NULL
        WHERE id = ANY (ARRAY(
            SELECT jobs.id FROM jobs JOIN unnest($2, $3) AS lost (id, attempt) ON lost.id = jobs.id AND attempt = attempts
            WHERE status = 'RUNNING' AND (locked_by = $1 OR locked_until < now()) FOR UPDATE OF jobs SKIP LOCKED
        ))
        RETURNING id
        """
    )
    /// Gives jobs back that were taken and not begun, by a worker that takes no more: that attempt never was.
    static let giveBack = Statement<UUID, String, [UUID], [Int32]>(
        """
        UPDATE jobs SET status = 'QUEUED', attempts = attempts - 1, started_at = NULL, locked_by = NULL, locked_until = NULL
        FROM unnest($2, $3) AS mine (id, attempt)
        WHERE jobs.id = mine.id AND attempts = mine.attempt AND locked_by = $1 AND status = 'RUNNING'
        RETURNING jobs.id
        """
    )
    /// Those that belong to somebody who may be watching.
    static let progress = Statement<UUID, String, [UUID], [Int32], [Int16], [String?]>(
        """
        UPDATE jobs SET progress = p.percent, message = p.message
        FROM unnest($2, $3, $4, $5) AS p (id, attempt, percent, message)
        WHERE jobs.id = p.id AND attempts = p.attempt AND locked_by = $1 AND status = 'RUNNING' RETURNING jobs.id
        """
    )
    static let all: [any CheckableStatement] = [
        enqueue, claim, extend, succeed, fail, lapsed, rescue, giveBack, progress,
    ]
}

/// A run that its worker does not seem to have any more.
struct LapsedRun: PostgresRow {
    let run: JobRun
    /// Whether that worker is the one who asks.
    let isOwn: Bool

    init(from row: inout RowReader) throws {
        run = try JobRun(from: &row)
        isOwn = try row.next()
    }
}

extension Transaction {
    /// Adds jobs that exist if this transaction does; those whose unique key is taken are not added again. Workers of
    /// this process are woken after the commit.
    @discardableResult
    package func enqueue(_ jobs: [NewJob], waking worker: JobWorker? = nil) async throws -> [UUID] {
        guard !jobs.isEmpty else { return [] }
        let ids = try await rows(
            JobStatements.enqueue,
            jobs.map(\.name),
            jobs.map(\.payload),
            jobs.map(\.queue),
            jobs.map(\.priority),
            jobs.map(\.uniqueKey),
            jobs.map(\.runAt),
            jobs.map(\.maximumAttempts),
            jobs.map(\.ownerID)
        )
        if let worker { afterCommit { worker.wake() } }
        return ids
    }

    /// The same, in one message with COMMIT.
    package func enqueueLastly(_ jobs: [NewJob], waking worker: JobWorker? = nil) {
        guard !jobs.isEmpty else { return }
        _ = lastly.rows(
            JobStatements.enqueue,
            jobs.map(\.name),
            jobs.map(\.payload),
            jobs.map(\.queue),
            jobs.map(\.priority),
            jobs.map(\.uniqueKey),
            jobs.map(\.runAt),
            jobs.map(\.maximumAttempts),
            jobs.map(\.ownerID)
        )
        if let worker { afterCommit { worker.wake() } }
    }
}
