internal import EventLoop

/// The signals of some topics as they come; of those that come faster than they are read, the oldest are dropped.
///
/// `@unchecked Sendable`: confined to its feed's loop.
package final class SignalSubscription: AsyncSequence, AsyncIteratorProtocol, @unchecked Sendable {
    package typealias Element = Signal

    let topics: Set<String>
    private let feed: SignalFeed
    private var buffer: [Signal] = []
    private var waiting: UnsafeContinuation<Void, Never>?
    private var isFinished = false

    init(_ feed: SignalFeed, _ topics: Set<String>) {
        self.feed = feed
        self.topics = topics
    }

    package func makeAsyncIterator() -> SignalSubscription { self }

    /// Nil when the feed was closed or the task cancelled.
    package func next() async throws -> Signal? {
        feed.loop.assertOnLoop()
        while !isFinished, !Task.isCancelled {
            if !buffer.isEmpty { return buffer.removeFirst() }
            await wait()
        }
        cancel()
        return nil
    }

    package func cancel() {
        feed.leave(self)
        finish()
    }

    /// Leaves the feed, from whatever thread.
    package func leave() { feed.loop.execute { self.cancel() } }

    func finish() {
        isFinished = true
        wake()
    }

    /// False when an older one was dropped for it.
    func offer(_ signal: Signal) -> Bool {
        let isFull = buffer.count >= feed.options.bufferedSignals
        if isFull { buffer.removeFirst() }
        buffer.append(signal)
        wake()
        return !isFull
    }

    private func wake() {
        waiting?.resume()
        waiting = nil
    }

    private func wait() async {
        await withTaskCancellationHandler {
            await withUnsafeContinuation { waiting = $0 }
        } onCancel: {
            feed.loop.execute { self.wake() }
        }
    }
}
