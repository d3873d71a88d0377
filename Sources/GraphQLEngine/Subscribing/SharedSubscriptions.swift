import GraphQLSchema
import Synchronization

/// How subscriptions are shared.
public struct SubscriptionLimits: Sendable {
    /// Events kept for a subscriber that has not read them yet; one that falls further behind is cut with the code
    /// `SUBSCRIBER_TOO_SLOW`.
    public var keptEvents = 64

    public init() {}
}

/// The shared subscriptions of an engine that run.
final class SharedSubscriptions: Sendable {
    /// What makes two subscribers equal.
    struct Key: Hashable {
        let plan: ObjectIdentifier
        let variables: VariableValues
        let onError: ErrorBehavior
        let sharingKey: String
    }

    /// One subscriber of a shared subscription. When it goes, it leaves.
    final class Membership: Sendable {
        let shared: SharedSubscription
        private let number: Int

        init(_ shared: SharedSubscription, _ number: Int) {
            self.shared = shared
            self.number = number
        }

        deinit { shared.leave(number) }

        func opened() async -> Response? { await shared.opened(for: number) }

        func next() async throws -> Response? { try await shared.next(for: number).get() }

        func next(
            orLater later: @escaping @Sendable (Result<Response?, any Error>) -> Void
        ) -> Result<Response?, any Error>? {
            shared.next(for: number, orLater: later)
        }
    }

    let counters = SubscriptionCounters()
    private let limits: SubscriptionLimits
    private let running = Mutex<[Key: SharedSubscription]>([:])

    init(_ limits: SubscriptionLimits) { self.limits = limits }

    /// Joins the subscription of equal subscribers; the first one has to start it.
    func join(_ key: Key) -> (Membership, isFirst: Bool) {
        running.withLock { running in
            if let shared = running[key], let number = shared.join() { return (Membership(shared, number), false) }
            let shared = SharedSubscription(limits, counters) { [weak self] ended in self?.forget(ended, key) }
            guard let number = shared.join() else { preconditionFailure("a new subscription can be joined") }
            running[key] = shared
            return (Membership(shared, number), true)
        }
    }

    private func forget(_ shared: SharedSubscription, _ key: Key) {
        running.withLock { running in
            if running[key] === shared { running[key] = nil }
        }
    }

    var count: Int { running.withLock { $0.count } }
}

/// What shared subscriptions did.
final class SubscriptionCounters: Sendable {
    private let counts = Mutex(SubscriptionCounts())

    func publish(to waiting: Int, cut: Int) {
        counts.withLock { counts in
            counts.events += 1
            counts.cut += cut
        }
    }

    var current: SubscriptionCounts { counts.withLock { $0 } }
}

/// For metrics.
public struct SubscriptionCounts: Sendable, Equatable {
    /// Sources that are shared now.
    public var sources = 0
    /// Events that were executed for all subscribers of a source.
    public var events = 0
    /// Subscribers that were cut because they read too slowly.
    public var cut = 0
}
