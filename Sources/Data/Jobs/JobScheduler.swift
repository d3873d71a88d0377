internal import EventLoop
package import PostgresClient

/// Adds jobs when their moments come, with all other processes that have the same schedules: each moment is one job.
///
/// `@unchecked Sendable`: confined to its loop.
package final class JobScheduler: @unchecked Sendable {
    private let pool: PostgresPool
    private let schedules: [JobSchedule]
    private let interval: Duration
    private let worker: JobWorker?
    private var isRegistered = false
    private var isBusy = false
    private var isStopping = false
    private var stopped: UnsafeContinuation<Void, Never>?
    private lazy var polling = loop.timer { [weak self] in self?.poll() }
    /// Moments that this process has noticed first.
    package private(set) var ticks: UInt64 = 0

    /// Looks for what is due at once, and then in each `interval`.
    package init(
        _ pool: PostgresPool,
        _ schedules: [JobSchedule],
        interval: Duration = .seconds(10),
        waking worker: JobWorker? = nil
    ) {
        self.pool = pool
        self.schedules = schedules
        self.interval = interval
        self.worker = worker
        poll()
    }

    /// Adds nothing more; returns when what was being added is, or when the database has not answered for so long.
    package func stop(within grace: Duration = .seconds(10)) async {
        isStopping = true
        polling.cancel()
        guard isBusy else { return }
        let end = loop.timer { [weak self] in self?.haveStopped() }
        end.set(after: grace.nanoseconds)
        await withUnsafeContinuation { stopped = $0 }
        end.cancel()
    }

    private var loop: EventLoop { pool.loop }

    private func haveStopped() {
        stopped?.resume()
        stopped = nil
    }

    private func poll() {
        guard !isStopping, !schedules.isEmpty else { return }
        polling.set(after: interval.nanoseconds)
        guard !isBusy else { return }
        isBusy = true
        loop.startTask { [self] in
            // A database that cannot be reached is asked again the next time.
            try? await round()
            isBusy = false
            haveStopped()
        }
    }

    private func round() async throws {
        if !isRegistered {
            try await pool.transaction { try await $0.register(schedules) }
            isRegistered = true
        }
        let due = try await pool.transaction { try await $0.enqueueDue(schedules, waking: worker) }
        ticks += UInt64(due.count)
    }
}
