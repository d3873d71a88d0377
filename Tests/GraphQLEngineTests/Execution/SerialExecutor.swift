import GraphQLEngine
import Synchronization

/// One queue of jobs that one thread works off, with turns like an event loop's: tests that count batches run on it.
final class SerialTestExecutor: TaskExecutor {
    private struct State {
        var jobs: [UnownedJob] = []
        var endOfTurn: [CheckedContinuation<Void, Never>] = []
    }
    private let state = Mutex(State())

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        state.withLock { $0.jobs.append(job) }
    }

    /// Returns when all jobs that are ready have run.
    func waitForEndOfTurn() async {
        await withCheckedContinuation { continuation in state.withLock { $0.endOfTurn.append(continuation) } }
    }

    /// Runs an operation to its end on the calling thread.
    static func run<Result: Sendable>(
        _ operation: @escaping @Sendable (SerialTestExecutor) async -> Result
    ) -> Result {
        let executor = SerialTestExecutor()
        let result = Mutex<Result?>(nil)
        Task(executorPreference: executor) {
            let value = await operation(executor)
            result.withLock { $0 = value }
        }
        while true {
            if let value = result.withLock({ $0 }) { return value }
            let jobs = executor.state.withLock { state in
                defer { state.jobs = [] }
                return state.jobs
            }
            for job in jobs { job.runSynchronously(on: executor.asUnownedTaskExecutor()) }
            guard jobs.isEmpty else { continue }
            let waiting = executor.state.withLock { state in
                defer { state.endOfTurn = [] }
                return state.endOfTurn
            }
            for continuation in waiting { continuation.resume() }
        }
    }
}
