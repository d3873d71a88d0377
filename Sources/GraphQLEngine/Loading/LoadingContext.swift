import Synchronization

/// What the loaders of one request share: the turn of their executor and, while the request is traced, what they did.
public final class LoadingContext: Sendable {
    /// One call of a loader: one statement, if the loader keeps to one.
    public struct Call: Sendable, Hashable {
        public let loader: String
        public let keys: Int
        /// When the call began, in what ``LoadingContext/now`` tells, and how long it took, in nanoseconds.
        public let start: Int
        public let duration: Int
    }

    /// One statement of a data layer.
    public struct Statement: Sendable, Hashable {
        public let name: String
        public let rows: Int
        /// As of calls.
        public let start: Int
        public let duration: Int
        /// What its plan can be asked for by, where a data layer tells plans.
        public let plan: String?
    }

    /// That of the request this task works for, while the request is traced: where its loaders note their calls, and a data layer
    /// reports its statements.
    @TaskLocal public static var traced: LoadingContext?

    private let waitForEndOfTurn: @Sendable () async -> Void
    private let recorded = Mutex(Record())

    private struct Record {
        /// When ``LoadingContext/now`` was first asked for.
        var began: ContinuousClock.Instant?
        var calls: [Call] = []
        var statements: [Statement] = []
    }

    /// Calls and statements of a request that are noted, so many of each; those beyond are run, but no longer told of.
    public static let mostNoted = 10_000

    /// Starts a task on the request's executor that outlives the request.
    public typealias TaskStarter = @Sendable (@escaping @Sendable () async -> Void) -> Task<Void, Never>

    let startTask: TaskStarter?

    /// - Parameters:
    ///   - endOfTurn: returns when everything that is ready on the request's executor has run. Event loops have such a
    ///     moment; elsewhere the task yields.
    ///   - startTask: what runs the sources of shared subscriptions; without it none are shared.
    public init(
        endOfTurn: @escaping @Sendable () async -> Void = { await Task.yield() },
        startTask: TaskStarter? = nil
    ) {
        waitForEndOfTurn = endOfTurn
        self.startTask = startTask
    }

    /// The same executor, and nothing loaded or noted yet.
    public func renewed() -> LoadingContext { LoadingContext(endOfTurn: waitForEndOfTurn, startTask: startTask) }

    /// The calls noted so far, in the order in which they ended.
    public var calls: [Call] { recorded.withLock { $0.calls } }

    /// The statements reported so far, in the order in which they ended.
    public var statements: [Statement] { recorded.withLock { $0.statements } }

    /// Nanoseconds since this was first asked for: what times are told in. A request that is not traced looks at no clock.
    public var now: Int {
        recorded.withLock { record in
            let instant = ContinuousClock.now
            guard let began = record.began else {
                record.began = instant
                return 0
            }
            return began.duration(to: instant).nanoseconds
        }
    }

    /// A data layer says that it ran a statement.
    ///
    /// - Parameters:
    ///   - start: ``now`` when the statement was sent.
    ///   - plan: what its plan can be asked for by.
    public func report(statement name: String, rows: Int, since start: Int, plan: String? = nil) {
        let statement = Statement(name: name, rows: rows, start: start, duration: now - start, plan: plan)
        recorded.withLock { record in
            if record.statements.count < Self.mostNoted { record.statements.append(statement) }
        }
    }

    @usableFromInline func endOfTurn() async { await waitForEndOfTurn() }

    @usableFromInline func counting<Value>(
        _ loader: String,
        keys: Int,
        _ load: () async throws -> Value
    ) async rethrows -> Value {
        guard Self.traced === self else { return try await load() }
        let start = now
        defer {
            let call = Call(loader: loader, keys: keys, start: start, duration: now - start)
            recorded.withLock { record in
                if record.calls.count < Self.mostNoted { record.calls.append(call) }
            }
        }
        return try await load()
    }

    // MARK: Loaders

    /// One value for a key, or none.
    @inlinable public func loader<Key: Hashable & Sendable, Value: Sendable>(
        _ name: String,
        keyLimit: Int = 1_000,
        fetch: @escaping @Sendable ([Key]) async throws -> [Key: Value]
    ) -> Loader<Key, Value?> {
        Loader(name, keyLimit: keyLimit, context: self, missing: nil) { keys in
            let values = try await fetch(keys)
            return FetchedValues(count: values.count) { key in values[key].map(Optional.some) }
        }
    }

    /// A list of values for a key, in the order in which they are fetched.
    @inlinable public func listLoader<Key: Hashable & Sendable, Value: Sendable>(
        _ name: String,
        keyLimit: Int = 1_000,
        fetch: @escaping @Sendable ([Key]) async throws -> [(Key, Value)]
    ) -> Loader<Key, [Value]> {
        Loader(name, keyLimit: keyLimit, context: self, missing: []) { keys in
            var lists: [Key: [Value]] = [:]
            for (key, value) in try await fetch(keys) { lists[key, default: []].append(value) }
            return FetchedValues(count: lists.count) { [lists] key in lists[key] }
        }
    }

    /// How many there are for a key.
    @inlinable public func countLoader<Key: Hashable & Sendable>(
        _ name: String,
        keyLimit: Int = 1_000,
        fetch: @escaping @Sendable ([Key]) async throws -> [Key: Int]
    ) -> Loader<Key, Int> {
        Loader(name, keyLimit: keyLimit, context: self, missing: 0) { keys in
            let counts = try await fetch(keys)
            return FetchedValues(count: counts.count) { key in counts[key] }
        }
    }
}

extension Duration {
    fileprivate var nanoseconds: Int {
        Int(components.seconds) * 1_000_000_000 + Int(components.attoseconds / 1_000_000_000)
    }
}
