import Synchronization

/// Loads values by key for one request: equal keys once, and all keys that are asked for in the same turn in one call.
///
/// The first call that misses gathers: it waits for the end of the executor's turn, in which everything that is ready
/// asks for its keys, and then loads them all. There is no timer.
public final class Loader<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    /// What the loader is called in traces.
    public let name: String
    private let fetch: @Sendable ([Key]) async throws -> [Key: Value]
    private let missing: @Sendable (Key) -> Result<Value, any Error>
    private let keyLimit: Int
    private let context: LoadingContext
    private let state = Mutex(State())

    init(
        _ name: String,
        keyLimit: Int,
        context: LoadingContext,
        missing: @escaping @Sendable (Key) -> Result<Value, any Error>,
        fetch: @escaping @Sendable ([Key]) async throws -> [Key: Value]
    ) {
        precondition(keyLimit > 0, "a loader's batches hold at least one key")
        self.name = name
        self.keyLimit = keyLimit
        self.context = context
        self.missing = missing
        self.fetch = fetch
    }

    /// The values of keys, in their order. A key that cannot be loaded is an error for whoever asked for it, alone.
    public func load(_ keys: [Key]) async -> Results<Value> {
        let (gathered, others) = state.withLock { $0.register(keys) }
        if let gathered {
            await context.endOfTurn()
            let toLoad = state.withLock { $0.close(gathered) }
            await load(toLoad, of: gathered)
        }
        for batch in others { await batch.wait() }
        return state.withLock { state in
            var results = Results<Value>(reserving: keys.count)
            for key in keys {
                // Only who was cancelled while others load goes on without an outcome.
                switch state.outcomes[key] ?? .failure(CancellationError()) {
                case .success(let value): results.append(value)
                case .failure(let error): results.append(error: error)
                }
            }
            return results
        }
    }

    private func load(_ keys: [Key], of batch: PendingBatch) async {
        var start = 0
        while start < keys.count {
            let part = Array(keys[start..<min(start + keyLimit, keys.count)])
            start += part.count
            var outcomes: [Key: Result<Value, any Error>] = [:]
            do {
                // Nobody reads what a cancelled request would load.
                try Task.checkCancellation()
                let values = try await context.counting(name, keys: part.count) { try await fetch(part) }
                for key in part { outcomes[key] = values[key].map { .success($0) } ?? missing(key) }
                // A value for a key nobody asked for means that keys were mixed up: better no answer than a wrong one.
                guard values.count <= part.count, values.keys.allSatisfy({ outcomes[$0] != nil }) else {
                    throw LoaderFault.answeredOtherKeys(loader: name)
                }
            } catch {
                for key in part { outcomes[key] = .failure(error) }
            }
            state.withLock { $0.outcomes.merge(outcomes) { first, _ in first } }
        }
        state.withLock { state in
            for key in keys { state.batches[key] = nil }
        }
        batch.finish()
    }

    private struct State {
        var outcomes: [Key: Result<Value, any Error>] = [:]
        /// The batch each key that is not loaded yet belongs to.
        var batches: [Key: PendingBatch] = [:]
        private var gathering: PendingBatch?
        private var gatheredKeys: [Key] = []

        /// Enlists the keys that nobody has asked for yet. Returns the batch the caller has to load, if it is the
        /// first to ask, and the batches of others it has to wait for.
        mutating func register(_ keys: [Key]) -> (PendingBatch?, [PendingBatch]) {
            var own: PendingBatch?
            var others: [PendingBatch] = []
            for key in keys where outcomes[key] == nil {
                if let batch = batches[key] {
                    if batch !== own, !others.contains(where: { $0 === batch }) { others.append(batch) }
                    continue
                }
                if gathering == nil {
                    own = PendingBatch()
                    gathering = own
                }
                guard let gathering else { continue }
                batches[key] = gathering
                gatheredKeys.append(key)
                if gathering !== own, !others.contains(where: { $0 === gathering }) { others.append(gathering) }
            }
            return (own, others)
        }

        /// Takes the gathered keys; whoever asks from now on begins another batch.
        mutating func close(_ batch: PendingBatch) -> [Key] {
            defer {
                gathering = nil
                gatheredKeys = []
            }
            return gatheredKeys
        }
    }
}

/// A batch that is being gathered or loaded, and who waits for it.
private final class PendingBatch: Sendable {
    private struct State {
        var isFinished = false
        var waiting: [Int: CheckedContinuation<Void, Never>] = [:]
        /// Numbers of those who were cancelled before they waited.
        var cancelled: Set<Int> = []
        var nextNumber = 0
    }
    private let state = Mutex(State())

    /// Returns when the batch is loaded, or the waiting task is cancelled: two loaders that load by each other would else
    /// wait for ever.
    func wait() async {
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

    func finish() {
        let waiting = state.withLock { state in
            state.isFinished = true
            defer { state.waiting = [:] }
            return state.waiting.values
        }
        for continuation in waiting { continuation.resume() }
    }
}

/// A loader that broke its contract.
enum LoaderFault: Error, CustomStringConvertible {
    case answeredOtherKeys(loader: String)

    var description: String {
        switch self {
        case .answeredOtherKeys(let loader): "the loader \(loader) answered keys it was not asked for"
        }
    }
}
