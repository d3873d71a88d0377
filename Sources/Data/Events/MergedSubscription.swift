internal import EventLoop

/// One subscriber's way through several topics: each in its order, and none before all others are done.
///
/// Topics take turns. `@unchecked Sendable`: confined to the loop of its feed.
package final class MergedSubscription: AsyncSequence, AsyncIteratorProtocol, @unchecked Sendable {
    package struct Element: Sendable, Equatable {
        package let topic: String
        package let item: FeedItem
    }

    private let subscriptions: [EventSubscription]
    /// Those that may have something, in the order in which they take turns.
    private var ready: [Int]
    private var isReady: [Bool]
    private var waiting: UnsafeContinuation<Void, Never>?
    private let loop: EventLoop

    init(_ subscriptions: [EventSubscription], on loop: EventLoop) {
        self.subscriptions = subscriptions
        self.loop = loop
        ready = Array(subscriptions.indices)
        isReady = subscriptions.map { _ in true }
        for (index, subscription) in subscriptions.enumerated() {
            subscription.onReady = { [weak self] in self?.note(index) }
        }
    }

    package func makeAsyncIterator() -> MergedSubscription { self }

    /// Nil when one of them was ended by the feed, or the task cancelled.
    package func next() async throws -> Element? {
        while !Task.isCancelled {
            if ready.isEmpty {
                await wait()
                continue
            }
            let index = ready.removeFirst()
            isReady[index] = false
            let subscription = subscriptions[index]
            let item: FeedItem?
            do { item = try await subscription.nextIfReady() } catch {
                note(index)
                throw error
            }
            if let item {
                note(index)
                return Element(topic: subscription.topic, item: item)
            }
            if subscription.isFinished { break }
        }
        cancel()
        return nil
    }

    /// Leaves the feed, from whatever thread, and then does on its loop what else is to be done.
    package func leave(_ also: @escaping @Sendable () -> Void) {
        loop.execute {
            self.cancel()
            also()
        }
    }

    package func cancel() {
        for subscription in subscriptions { subscription.cancel() }
    }

    private func note(_ index: Int) {
        if !isReady[index] {
            isReady[index] = true
            ready.append(index)
        }
        waiting?.resume()
        waiting = nil
    }

    private func wait() async {
        await withTaskCancellationHandler {
            await withUnsafeContinuation { waiting = $0 }
        } onCancel: {
            loop.execute {
                self.waiting?.resume()
                self.waiting = nil
            }
        }
    }
}
