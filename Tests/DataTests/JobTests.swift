import Data
import EventLoop
import PostgresClient
import PostgresEmbedded
import PostgresTesting
import Testing
import WaitTesting

@Suite(.timeLimit(.minutes(3))) struct JobTests {
    private struct Refused: Error {}

    /// What the handlers have seen; used on one loop.
    private final class Log: @unchecked Sendable {
        var names: [String] = []
        var attempts: [Int32] = []
        var isHolding = true
        var held: UnsafeContinuation<Void, Never>?
    }

    private static let states = Statement<String>("SELECT status || ' ' || attempts FROM jobs ORDER BY name")

    @Test func `jobs run once each, whoever takes them`() async throws {
        let database = try await migratedDatabase()
        try await withPool(database) { pool in
            let log = Log()
            var options = JobWorker.Options()
            options.pollInterval = .milliseconds(20)
            let workers = (0..<3).map { number in
                JobWorker(pool, name: "worker \(number)", options) { job in
                    if job.name.hasSuffix("7") { try await pool.loop.sleep(for: .milliseconds(1)) }
                    log.names.append(job.name)
                }
            }
            let names = (0..<3_000).map { "job \($0)" }
            try await pool.transaction { try await $0.enqueue(names.map { NewJob($0) }, waking: workers[0]) }
            try await eventually { log.names.count >= names.count }
            for worker in workers { await worker.stop(within: .seconds(5)) }
            #expect(log.names.sorted() == names.sorted())
            let states = try await pool.session().rows(Self.states)
            #expect(Set(states) == ["SUCCEEDED 1"])
            #expect(workers.allSatisfy { $0.metrics.leasesLost == 0 })
        }
    }

    @Test func `a job of a transaction that fails does not exist`() async throws {
        try await withPool(try await migratedDatabase()) { pool in
            await #expect(throws: Refused.self) {
                try await pool.transaction { transaction in
                    try await transaction.enqueue([NewJob("mail")])
                    throw Refused()
                }
            }
            let count = try await pool.session().rows(Self.states).count
            #expect(count == 0)
        }
    }

    @Test func `a unique job is queued once, and again when it has run`() async throws {
        try await withPool(try await migratedDatabase()) { pool in
            var job = NewJob("digest")
            job.uniqueKey = "user 1"
            let unique = job
            let first = try await pool.transaction { try await $0.enqueue([unique]) }
            let second = try await pool.transaction { try await $0.enqueue([unique]) }
            #expect((first.count, second.count) == (1, 0))
            let log = Log()
            let worker = JobWorker(pool, name: "worker") { log.names.append($0.name) }
            try await eventually { log.names.count == 1 }
            await worker.stop(within: .seconds(5))
            let third = try await pool.transaction { try await $0.enqueue([unique]) }
            #expect(third.count == 1)
        }
    }

    @Test func `a failed job waits for its next attempt, and dies after its last`() async throws {
        try await withPool(try await migratedDatabase()) { pool in
            var last = NewJob("a last attempt")
            last.maximumAttempts = 1
            let jobs = [last, NewJob("b more attempts")]
            try await pool.transaction { try await $0.enqueue(jobs) }
            let log = Log()
            let worker = JobWorker(pool, name: "worker") { job in
                log.names.append(job.name)
                throw Refused()
            }
            try await eventually { log.names.count == 2 }
            await worker.stop(within: .seconds(5))
            let states = try await pool.session().rows(Self.states)
            #expect(states == ["DEAD 1", "RETRYING 1"])
            let reasons = try await pool.session().rows(Statement<String>("SELECT DISTINCT last_error FROM jobs"))
            #expect(reasons == ["Refused()"])
        }
    }

    @Test func `a dead job that gets another life is tried as often as in its first, and its attempts are counted on`()
        async throws
    {
        let database = try await migratedDatabase()
        try await withPool(database) { pool in
            let id = UUID(high: 1, low: 1)
            try TestCluster.execute(
                """
                INSERT INTO jobs (id, name, status, attempts, max_attempts, finished_at, last_error)
                    VALUES ('\(id)', 'job', 'DEAD', 2, 2, now(), 'why')
                """,
                on: database
            )
            let dead = try await pool.session().deadJobs(limit: 10)
            #expect(dead.count == 1 && dead.newest.map(\.id) == [id] && dead.newest.map(\.reason) == ["why"])
            let revived = try await pool.transaction { try await $0.reviveJob(id) }
            #expect(revived == "job")
            let twice = try await pool.transaction { try await $0.reviveJob(id) }
            #expect(twice == nil)
            let maximum = try await pool.session().jobs([id], of: nil).map(\.maximumAttempts)
            #expect(maximum == [4])
            let log = Log()
            var options = JobWorker.Options()
            options.pollInterval = .milliseconds(20)
            let worker = JobWorker(pool, name: "worker", options) { job in
                log.attempts.append(job.attempt)
                throw Refused()
            }
            let isFirst = Statement<Bool>(
                "SELECT status = 'RETRYING' AND run_at <= now() + interval '10 seconds' FROM jobs"
            )
            var waitsAsFirst = false
            for _ in 0..<2_000 where !waitsAsFirst {
                waitsAsFirst = try await pool.session().one(isFirst)
                try await pool.loop.sleep(for: .milliseconds(5))
            }
            #expect(waitsAsFirst)
            try TestCluster.execute("UPDATE jobs SET run_at = now()", on: database)
            try await eventually { log.attempts == [3, 4] }
            await worker.stop(within: .seconds(5))
            let states = try await pool.session().rows(Self.states)
            #expect(states == ["DEAD 4"])
        }
    }

    @Test func `higher priorities go first`() async throws {
        try await withPool(try await migratedDatabase()) { pool in
            var jobs = (0..<10).map { NewJob("\($0)") }
            for index in jobs.indices { jobs[index].priority = Int16(index) }
            let shuffled = jobs.shuffled()
            try await pool.transaction { try await $0.enqueue(shuffled) }
            let log = Log()
            var options = JobWorker.Options()
            options.concurrency = 1
            let worker = JobWorker(pool, name: "worker", options) { log.names.append($0.name) }
            try await eventually { log.names.count == 10 }
            await worker.stop(within: .seconds(5))
            #expect(log.names == (0..<10).reversed().map { "\($0)" })
        }
    }

    @Test func `jobs of one queue do not wait for those of another`() async throws {
        try await withPool(try await migratedDatabase()) { pool in
            let log = Log()
            var options = JobWorker.Options()
            options.concurrency = 1
            options.lanes = [JobWorker.Lane("slow", concurrency: 2)]
            let worker = JobWorker(pool, name: "worker", options) { job in
                log.names.append(job.name)
                if job.name == "slow" { try await pool.loop.sleep(for: .seconds(60)) }
            }
            let slow = (0..<5).map { _ in
                var job = NewJob("slow")
                job.queue = "slow"
                return job
            }
            try await pool.transaction { try await $0.enqueue(slow, waking: worker) }
            try await eventually { log.names.count == 2 }
            try await pool.transaction { try await $0.enqueue((0..<3).map { NewJob("\($0)") }, waking: worker) }
            try await eventually { log.names.count == 5 }
            #expect(log.names.sorted() == ["0", "1", "2", "slow", "slow"])
            await worker.stop(within: .zero)
        }
    }

    @Test func `a job that asks for time gets it`() async throws {
        try await withPool(try await migratedDatabase()) { pool in
            try await pool.transaction { try await $0.enqueue([NewJob("job")]) }
            let log = Log()
            let worker = JobWorker(pool, name: "worker") { job in
                log.names.append(job.name)
                throw JobDelay("not now", seconds: 600)
            }
            try await eventually { log.names.count == 1 }
            await worker.stop(within: .seconds(5))
            let found = Statement<String>(
                "SELECT status || ' ' || last_error || ' ' || (run_at > now() + interval '590 seconds') FROM jobs"
            )
            let state = try await pool.session().rows(found)
            #expect(state == ["RETRYING not now true"])
        }
    }

    @Test func `the jobs of a lost worker are taken by another when the lease is over`() async throws {
        let database = try await migratedDatabase()
        try await withPool(database) { pool in
            let log = Log()
            var options = JobWorker.Options()
            options.lease = .milliseconds(300)
            options.pollInterval = .milliseconds(50)
            let lostPool = PostgresPool(PoolOptions(database), on: pool.loop)
            let lost = JobWorker(lostPool, name: "lost", options) { _ in
                log.names.append("lost")
                try await pool.loop.sleep(for: .seconds(60))
            }
            try await pool.transaction { try await $0.enqueue([NewJob("job")], waking: lost) }
            try await eventually { log.names == ["lost"] }
            lostPool.close()
            let worker = JobWorker(pool, name: "worker", options) { job in
                log.names.append("worker")
                log.attempts.append(job.attempt)
            }
            try await eventually { log.names == ["lost", "worker"] }
            #expect(log.attempts == [2])
            await worker.stop(within: .seconds(5))
            #expect(worker.metrics.rescued == 1)
        }
    }

    @Test func `a long job keeps its lease, and a stop waits for it`() async throws {
        try await withPool(try await migratedDatabase()) { pool in
            let log = Log()
            var options = JobWorker.Options()
            options.lease = .seconds(2)
            options.pollInterval = .milliseconds(50)
            let handler: JobWorker.Handler = { job in
                log.names.append(job.name)
                while log.isHolding { try await pool.loop.sleep(for: .milliseconds(10)) }
            }
            let lease = Statement<Double>("SELECT extract(epoch FROM locked_until)::float8 FROM jobs")
            let now = Statement<Double>("SELECT extract(epoch FROM clock_timestamp())::float8")
            let workers = (0..<2).map { JobWorker(pool, name: "worker \($0)", options, handler) }
            try await pool.transaction { try await $0.enqueue([NewJob("long")], waking: workers[0]) }
            try await eventually { log.names == ["long"] }
            let first = try await pool.session().one(lease)
            // It goes on behind the end of the lease that it began with, and nobody else has begun.
            try await eventually { try await pool.session().one(now) > first + 0.2 }
            #expect(try await pool.session().one(lease) > first)
            #expect(log.names == ["long"])
            let release = pool.loop.startTask {
                try? await pool.loop.sleep(for: .milliseconds(50))
                log.isHolding = false
            }
            for worker in workers { await worker.stop(within: .seconds(5)) }
            await release.value
            let states = try await pool.session().rows(Self.states)
            #expect(states == ["SUCCEEDED 1"])
        }
    }

    private static let hourFromNow = """
        UPDATE jobs SET status = 'RUNNING', attempts = 1, locked_until = now() + interval '1 hour'
        """

    @Test func `a job that its worker was given without hearing of it is taken again at once`() async throws {
        let database = try await migratedDatabase()
        try await withPool(database) { pool in
            try await pool.transaction { try await $0.enqueue([NewJob("job"), NewJob("of another")]) }
            try TestCluster.execute("\(Self.hourFromNow), locked_by = 'worker' WHERE name = 'job'", on: database)
            try TestCluster.execute("\(Self.hourFromNow), locked_by = 'other' WHERE name <> 'job'", on: database)
            let log = Log()
            let worker = JobWorker(pool, name: "worker") { log.names.append($0.name) }
            try await eventually { log.names == ["job"] }
            await worker.stop(within: .seconds(5))
            let states = try await pool.session().rows(Self.states)
            #expect(states == ["SUCCEEDED 2", "RUNNING 1"])
        }
    }

    @Test func `a worker whose leases are over runs no job a second time beside the first`() async throws {
        let database = try await migratedDatabase()
        try await withPool(database) { pool in
            let log = Log()
            var options = JobWorker.Options()
            options.pollInterval = .milliseconds(10)
            let worker = JobWorker(pool, name: "worker", options) { job in
                log.names.append(job.name)
                while log.isHolding { try await pool.loop.sleep(for: .milliseconds(2)) }
            }
            try await pool.transaction { try await $0.enqueue([NewJob("long")], waking: worker) }
            try await eventually { log.names == ["long"] }
            // The server's clock leaps.
            try TestCluster.execute("UPDATE jobs SET locked_until = now() - interval '1 hour'", on: database)
            let before = pool.transactionMetrics.transactions
            try await eventually { pool.transactionMetrics.transactions > before + 5 }
            #expect(log.names == ["long"])
            log.isHolding = false
            await worker.stop(within: .seconds(5))
            let states = try await pool.session().rows(Self.states)
            #expect(states == ["SUCCEEDED 1"])
        }
    }

    @Test func `what a run comes to is nothing to the next run of its worker`() async throws {
        let database = try await migratedDatabase()
        let owner = UUID(high: 1, low: 1)
        try TestCluster.execute(
            "INSERT INTO users (id, email, username, name) VALUES ('\(owner)', 'a@b.c', 'ida', 'I')",
            on: database
        )
        try await withPool(database) { pool in
            let log = Log()
            var options = JobWorker.Options()
            options.pollInterval = .milliseconds(10)
            options.progressInterval = .milliseconds(5)
            let worker = JobWorker(pool, name: "worker", options) { job in
                log.attempts.append(job.attempt)
                if job.attempt == 2 { return await withUnsafeContinuation { log.held = $0 } }
                while log.isHolding {
                    job.report(percent: 99)
                    try await pool.loop.sleep(for: .milliseconds(2))
                }
            }
            var job = NewJob("long")
            job.ownerID = owner
            let added = job
            try await pool.transaction { try await $0.enqueue([added], waking: worker) }
            try await eventually { log.attempts == [1] }
            // It lost its lease to another worker, which gave the job up.
            try TestCluster.execute(
                "UPDATE jobs SET status = 'RETRYING', locked_by = NULL, locked_until = NULL",
                on: database
            )
            try await eventually { log.attempts == [1, 2] }
            let before = pool.transactionMetrics.transactions
            try await eventually { pool.transactionMetrics.transactions > before + 10 }
            log.isHolding = false
            try await eventually { worker.metrics.leasesLost == 1 }
            let progress = Statement<String>("SELECT status || attempts || coalesce(progress, -1) FROM jobs")
            let second = try await pool.session().one(progress)
            #expect(second == "RUNNING2-1")
            let stopping = pool.loop.startTask { await worker.stop(within: .seconds(20)) }
            try await pool.loop.sleep(for: .milliseconds(50))
            log.held?.resume()
            await stopping.value
            let states = try await pool.session().rows(Self.states)
            #expect(states == ["SUCCEEDED 2"])
        }
    }

    @Test func `a job is not run beside its first run when the clock of the database leaps`() async throws {
        let database = try await migratedDatabase()
        try await withPool(database) { pool in
            let log = Log()
            var options = JobWorker.Options()
            options.lease = .seconds(3)
            options.pollInterval = .milliseconds(10)
            let handler: JobWorker.Handler = { job in
                log.names.append(job.name)
                while log.isHolding { try await pool.loop.sleep(for: .milliseconds(2)) }
            }
            let worker = JobWorker(pool, name: "worker", options, handler)
            try await pool.transaction { try await $0.enqueue([NewJob("long")], waking: worker) }
            try await eventually { log.names == ["long"] }
            let other = JobWorker(pool, name: "other", options, handler)
            // Between two heartbeats all leases are over.
            try TestCluster.execute("UPDATE jobs SET locked_until = now() - interval '1 hour'", on: database)
            let isLeased = Statement<Bool>("SELECT locked_until > now() FROM jobs")
            while try await !pool.session().one(isLeased) { try await pool.loop.sleep(for: .milliseconds(5)) }
            let before = pool.transactionMetrics.transactions
            try await eventually { pool.transactionMetrics.transactions > before + 10 }
            #expect(log.names == ["long"])
            #expect(other.metrics.rescued == 0)
            log.isHolding = false
            for worker in [worker, other] { await worker.stop(within: .seconds(5)) }
            let states = try await pool.session().rows(Self.states)
            #expect(states == ["SUCCEEDED 1"])
        }
    }

    @Test func `a job that has gone to another worker is stopped`() async throws {
        let database = try await migratedDatabase()
        try await withPool(database) { pool in
            let log = Log()
            var options = JobWorker.Options()
            options.lease = .milliseconds(300)
            let worker = JobWorker(pool, name: "worker", options) { job in
                log.names.append(job.name)
                do { try await pool.loop.sleep(for: .seconds(60)) } catch {
                    log.isHolding = false
                    throw error
                }
            }
            try await pool.transaction { try await $0.enqueue([NewJob("job")], waking: worker) }
            try await eventually { log.names == ["job"] }
            try TestCluster.execute("\(Self.hourFromNow), locked_by = 'other'", on: database)
            try await eventually { !log.isHolding && worker.metrics.leasesLost == 1 }
            await worker.stop(within: .seconds(5))
            let states = try await pool.session().rows(Statement<String>("SELECT status || locked_by FROM jobs"))
            #expect(states == ["RUNNINGother"])
        }
    }

    @Test func `a worker that cannot reach the database stops what it has no lease of any more`() async throws {
        let database = try await migratedDatabase()
        try await withPool(database) { pool in
            let log = Log()
            var options = JobWorker.Options()
            options.lease = .milliseconds(300)
            let cutPool = PostgresPool(PoolOptions(database), on: pool.loop)
            let worker = JobWorker(cutPool, name: "worker", options) { _ in
                log.names.append("begun")
                try? await pool.loop.sleep(for: .seconds(60))
                log.names.append("stopped")
            }
            try await pool.transaction { try await $0.enqueue([NewJob("job")], waking: worker) }
            try await eventually { log.names == ["begun"] }
            cutPool.close()
            try await eventually { log.names == ["begun", "stopped"] }
        }
    }

    @Test func `a job says how far it is, and those who watch it look`() async throws {
        let database = try await migratedDatabase()
        let owner = UUID(high: 1, low: 1)
        try TestCluster.execute(
            "INSERT INTO users (id, email, username, name) VALUES ('\(owner)', 'a@b.c', 'ida', 'I')",
            on: database
        )
        try await withPool(database) { pool in
            var feedOptions = EventFeed.Options()
            feedOptions.pollInterval = .seconds(600)
            let feed = EventFeed(pool, feedOptions)
            // What another process has.
            let otherPool = PostgresPool(PoolOptions(database), on: pool.loop)
            let other = EventFeed(otherPool, feedOptions)
            defer {
                other.close()
                otherPool.close()
                feed.close()
            }
            var job = NewJob("export")
            job.ownerID = owner
            let added = job
            let id = try #require(try await pool.transaction { try await $0.enqueue([added]) }.first)
            let watcher = other.watch(Job.topic(id))
            let log = Log()
            var options = JobWorker.Options()
            options.progressInterval = .milliseconds(10)
            let worker = JobWorker(pool, name: "worker", options, telling: { feed }) { job in
                for (percent, message) in [(10, "begun"), (50, "half"), (200, "nearly")] {
                    log.isHolding = true
                    job.report(percent: percent, message)
                    while log.isHolding { try await pool.loop.sleep(for: .milliseconds(2)) }
                }
            }
            var seen: [String] = []
            while seen.last != "SUCCEEDED 100 nearly", await watcher.wait() {
                let row = try #require(try await pool.session().jobs([id], of: owner).first)
                let state = "\(row.status) \(row.percent ?? -1) \(row.message ?? "")"
                if seen.last == state { continue }
                seen.append(state)
                // Each is seen once before the next is said.
                if row.status == "RUNNING", row.percent != nil { log.isHolding = false }
            }
            await worker.stop(within: .seconds(5))
            #expect(
                seen.filter { !$0.contains("-1") } == [
                    "RUNNING 10 begun", "RUNNING 50 half", "RUNNING 100 nearly", "SUCCEEDED 100 nearly",
                ]
            )
            #expect(try await pool.session().jobs([id], of: UUID(high: 2, low: 2)) == [])
            #expect(try await pool.session().jobs([id], of: nil).count == 1)
        }
    }

    @Test func `a worker stops in time though its database is gone`() async throws {
        let cluster = try TestCluster.start("jobs")
        let database = cluster.connectionString
        try await onLoop { loop in
            _ = try await Migrator.with(ConnectionOptions(database), on: loop) { try await $0.up() }
        }
        try await withPool(database) { pool in
            let log = Log()
            try await pool.transaction { try await $0.enqueue([NewJob("a"), NewJob("b")]) }
            var options = JobWorker.Options()
            options.lastWords = .milliseconds(300)
            let worker = JobWorker(pool, name: "worker", options) { job in
                log.names.append(job.name)
                // One ends and cannot be told of; the other does not react to anything.
                if job.name == "b" { return await withUnsafeContinuation { log.held = $0 } }
                while log.isHolding { try await pool.loop.sleep(for: .milliseconds(5)) }
            }
            try await eventually { log.names.count == 2 }
            cluster.stop()
            log.isHolding = false
            let begin = EventLoop.monotonicTime()
            await worker.stop(within: .milliseconds(500))
            #expect(EventLoop.monotonicTime() - begin < 5_000_000_000)
            log.held?.resume()
        }
    }

    @Test func `an outcome that the database refuses holds up no other`() async throws {
        struct Said: Error, CustomStringConvertible { let description: String }
        let database = try await migratedDatabase()
        try TestCluster.execute("ALTER TABLE jobs ADD CHECK (last_error <> 'unspeakable')", on: database)
        try await withPool(database) { pool in
            let log = Log()
            var options = JobWorker.Options()
            options.pollInterval = .milliseconds(20)
            options.concurrency = 2
            let worker = JobWorker(pool, name: "worker", options) { job in
                log.names.append(job.name)
                switch job.name {
                case "a zero": throw Said(description: "before\0after" + String(repeating: "x", count: 5_000))
                case "b refused": throw Said(description: "unspeakable")
                default: return
                }
            }
            let names = ["a zero", "b refused", "c", "d", "e"]
            try await pool.transaction { try await $0.enqueue(names.map { NewJob($0) }, waking: worker) }
            try await eventually { log.names.count == names.count }
            await worker.stop(within: .seconds(5))
            let states = try await pool.session().rows(Self.states)
            #expect(states == ["RETRYING 1", "RETRYING 1", "SUCCEEDED 1", "SUCCEEDED 1", "SUCCEEDED 1"])
            #expect(worker.metrics.refused == 1)
            let reason = Statement<String>("SELECT last_error FROM jobs WHERE name = 'a zero'")
            let text = try await pool.session().one(reason)
            #expect(text.prefix(15) == "beforeafterxxxx")
            #expect(text.unicodeScalars.count == 2_000)
        }
    }
}
