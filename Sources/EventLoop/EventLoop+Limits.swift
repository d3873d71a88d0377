internal import Synchronization

extension EventLoop {
    /// What `operation` comes to, or nil where it takes longer than that: then it is cancelled, and nobody waits for what it
    /// makes of it. To be called on this loop.
    public func within<Value: Sendable>(
        _ limit: Duration,
        _ operation: @escaping @Sendable () async throws -> Value
    ) async throws -> Value? {
        assertOnLoop()
        return try await withUnsafeThrowingContinuation { continuation in
            let first = FirstResult<Value?>(continuation)
            let work = startTask {
                do { first.settle(.success(try await operation())) } catch { first.settle(.failure(error)) }
            }
            let clock = startTask { [self] in
                do { try await sleep(for: limit) } catch { return }
                first.settle(.success(nil))
                work.cancel()
            }
            first.end(clock)
        }
    }
}

/// Resumes whoever waits once, by what comes first.
private final class FirstResult<Value: Sendable>: Sendable {
    private struct State {
        var waiting: UnsafeContinuation<Value, any Error>?
        var clock: Task<Void, Never>?
    }

    private let state: Mutex<State>

    init(_ continuation: UnsafeContinuation<Value, any Error>) { state = Mutex(State(waiting: continuation)) }

    func settle(_ result: Result<Value, any Error>) {
        let (waiting, clock) = state.withLock { state in
            defer { state = State() }
            return (state.waiting, state.clock)
        }
        waiting?.resume(with: result)
        clock?.cancel()
    }

    /// Ends this with the wait.
    func end(_ clock: Task<Void, Never>) {
        let isOver = state.withLock { state in
            if state.waiting != nil { state.clock = clock }
            return state.waiting == nil
        }
        if isOver { clock.cancel() }
    }
}
