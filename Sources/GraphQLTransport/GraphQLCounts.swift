import Synchronization

/// What became of requests that did not come to their end, for metrics.
public struct GraphQLCounts: Sendable, Equatable {
    /// Operations that took longer than ``GraphQLConfiguration/deadline`` lets them.
    public var timedOut: Int
    /// Operations that were cancelled because their client went away, or stopped them.
    public var abandoned: Int

    public init(timedOut: Int = 0, abandoned: Int = 0) {
        self.timedOut = timedOut
        self.abandoned = abandoned
    }
}

/// Counts on all loops.
final class GraphQLCounters: Sendable {
    private let counts = Mutex(GraphQLCounts())

    var current: GraphQLCounts { counts.withLock { $0 } }

    func timedOut() { counts.withLock { $0.timedOut += 1 } }
    func abandoned() { counts.withLock { $0.abandoned += 1 } }
}
