package import EventLoop
package import PostgresClient

/// The database as every loop reaches it: by a pool and an event feed of its own.
package final class Database: Sendable {
    private let loops: [LoopDatabase]
    let timeZones = TimeZoneNames()
    /// Makes the cursors of lists and events.
    package let cursors: CursorSigner

    private init(_ loops: [LoopDatabase], _ cursors: CursorSigner) {
        self.loops = loops
        self.cursors = cursors
    }

    /// Brings the schema up to date, which tells at once whether the database can be used, and makes the pools.
    /// `migrated` hears what was done.
    package static func open(
        _ options: PoolOptions,
        on group: EventLoopGroup,
        cursors: CursorSigner = .ofThisProcess(),
        events: EventFeed.Options = EventFeed.Options(),
        migrated: @escaping @Sendable ([Migration]) -> Void = { _ in }
    ) async throws -> Database {
        try await group.loops[0].start {
            try await Migrator.with(options.ofItsOwn, on: group.loops[0]) { migrated(try await $0.up()) }
        }
        var loops: [LoopDatabase] = []
        for loop in group.loops {
            loops.append(try await loop.run { LoopDatabase(PostgresPool(options, on: loop), events) })
        }
        return Database(loops, cursors)
    }

    /// The pool of the loop the caller runs on.
    package var pool: PostgresPool { here.pool }

    package var session: Session { pool.session() }

    /// For logs, which may be a moment old: where there is a replica, it reads for them.
    package var historySession: Session { pool.session(mayBeOld: true) }

    /// The live events as the loop the caller runs on gets them.
    package var events: EventFeed { here.events }

    /// What runs jobs on the loop the caller runs on; nil where none are run, or no more.
    package var worker: JobWorker? { here.worker }

    /// The counters of all loops together, gathered one after another.
    package func metrics() async -> DatabaseMetrics {
        var metrics = DatabaseMetrics()
        for loop in loops {
            let pool = loop.pool
            let found = try? await pool.loop.run {
                (
                    [pool.readMetrics, pool.transactionMetrics] + (pool.replicaMetrics.map { [$0] } ?? []),
                    loop.startedEvents?.metrics, loop.worker?.metrics
                )
            }
            for one in found?.0 ?? [] { metrics.add(one) }
            if let events = found?.1 { metrics.add(events) }
            if let jobs = found?.2 { metrics.add(jobs) }
        }
        return metrics
    }

    /// What the statements of all loops took together, in the order of their names.
    package func statementStatistics() async -> (entries: [StatementStatistics.Entry], untold: UInt64) {
        var found: [[StatementStatistics.Entry]] = []
        var untold: UInt64 = 0
        for loop in loops {
            let pool = loop.pool
            guard let one = try? await pool.loop.run({ (pool.statistics.all, pool.statistics.untold) }) else {
                continue
            }
            found.append(one.0)
            untold &+= one.1
        }
        return ([StatementStatistics.Entry].merged(found).sorted { $0.name < $1.name }, untold)
    }

    /// Ends all connections.
    package func close() async {
        for loop in loops { try? await loop.pool.loop.run { loop.close() } }
    }

    private var here: LoopDatabase {
        guard let loop = EventLoop.current, loop.index < loops.count, loops[loop.index].pool.loop === loop else {
            preconditionFailure("the database is reached from the loops it was opened on")
        }
        return loops[loop.index]
    }
}

// MARK: Jobs

extension Database {
    /// Runs jobs on every loop, and adds those of the schedules. `name` tells this process from all others.
    package func startJobs(
        name: String,
        _ options: JobWorker.Options,
        schedules: [JobSchedule] = [],
        _ handler: @escaping JobWorker.Handler
    ) async {
        for (index, loop) in loops.enumerated() {
            try? await loop.pool.loop.run {
                let worker = JobWorker(
                    loop.pool,
                    name: "\(name)/\(index)",
                    options,
                    telling: { [weak loop] in loop?.events },
                    handler
                )
                loop.worker = worker
                if index == 0 { loop.scheduler = JobScheduler(loop.pool, schedules, waking: worker) }
            }
        }
    }

    /// Takes no more jobs, and waits for those that run: at most `grace`, then they are cancelled.
    package func stopJobs(within grace: Duration) async {
        await withTaskGroup(of: Void.self) { tasks in
            for loop in loops {
                tasks.addTask { try? await loop.pool.loop.start { await loop.stopJobs(within: grace) } }
            }
        }
    }
}

extension EventLoop {
    /// Runs a task on the loop on behalf of one of elsewhere.
    package func start<Value: Sendable>(
        _ operation: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            execute {
                self.startTask {
                    do { continuation.resume(returning: try await operation()) } catch {
                        continuation.resume(throwing: error)
                    }
                }
            }
        }
    }
}
