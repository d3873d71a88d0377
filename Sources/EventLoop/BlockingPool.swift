import Glibc
internal import Synchronization

/// A few threads for work that would hold up a loop, such as password hashing and file reads.
///
/// The queue is bounded: work that finds it full is refused at once, which a server answers with "try again later".
public final class BlockingPool: Sendable {
    /// Why work was not done.
    public enum Refusal: Error, Equatable {
        case queueFull
        case stopped
    }

    public struct Metrics: Sendable, Equatable {
        public var completed: UInt64 = 0
        public var refused: UInt64 = 0
        public var queued = 0
        public var running = 0
    }

    private let queue: WorkQueue

    public init(threads: Int = 2, queueLimit: Int = 256) throws {
        precondition(threads > 0 && queueLimit > 0, "a pool has threads and room for work")
        queue = WorkQueue(limit: queueLimit)
        for _ in 0..<threads { try startWorker(queue) }
    }

    deinit { queue.stop() }

    public var metrics: Metrics { queue.metrics }

    /// Runs `work` on a thread of the pool; the caller's task waits on its own executor.
    public func run<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            let refusal = queue.add { continuation.resume(with: Result(catching: work)) }
            if let refusal { continuation.resume(throwing: refusal) }
        }
    }

    /// Refuses new work; what is queued is still done, then the threads end.
    public func stop() { queue.stop() }
}

/// The work that waits, with the condition its threads sleep on.
///
/// `@unchecked Sendable`: `state` is touched under the pthread mutex only, which a Swift `Mutex` cannot replace because
/// it has no condition variable.
private final class WorkQueue: @unchecked Sendable {
    private struct State {
        var work: [@Sendable () -> Void] = []
        var isStopped = false
        var metrics = BlockingPool.Metrics()
    }

    private let limit: Int
    private var state = State()
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private let condition: UnsafeMutablePointer<pthread_cond_t>

    init(limit: Int) {
        self.limit = limit
        mutex = .allocate(capacity: 1)
        condition = .allocate(capacity: 1)
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(condition, nil)
    }

    deinit {
        pthread_cond_destroy(condition)
        pthread_mutex_destroy(mutex)
        condition.deallocate()
        mutex.deallocate()
    }

    var metrics: BlockingPool.Metrics {
        locked { state in
            state.metrics.queued = state.work.count
            return state.metrics
        }
    }

    func add(_ work: @escaping @Sendable () -> Void) -> BlockingPool.Refusal? {
        let refusal: BlockingPool.Refusal? = locked { state in
            if state.isStopped { return .stopped }
            if state.work.count >= limit {
                state.metrics.refused &+= 1
                return .queueFull
            }
            state.work.append(work)
            return nil
        }
        if refusal == nil { pthread_cond_signal(condition) }
        return refusal
    }

    func stop() {
        locked { $0.isStopped = true }
        pthread_cond_broadcast(condition)
    }

    /// The life of one thread: waits for work, does it, and ends when the queue is stopped and empty.
    func work() {
        while let next = take() {
            next()
            locked { state in
                state.metrics.running -= 1
                state.metrics.completed &+= 1
            }
        }
    }

    /// No access to `state` may be open while the thread waits: the mutex is free then, and others change it.
    private func take() -> (@Sendable () -> Void)? {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        while state.work.isEmpty {
            if state.isStopped { return nil }
            pthread_cond_wait(condition, mutex)
        }
        state.metrics.running += 1
        return state.work.removeFirst()
    }

    private func locked<Result>(_ body: (inout State) -> Result) -> Result {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return body(&state)
    }
}

private func startWorker(_ queue: WorkQueue) throws {
    var thread = pthread_t()
    let argument = Unmanaged.passRetained(queue)
    let result = pthread_create(&thread, nil, runWorker, argument.toOpaque())
    guard result == 0 else {
        argument.release()
        throw SystemError("pthread_create", code: result)
    }
    pthread_detach(thread)
}

/// The entry of a pool thread; a named function for the same reason as the loop's.
private func runWorker(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let argument else { return nil }
    leaveSignalsToOthers()
    Unmanaged<WorkQueue>.fromOpaque(argument).takeRetainedValue().work()
    return nil
}
