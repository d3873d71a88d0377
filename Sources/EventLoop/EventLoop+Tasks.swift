extension EventLoop {
    /// Starts a task that stays on this loop: it runs at once, in the call, up to its first suspension.
    ///
    /// Child tasks, default actors and continuations stay on the loop too; a bare `Task {}` does not, and is
    /// therefore forbidden outside this module.
    @discardableResult
    public func startTask<Value: Sendable>(
        _ operation: sending @escaping @isolated(any) () async -> Value
    ) -> Task<Value, Never> {
        assertOnLoop()
        return Task.immediate(executorPreference: self, operation: operation)
    }

    /// The same for tasks without a result, as those of requests are, which then need no code for results of any type.
    @discardableResult
    public func startTask(_ operation: sending @escaping @isolated(any) () async -> Void) -> Task<Void, Never> {
        assertOnLoop()
        return Task.immediate(executorPreference: self, operation: operation)
    }

    /// Runs `operation` on the loop on behalf of a task of elsewhere.
    public func run<Value: Sendable>(
        _ operation: @escaping @Sendable () throws -> Value
    ) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            execute { continuation.resume(with: Result(catching: operation)) }
        }
    }

    /// Suspends the calling task without holding a thread; ends early, with an error, when the task is cancelled.
    public func sleep(for duration: Duration) async throws {
        let sleeper = Sleeper(loop: self)
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                sleeper.begin(continuation, nanoseconds: duration.nanoseconds)
            }
        } onCancel: {
            if isCurrent { sleeper.cancel() } else { execute { sleeper.cancel() } }
        }
    }
}

/// One sleeping task. `@unchecked Sendable`: confined to its loop.
private final class Sleeper: @unchecked Sendable {
    private let loop: EventLoop
    private var timer: Timer?
    private var continuation: CheckedContinuation<Void, any Error>?
    private var isCancelled = false

    init(loop: EventLoop) { self.loop = loop }

    func begin(_ continuation: CheckedContinuation<Void, any Error>, nanoseconds: UInt64) {
        guard loop.isCurrent else {
            loop.execute { self.begin(continuation, nanoseconds: nanoseconds) }
            return
        }
        guard !isCancelled else { return continuation.resume(throwing: CancellationError()) }
        self.continuation = continuation
        let timer = loop.timer { [unowned self] in finish(.success(())) }
        timer.set(after: nanoseconds)
        self.timer = timer
    }

    func cancel() {
        isCancelled = true
        finish(.failure(CancellationError()))
    }

    private func finish(_ result: Result<Void, any Error>) {
        timer?.cancel()
        timer = nil
        continuation?.resume(with: result)
        continuation = nil
    }
}
