import Data
import EventLoop
import Glibc
import PostgresClient

/// The queue of jobs: how many a second, and what becomes of those whose worker is killed.
struct JobBench {
    private static let left = Statement<Int>("SELECT count(*) FROM jobs WHERE finished_at IS NULL")
    private static let run = Command<UUID>("INSERT INTO runs (job) VALUES ($1)")
    private let loop: EventLoop
    private let pool: PostgresPool

    init(_ connection: String, _ loop: EventLoop) {
        self.loop = loop
        pool = PostgresPool(PoolOptions(connection), on: loop)
    }

    /// Adds jobs that do nothing, and takes the time until it is written that the last is done.
    func run(jobs: Int, atOnce: Int) async throws {
        for start in stride(from: 0, to: jobs, by: 1_000) {
            let some = (start..<min(jobs, start + 1_000)).map { _ in NewJob("nothing") }
            try await pool.transaction { try await $0.enqueue(some) }
        }
        var options = JobWorker.Options()
        options.concurrency = atOnce
        let begin = EventLoop.monotonicTime()
        let worker = JobWorker(pool, name: "bench", options) { _ in }
        while worker.metrics.succeeded < UInt64(jobs) { try await loop.sleep(for: .milliseconds(1)) }
        await worker.stop(within: .seconds(10))
        let duration = Double(EventLoop.monotonicTime() - begin) / 1_000_000_000
        let left = try await pool.session().one(Self.left)
        print("jobs\t\(jobs)\tat once\t\(atOnce)\tper second\t\(Int(Double(jobs) / duration))\tleft\t\(left)")
    }

    /// Does jobs, each of which leaves a row, until the process is killed.
    func workUntilKilled() async throws {
        var options = JobWorker.Options()
        options.lease = .seconds(2)
        options.pollInterval = .milliseconds(200)
        let pool = pool
        let worker = JobWorker(pool, name: "worker \(getpid())", options) { job in
            try await pool.transaction { _ = try await $0.execute(Self.run, job.id) }
            try await pool.loop.sleep(for: .milliseconds(Int64.random(in: 1...20)))
        }
        while true { try await loop.sleep(for: .seconds(3_600)) }
        _ = worker
    }
}
