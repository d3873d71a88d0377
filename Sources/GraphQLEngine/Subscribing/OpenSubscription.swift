import Synchronization

/// How many subscriptions have subscribers, whatever they share.
final class OpenSubscriptions: Sendable {
    private let open = Atomic<Int>(0)

    var count: Int { open.load(ordering: .relaxed) }

    fileprivate func add(_ difference: Int) { open.add(difference, ordering: .relaxed) }
}

/// Counts as open for as long as somebody holds it.
final class OpenSubscription: Sendable {
    private let all: OpenSubscriptions

    init(_ all: OpenSubscriptions) {
        self.all = all
        all.add(1)
    }

    deinit { all.add(-1) }
}
