import Data
import EventLoop
import PostgresClient
import PostgresTesting
import Testing
import WaitTesting

@Suite(.timeLimit(.minutes(3))) struct JobScheduleTests {
    private static let jobs = Statement<String>("SELECT name || ' ' || status FROM jobs ORDER BY name, created_at")
    private static let next = Statement<Double, String>(
        "SELECT extract(epoch FROM next_run_at)::float8 FROM scheduled_jobs WHERE name = $1"
    )
    private let schedules = [
        JobSchedule("hourly", everySeconds: 3_600), JobSchedule("nightly", everySeconds: 86_400, offsetSeconds: 10_800),
    ]

    @Test func `each moment is one job, however many processes look`() async throws {
        let database = try await migratedDatabase()
        try await withPool(database) { pool in
            let pools = (0..<4).map { _ in PostgresPool(PoolOptions(database), on: pool.loop) }
            defer { for pool in pools { pool.close() } }
            for _ in 0..<3 {
                let before = try await pool.session().rows(Self.jobs).count
                // Which moments are due, and that none of them is at work.
                try TestCluster.execute(
                    "UPDATE scheduled_jobs SET next_run_at = now() - interval '2 hours'; DELETE FROM jobs",
                    on: database
                )
                let schedulers = pools.map { JobScheduler($0, schedules, interval: .milliseconds(5)) }
                try await pool.loop.sleep(for: .milliseconds(300))
                for scheduler in schedulers { await scheduler.stop() }
                #expect(schedulers.map(\.ticks).reduce(0, +) == 2)
                #expect(try await pool.session().rows(Self.jobs) == ["hourly QUEUED", "nightly QUEUED"], "\(before)")
            }
        }
    }

    @Test func `the next moment is on the grid of the schedule`() async throws {
        try await withPool(try await migratedDatabase()) { pool in
            let scheduler = JobScheduler(pool, schedules)
            try await eventually { scheduler.ticks >= 2 }
            await scheduler.stop()
            let hourly = try await pool.session().one(Self.next, "hourly")
            let nightly = try await pool.session().one(Self.next, "nightly")
            #expect(hourly.truncatingRemainder(dividingBy: 3_600) == 0)
            #expect(nightly.truncatingRemainder(dividingBy: 86_400) == 10_800)
        }
    }

    @Test func `a scheduler stops in time though the database does not answer`() async throws {
        try await withPool(try await migratedDatabase()) { pool in
            let scheduler = JobScheduler(pool, schedules, interval: .milliseconds(20))
            while scheduler.ticks < 2 { try await pool.loop.sleep(for: .milliseconds(5)) }
            let waiting = Statement<Int>(
                """
                SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'scheduled_jobs'::regclass
                    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
                """
            )
            try await pool.transaction { transaction in
                try await transaction.execute(PlainCommand("LOCK TABLE scheduled_jobs IN ACCESS EXCLUSIVE MODE"))
                while try await pool.session().one(waiting) == 0 { try await pool.loop.sleep(for: .milliseconds(5)) }
                let begin = EventLoop.monotonicTime()
                await scheduler.stop(within: .milliseconds(200))
                #expect(EventLoop.monotonicTime() - begin < 5_000_000_000)
            }
        }
    }

    @Test func `a moment that a wrong clock has put far off is had now`() async throws {
        let database = try await migratedDatabase()
        try await withPool(database) { pool in
            for (moment, ticks) in [("now() + interval '400 days'", 2), ("now() + interval '30 minutes'", 0)] {
                let first = JobScheduler(pool, schedules)
                await first.stop()
                try TestCluster.execute(
                    "UPDATE scheduled_jobs SET next_run_at = \(moment); DELETE FROM jobs",
                    on: database
                )
                let scheduler = JobScheduler(pool, schedules)
                await scheduler.stop()
                #expect(scheduler.ticks == UInt64(ticks))
            }
        }
    }

    @Test func `what still waits is not added a second time, and what is switched off not at all`() async throws {
        let database = try await migratedDatabase()
        try await withPool(database) { pool in
            for switchedOff in [
                "", "UPDATE scheduled_jobs SET enabled = false WHERE name = 'nightly'; DELETE FROM jobs;",
            ] {
                try TestCluster.execute(
                    switchedOff + "UPDATE scheduled_jobs SET next_run_at = now() - interval '1 second'",
                    on: database
                )
                for _ in 0..<2 {
                    let scheduler = JobScheduler(pool, schedules)
                    while scheduler.ticks < 1, switchedOff.isEmpty { try await pool.loop.sleep(for: .milliseconds(5)) }
                    try await pool.loop.sleep(for: .milliseconds(50))
                    await scheduler.stop()
                    try TestCluster.execute(
                        "UPDATE scheduled_jobs SET next_run_at = now() - interval '1 second'",
                        on: database
                    )
                }
                let jobs = try await pool.session().rows(Self.jobs)
                #expect(jobs == (switchedOff.isEmpty ? ["hourly QUEUED", "nightly QUEUED"] : ["hourly QUEUED"]))
            }
        }
    }
}
