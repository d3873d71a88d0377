public import Synchronization

/// Loads values by key for one request: equal keys once, and all keys that are asked for in the same turn in one call.
///
/// The first call that misses gathers: it waits for the end of the executor's turn, in which everything that is ready
/// asks for its keys, and then loads them all. There is no timer.
///
/// All of it is inlinable, so that it is compiled for the keys and values of whoever uses it: lists have thousands.
public final class Loader<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    /// What the loader is called in traces.
    public let name: String
    @usableFromInline let fetch: @Sendable ([Key]) async throws -> FetchedValues<Key, Value>
    /// What a key has that was not found.
    @usableFromInline let missing: Value
    @usableFromInline let keyLimit: Int
    @usableFromInline let context: LoadingContext
    @usableFromInline let state: Mutex<LoaderState<Key, Value>>

    @inlinable init(
        _ name: String,
        keyLimit: Int,
        context: LoadingContext,
        missing: Value,
        fetch: @escaping @Sendable ([Key]) async throws -> FetchedValues<Key, Value>
    ) {
        precondition(keyLimit > 0, "a loader's batches hold at least one key")
        self.name = name
        self.keyLimit = keyLimit
        self.context = context
        self.missing = missing
        self.fetch = fetch
        state = Mutex(LoaderState())
    }

    /// The values of keys, in their order. A key that cannot be loaded is an error for whoever asked for it, alone.
    @inlinable public func load(_ keys: [Key]) async -> Results<Value> {
        let request = state.withLock { $0.register(keys) }
        if let gathered = request.own {
            await context.endOfTurn()
            let (toLoad, first) = state.withLock { $0.close() }
            await load(toLoad, from: first)
            state.withLock { $0.forget(gathered) }
            gathered.finish()
        }
        for batch in request.others { await batch.wait() }
        return state.withLock { $0.results(request.places) }
    }

    /// Loads keys whose places begin at `first`.
    @inlinable func load(_ keys: [Key], from first: Int) async {
        var start = 0
        while start < keys.count {
            let part = Array(keys[start..<min(start + keyLimit, keys.count)])
            let place = first + start
            start += part.count
            do {
                // Nobody reads what a cancelled request would load.
                try Task.checkCancellation()
                let values = try await context.counting(name, keys: part.count) { try await fetch(part) }
                let missing = missing
                let wasFound = state.withLock { $0.settle(part, from: place, values, missing) }
                // A value for a key nobody asked for means that keys were mixed up: better no answer than a wrong one.
                guard wasFound == values.count else { throw LoaderFault.answeredOtherKeys(loader: name) }
            } catch {
                state.withLock { $0.fail(place..<place + part.count, error) }
            }
        }
    }
}

/// What a fetch found: a value for each of so many keys.
@usableFromInline struct FetchedValues<Key, Value>: Sendable {
    @usableFromInline let count: Int
    @usableFromInline let value: @Sendable (Key) -> Value?

    @inlinable init(count: Int, value: @escaping @Sendable (Key) -> Value?) {
        self.count = count
        self.value = value
    }
}

/// The keys a loader was asked for, each at a place of its own, in the order of the first requests.
@usableFromInline struct LoaderState<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    @usableFromInline enum Outcome: Sendable {
        case pending
        case value(Value)
        case failure(any Error)
    }

    /// A batch and the place of its first key; the next batch's is behind its last one.
    @usableFromInline struct Running: Sendable {
        @usableFromInline let batch: PendingBatch
        @usableFromInline let first: Int

        @inlinable init(batch: PendingBatch, first: Int) {
            self.batch = batch
            self.first = first
        }
    }

    @usableFromInline var places: [Key: Int] = [:]
    @usableFromInline var outcomes: [Outcome] = []
    /// The batches that are not loaded yet, in the order of their places.
    @usableFromInline var running: [Running] = []
    /// Whether the last of them still takes keys.
    @usableFromInline var isGathering = false
    @usableFromInline var gatheredKeys: [Key] = []

    @inlinable init() {}

    /// Enlists the keys that nobody has asked for yet. Returns the place of each key, the batch the caller has to load,
    /// if it is the first to ask, and the batches of others it has to wait for.
    @inlinable mutating func register(_ keys: [Key]) -> (places: [Int], own: PendingBatch?, others: [PendingBatch]) {
        var own: PendingBatch?
        var others: [PendingBatch] = []
        var found: [Int] = []
        found.reserveCapacity(keys.count)
        for key in keys {
            let place = place(of: key)
            found.append(place)
            if place == outcomes.count {
                if !isGathering {
                    let batch = PendingBatch()
                    own = batch
                    running.append(Running(batch: batch, first: place))
                    isGathering = true
                }
                outcomes.append(.pending)
                gatheredKeys.append(key)
            }
            guard case .pending = outcomes[place], let batch = running.last(where: { $0.first <= place })?.batch
            else { continue }
            if batch !== own, !others.contains(where: { $0 === batch }) { others.append(batch) }
        }
        return (found, own, others)
    }

    /// Where the key is; the next free place if it is new.
    @inlinable mutating func place(of key: Key) -> Int {
        func take(_ place: inout Int, next: Int) -> Int {
            if place < 0 { place = next }
            return place
        }
        return take(&places[key, default: -1], next: outcomes.count)
    }

    /// Takes the gathered keys and the place of the first; whoever asks from now on begins another batch.
    @inlinable mutating func close() -> (keys: [Key], first: Int) {
        defer {
            isGathering = false
            gatheredKeys = []
        }
        return (gatheredKeys, outcomes.count - gatheredKeys.count)
    }

    /// Puts what was fetched at the places of its keys; how many of them have a value.
    @inlinable mutating func settle(
        _ keys: [Key],
        from first: Int,
        _ values: FetchedValues<Key, Value>,
        _ missing: Value
    ) -> Int {
        var count = 0
        for (offset, key) in keys.enumerated() {
            if let value = values.value(key) {
                outcomes[first + offset] = .value(value)
                count += 1
            } else {
                outcomes[first + offset] = .value(missing)
            }
        }
        return count
    }

    @inlinable mutating func fail(_ places: Range<Int>, _ error: any Error) {
        for place in places { outcomes[place] = .failure(error) }
    }

    @inlinable mutating func forget(_ batch: PendingBatch) { running.removeAll { $0.batch === batch } }

    @inlinable func results(_ places: [Int]) -> Results<Value> {
        var results = Results<Value>(reserving: places.count)
        for place in places {
            switch outcomes[place] {
            case .value(let value): results.append(value)
            case .failure(let error): results.append(error: error)
            // Only who was cancelled while others load goes on without an outcome.
            case .pending: results.append(error: CancellationError())
            }
        }
        return results
    }
}

/// A loader that broke its contract.
@usableFromInline enum LoaderFault: Error, CustomStringConvertible {
    case answeredOtherKeys(loader: String)

    @usableFromInline var description: String {
        switch self {
        case .answeredOtherKeys(let loader): "the loader \(loader) answered keys it was not asked for"
        }
    }
}
