import Synchronization

/// A loader's batch that is being gathered or loaded, and who waits for it.
@usableFromInline final class PendingBatch: Sendable {
    private struct State {
        var isFinished = false
        var waiting: [Int: CheckedContinuation<Void, Never>] = [:]
        /// Numbers of those who were cancelled before they waited.
        var cancelled: Set<Int> = []
        var nextNumber = 0
    }
    private let state = Mutex(State())

    @usableFromInline init() {}

    /// Returns when the batch is loaded, or the waiting task is cancelled: two loaders that load by each other would else
    /// wait for ever.
    @usableFromInline func wait() async {
        let number = state.withLock { state in
            defer { state.nextNumber += 1 }
            return state.nextNumber
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let mayGoOn = state.withLock { state in
                    if state.isFinished || state.cancelled.remove(number) != nil { return true }
                    state.waiting[number] = continuation
                    return false
                }
                if mayGoOn { continuation.resume() }
            }
        } onCancel: {
            let waiting = state.withLock { state in
                if let waiting = state.waiting.removeValue(forKey: number) { return waiting as CheckedContinuation? }
                if !state.isFinished { state.cancelled.insert(number) }
                return nil
            }
            waiting?.resume()
        }
    }

    @usableFromInline func finish() {
        let waiting = state.withLock { state in
            state.isFinished = true
            defer { state.waiting = [:] }
            return state.waiting.values
        }
        for continuation in waiting { continuation.resume() }
    }
}
