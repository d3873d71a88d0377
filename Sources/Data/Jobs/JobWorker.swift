package import EventLoop
package import PostgresClient

/// Takes jobs of a queue and runs them, on one loop. Any number of workers, in any number of processes, may share a queue.
///
/// A job is leased; while it runs its lease is extended, and a worker that is lost loses its jobs to others when the
/// lease is over. So a job runs at least once, and twice only if its worker was not heard of for that long. Leases go by the
/// database's clock. As that may leap, a lease that seems to be over is given half of its length, by the clock of whoever
/// sees that, to be extended.
///
/// `@unchecked Sendable`: confined to its loop.
package final class JobWorker: @unchecked Sendable {
    /// A queue with places of its own: its jobs hold up those of no other.
    package struct Lane: Sendable, Equatable {
        package let queue: String
        /// Jobs that run at once.
        package let concurrency: Int

        package init(_ queue: String, concurrency: Int) {
            self.queue = queue
            self.concurrency = concurrency
        }
    }

    package struct Options: Sendable {
        package var queue = "default"
        /// Jobs that run at once.
        package var concurrency = 16
        /// What it works on beside its queue.
        package var lanes: [Lane] = []
        package var lease = Duration.seconds(60)
        /// How often an idle worker looks for jobs that other processes have added.
        package var pollInterval = Duration.seconds(1)
        /// How often it is written how far jobs are.
        package var progressInterval = Duration.milliseconds(200)
        /// How long a worker that stops tries to tell of jobs that were cancelled.
        package var lastWords = Duration.seconds(1)

        package init() {}
    }

    package struct Metrics: Sendable, Equatable {
        package var taken: UInt64 = 0
        package var succeeded: UInt64 = 0
        package var failed: UInt64 = 0
        /// Those of them that were the last.
        package var died: UInt64 = 0
        /// Taken back from workers that were lost.
        package var rescued: UInt64 = 0
        /// Finished, or stopped, after the lease had gone to another worker.
        package var leasesLost: UInt64 = 0
        /// Outcomes that the database refused.
        package var refused: UInt64 = 0
    }

    package typealias Handler = @Sendable (Job) async throws -> Void

    package let loop: EventLoop
    package private(set) var metrics = Metrics()
    private let pool: PostgresPool
    private let options: Options
    private let name: String
    private let handler: Handler
    private struct Running {
        var task: Task<Void, Never>?
        let queue: String
        /// By this time the job is another's, as far as this worker knows.
        var leaseEnd: UInt64
    }

    private var running: [JobRun: Running] = [:]
    private var finished: [(run: JobRun, outcome: JobOutcome)] = []
    /// Runs of others whose lease seems to be over, and since when.
    private var suspects: [JobRun: UInt64] = [:]
    /// Runs that were lost with their workers, to be given back by the next round.
    private var lost: [JobRun] = []
    private var isLooking = false
    private var isWorking = false
    private var mayHaveMore = true
    private var isStopping = false
    private var hasGivenUp = false
    private var stopped: [UnsafeContinuation<Void, Never>] = []
    private let feed: () -> EventFeed?
    /// Those that somebody may be watching.
    private var owned: Set<JobRun> = []
    private lazy var progress = JobProgressLog(pool, worker: name, interval: options.progressInterval) {
        [weak self] in self?.announce($0)
    }
    private lazy var polling = loop.timer { [weak self] in self?.poll() }
    private lazy var heartbeat = loop.timer { [weak self] in self?.extendLeases() }

    /// Begins to work. `name` tells this worker from all others; `feed` tells those who watch a job that it went on.
    package init(
        _ pool: PostgresPool,
        name: String,
        _ options: Options = Options(),
        telling feed: @escaping () -> EventFeed? = { nil },
        _ handler: @escaping Handler
    ) {
        self.pool = pool
        self.feed = feed
        self.name = name
        self.options = options
        self.handler = handler
        loop = pool.loop
        heartbeat.set(after: options.lease.nanoseconds / 3)
        poll()
    }

    /// Looks for jobs now.
    package func wake() {
        mayHaveMore = true
        work()
    }

    /// Takes no more jobs and waits for those that run; after `grace` they are cancelled, which is a failed attempt. Where
    /// that cannot be told within `lastWords`, or they do not react, their leases run out by themselves.
    package func stop(within grace: Duration) async {
        isStopping = true
        polling.cancel()
        let deadline = loop.timer { [weak self] in self?.running.values.forEach { $0.task?.cancel() } }
        deadline.set(after: grace.nanoseconds)
        work()
        let end = loop.timer { [weak self] in self?.giveUp() }
        end.set(after: (grace + options.lastWords).nanoseconds)
        if isWorking || !running.isEmpty || !finished.isEmpty {
            await withUnsafeContinuation { stopped.append($0) }
        }
        end.cancel()
        deadline.cancel()
        heartbeat.cancel()
    }

    private func giveUp() {
        hasGivenUp = true
        haveStopped()
    }

    private func haveStopped() {
        for continuation in stopped { continuation.resume() }
        stopped = []
    }

    private func poll() {
        polling.set(after: options.pollInterval.nanoseconds)
        look()
        wake()
    }

    /// Looks for runs that were lost, apart from the rounds: reads that wait hold up nothing that is to be told or taken.
    private func look() {
        guard !isLooking else { return }
        isLooking = true
        loop.startTask { [self] in
            let found = try? await lostRuns()
            isLooking = false
            guard let found, !found.isEmpty else { return }
            lost = found
            work()
        }
    }

    /// One round after the other, of which there is one at a time: report what is finished, give back what was lost, take
    /// what there is room for.
    private func work() {
        guard !isWorking else { return }
        isWorking = true
        loop.startTask { [self] in
            while !hasGivenUp, hasWork {
                do { try await round() } catch {
                    // The database cannot be reached: the poll tries again, and so does the last report.
                    try? await loop.sleep(for: .milliseconds(200))
                    if !isStopping { break }
                }
            }
            isWorking = false
            if isStopping, running.isEmpty, finished.isEmpty { haveStopped() }
        }
    }

    private var hasWork: Bool {
        if !finished.isEmpty { return true }
        return !isStopping && (!lost.isEmpty || (mayHaveMore && !rooms.isEmpty))
    }

    private func round() async throws {
        let reported = finished
        finished = []
        // Some may have been taken while they were looked for; those that have ended since are reported before.
        let lost = isStopping ? [] : lost.filter { running[$0] == nil }
        self.lost = []
        let rooms = isStopping ? [] : rooms
        mayHaveMore = false
        // Counted from before they are taken: the server's clock begins later.
        let leaseEnd = self.leaseEnd
        do {
            let (kept, rescued, taken) = try await pool.transaction { transaction in
                let kept = try await self.report(reported, transaction)
                let rescued = try await self.rescue(lost, transaction)
                var taken: [(lane: Lane, jobs: [Job])] = []
                for lane in rooms where !self.isStopping {
                    let room = lane.concurrency
                    let jobs = try await transaction.rows(JobStatements.claim, lane.queue, name, room, lease)
                    taken.append((lane, jobs))
                }
                return (kept, rescued, taken)
            }
            let jobs = taken.flatMap { $0.jobs }
            announce(reported.map(\.run).filter { owned.remove($0) != nil })
            metrics.leasesLost &+= UInt64(reported.count - kept)
            metrics.rescued &+= UInt64(rescued)
            if isStopping { return await giveBack(jobs) }
            metrics.taken &+= UInt64(jobs.count)
            if taken.contains(where: { $0.jobs.count == $0.lane.concurrency }) { mayHaveMore = true }
            for job in jobs where job.ownerID != nil { owned.insert(job.run) }
            announce(jobs.filter { $0.ownerID != nil }.map(\.run))
            for (lane, jobs) in taken { for job in jobs { start(job, of: lane.queue, leaseEnd) } }
        } catch {
            if (error as? PostgresError)?.isAboutContent == true {
                await reportEach(reported)
            } else {
                finished = reported + finished
            }
            mayHaveMore = true
            throw error
        }
    }

    /// What was on its way when the stop came is begun by others. Where they cannot be given back their leases run out.
    private func giveBack(_ jobs: [Job]) async {
        guard !jobs.isEmpty else { return }
        _ = try? await pool.transaction {
            try await $0.rows(JobStatements.giveBack, name, jobs.map(\.id), jobs.map(\.attempt))
        }
    }

    /// The queues that have room, and how much.
    private var rooms: [Lane] {
        ([Lane(options.queue, concurrency: options.concurrency)] + options.lanes).compactMap { lane in
            let room = lane.concurrency - running.values.count { $0.queue == lane.queue }
            return room > 0 ? Lane(lane.queue, concurrency: room) : nil
        }
    }

    /// Runs that were lost with their workers: a lease that is over may be extended yet, where only the clock has leapt.
    private func lostRuns() async throws -> [JobRun] {
        let own = running.keys + finished.map(\.run)
        let lapsed = try await pool.session().rows(JobStatements.lapsed, name, own.map(\.id), own.map(\.attempt))
        let now = loop.now
        var seen: [JobRun: UInt64] = [:]
        for other in lapsed where !other.isOwn { seen[other.run] = suspects[other.run] ?? now }
        suspects = seen
        let patience = options.lease.nanoseconds / 2
        return lapsed.map(\.run).filter { run in seen[run].map { now - min(now, $0) >= patience } ?? true }
    }

    private func rescue(_ lost: [JobRun], _ transaction: Transaction) async throws -> Int {
        if lost.isEmpty { return 0 }
        return try await transaction.rows(JobStatements.rescue, name, lost.map(\.id), lost.map(\.attempt)).count
    }

    /// Tells each by itself where the database refuses them together; one that it refuses is a failed attempt.
    private func reportEach(_ ended: [(run: JobRun, outcome: JobOutcome)]) async {
        for (run, outcome) in ended {
            do {
                let kept = try await pool.transaction { try await self.report([(run, outcome)], $0) }
                metrics.leasesLost &+= UInt64(1 - kept)
                if owned.remove(run) != nil { announce([run]) }
            } catch let error as PostgresError where error.isAboutContent {
                metrics.refused &+= 1
                let failure = JobOutcome.failed(reason: "the database refused what it came to", delaySeconds: 0)
                _ = try? await pool.transaction { try await self.report([(run, failure)], $0) }
                owned.remove(run)
            } catch { finished.append((run, outcome)) }
        }
    }

    /// How many of the outcomes were still this worker's to tell.
    private func report(_ ended: [(run: JobRun, outcome: JobOutcome)], _ transaction: Transaction) async throws -> Int {
        var done: [JobRun] = []
        var failed: [JobRun] = []
        var reasons: [String] = []
        var delays: [Int] = []
        for (run, outcome) in ended {
            switch outcome {
            case .done: done.append(run)
            case .failed(let reason, let delay):
                failed.append(run)
                reasons.append(reason)
                delays.append(delay)
            }
        }
        var kept = 0
        if !done.isEmpty {
            kept += try await transaction.rows(
                JobStatements.succeed,
                name,
                done.map(\.id),
                done.map(\.attempt)
            ).count
        }
        if !failed.isEmpty {
            kept += try await transaction.rows(
                JobStatements.fail,
                name,
                failed.map(\.id),
                failed.map(\.attempt),
                reasons,
                delays
            ).count
        }
        return kept
    }

    private func announce(_ runs: [JobRun]) { announce(runs.map(\.id)) }

    private func announce(_ jobs: [UUID]) {
        if !jobs.isEmpty { feed()?.announce(jobs.map(Job.topic)) }
    }

    private func start(_ job: Job, of queue: String, _ leaseEnd: UInt64) {
        var job = job
        let run = job.run
        if job.ownerID != nil { job.progress = progress }
        running[run] = Running(queue: queue, leaseEnd: leaseEnd)
        let task = loop.startTask { [self, job] in
            let outcome: JobOutcome
            do {
                try await handler(job)
                outcome = .done
                metrics.succeeded &+= 1
            } catch {
                let delay = (error as? JobDelay)?.seconds ?? 0
                outcome = .failed(reason: Self.reason(error), delaySeconds: delay)
                metrics.failed &+= 1
                if job.isLastAttempt { metrics.died &+= 1 }
            }
            running[run] = nil
            progress.forget(run)
            finished.append((run, outcome))
            mayHaveMore = true
            work()
        }
        // A handler that did not wait has ended already.
        running[run]?.task = task
    }

    /// As a text of the database, which takes no zero bytes, and not a whole page of somebody's.
    private static func reason(_ error: any Error) -> String {
        String(String.UnicodeScalarView("\(error)".unicodeScalars.lazy.filter { $0 != "\0" }.prefix(2_000)))
    }

    /// Jobs whose lease is over, or has gone to another worker, are stopped: they are run there.
    private func extendLeases() {
        heartbeat.set(after: options.lease.nanoseconds / 3)
        guard !running.isEmpty else { return }
        let runs = Array(running.keys)
        let leaseEnd = leaseEnd
        loop.startTask { [self] in
            let extended = try? await pool.transaction {
                Set(try await $0.rows(JobStatements.extend, name, runs.map(\.id), runs.map(\.attempt), lease))
            }
            for run in runs {
                if extended?.contains(run) == true {
                    running[run]?.leaseEnd = leaseEnd
                } else if let job = running[run], extended != nil || job.leaseEnd <= loop.now {
                    job.task?.cancel()
                }
            }
        }
    }

    private var leaseEnd: UInt64 {
        let (end, overflow) = loop.now.addingReportingOverflow(options.lease.nanoseconds)
        return overflow ? .max : end
    }

    private var lease: CalendarInterval {
        CalendarInterval(microseconds: Int64(clamping: options.lease.nanoseconds / 1_000))
    }
}

extension PostgresError {
    /// Whether the same would be refused again: a value or a constraint is in the way.
    fileprivate var isAboutContent: Bool { fault.map { ["22", "23"].contains($0.state.code.prefix(2)) } ?? false }
}
