import EventLoop
import Synchronization

/// 1, 2, 3 …, as fast as they are asked for or at intervals; counted as open until its iterator is gone.
struct Counted: AsyncSequence {
    var to = Int.max
    var everyMilliseconds = 0
    /// What the stream ends with.
    var failure: (any Error)?

    func makeAsyncIterator() -> Iterator { Iterator(self) }

    final class Iterator: AsyncIteratorProtocol {
        private let events: Counted
        private var last = 0

        init(_ events: Counted) {
            self.events = events
            OpenStreams.change(by: 1)
        }

        deinit { OpenStreams.change(by: -1) }

        func next() async throws -> Int32? {
            guard last < events.to else {
                if let failure = events.failure { throw failure }
                return nil
            }
            try Task.checkCancellation()
            if events.everyMilliseconds > 0, let loop = EventLoop.current {
                try await loop.sleep(for: .milliseconds(events.everyMilliseconds))
            }
            last += 1
            return Int32(truncatingIfNeeded: last)
        }
    }
}

/// How many source streams are open, over all loops.
enum OpenStreams {
    private static let open = Atomic<Int>(0)
    static var count: Int { open.load(ordering: .relaxed) }
    static func change(by amount: Int) { open.wrappingAdd(amount, ordering: .relaxed) }
}
