import Synchronization

/// What the loaders of one request share: the turn of their executor, and the count of their calls.
public final class LoadingContext: Sendable {
    /// One call of a loader: one statement, if the loader keeps to one.
    public struct Call: Sendable, Hashable {
        public let loader: String
        public let keys: Int
        /// When the call began and how long it took, in nanoseconds since the request's context was made.
        public let start: Int
        public let duration: Int
    }

    private let waitForEndOfTurn: @Sendable () async -> Void
    private let recorded = Mutex<[Call]>([])
    private let began = ContinuousClock.now

    /// - Parameter endOfTurn: returns when everything that is ready on the request's executor has run. Event loops
    ///   have such a moment; elsewhere the task yields.
    public init(endOfTurn: @escaping @Sendable () async -> Void = { await Task.yield() }) {
        waitForEndOfTurn = endOfTurn
    }

    /// The calls made so far, in the order in which they ended.
    public var calls: [Call] { recorded.withLock { $0 } }

    func endOfTurn() async { await waitForEndOfTurn() }

    func counting<Value>(_ loader: String, keys: Int, _ load: () async throws -> Value) async rethrows -> Value {
        let start = began.duration(to: .now)
        defer {
            let duration = began.duration(to: .now) - start
            recorded.withLock {
                $0.append(
                    Call(loader: loader, keys: keys, start: start.nanoseconds, duration: duration.nanoseconds)
                )
            }
        }
        return try await load()
    }

    // MARK: Loaders

    /// One value for a key, or none.
    public func loader<Key: Hashable & Sendable, Value: Sendable>(
        _ name: String,
        keyLimit: Int = 1_000,
        fetch: @escaping @Sendable ([Key]) async throws -> [Key: Value]
    ) -> Loader<Key, Value?> {
        Loader(name, keyLimit: keyLimit, context: self, missing: { _ in .success(nil) }) { keys in
            try await fetch(keys).mapValues { $0 }
        }
    }

    /// A list of values for a key, in the order in which they are fetched.
    public func listLoader<Key: Hashable & Sendable, Value: Sendable>(
        _ name: String,
        keyLimit: Int = 1_000,
        fetch: @escaping @Sendable ([Key]) async throws -> [(Key, Value)]
    ) -> Loader<Key, [Value]> {
        Loader(name, keyLimit: keyLimit, context: self, missing: { _ in .success([]) }) { keys in
            var lists: [Key: [Value]] = [:]
            for (key, value) in try await fetch(keys) { lists[key, default: []].append(value) }
            return lists
        }
    }

    /// How many there are for a key.
    public func countLoader<Key: Hashable & Sendable>(
        _ name: String,
        keyLimit: Int = 1_000,
        fetch: @escaping @Sendable ([Key]) async throws -> [Key: Int]
    ) -> Loader<Key, Int> {
        Loader(name, keyLimit: keyLimit, context: self, missing: { _ in .success(0) }, fetch: fetch)
    }
}

extension Duration {
    fileprivate var nanoseconds: Int {
        Int(components.seconds) * 1_000_000_000 + Int(components.attoseconds / 1_000_000_000)
    }
}
