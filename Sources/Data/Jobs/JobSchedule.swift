internal import PostgresClient

/// A job that is added again and again, at the same moments whoever adds it.
package struct JobSchedule: Sendable {
    /// Of the job, and of the schedule.
    package let name: String
    package let everySeconds: Int
    /// Seconds after midnight UTC of the first run of a day.
    package let offsetSeconds: Int

    package init(_ name: String, everySeconds: Int, offsetSeconds: Int = 0) {
        precondition(everySeconds > 0, "a schedule has moments")
        self.name = name
        self.everySeconds = everySeconds
        self.offsetSeconds = offsetSeconds
    }
}

enum JobScheduleStatements {
    /// A schedule that is new is due at once.
    static let register = Command<[String], [Int], [Int]>(
        """
        INSERT INTO scheduled_jobs AS s (name, cron, next_run_at)
        SELECT name, 'every ' || every || ' s from ' || shift || ' s', now()
        FROM unnest($1, $2, $3) AS t (name, every, shift) ORDER BY name
        ON CONFLICT (name) DO UPDATE SET cron = excluded.cron WHERE s.cron <> excluded.cron
        """
    )
    /// Those that are due, each to one process: a row that another one has in hand is passed over, and looked at again
    /// when it was had. One that is further off than it can be was set by a clock that was wrong, and is due too.
    static let takeDue = Statement<String, [String], [Int], [Int]>(
        """
        UPDATE scheduled_jobs s SET last_run_at = now(), next_run_at = to_timestamp(
            (floor((extract(epoch FROM now()) - t.shift) / t.every) + 1)::float8 * t.every + t.shift)
        FROM unnest($1, $2, $3) AS t (name, every, shift)
        WHERE s.name = t.name AND s.name = ANY (ARRAY(
            SELECT d.name FROM scheduled_jobs d JOIN unnest($1, $2) AS known (name, every) ON known.name = d.name
            WHERE d.enabled AND (d.next_run_at <= now() OR d.next_run_at > now() + known.every * interval '2 seconds')
            ORDER BY d.name FOR UPDATE OF d SKIP LOCKED
        ))
        RETURNING s.name
        """
    )
    static let all: [any CheckableStatement] = [register, takeDue]
}

extension Transaction {
    func register(_ schedules: [JobSchedule]) async throws {
        try await execute(
            JobScheduleStatements.register,
            schedules.map(\.name),
            schedules.map(\.everySeconds),
            schedules.map(\.offsetSeconds)
        )
    }

    /// Adds the jobs whose moment has come. One that still waits or runs since the last time is not added again.
    func enqueueDue(_ schedules: [JobSchedule], waking worker: JobWorker?) async throws -> [String] {
        let due = try await rows(
            JobScheduleStatements.takeDue,
            schedules.map(\.name),
            schedules.map(\.everySeconds),
            schedules.map(\.offsetSeconds)
        )
        let jobs = due.sorted().map { name in
            var job = NewJob(name)
            job.uniqueKey = "scheduled"
            return job
        }
        try await enqueue(jobs, waking: worker)
        return due
    }
}
