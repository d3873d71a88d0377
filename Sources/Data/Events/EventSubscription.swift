package import EventLoop
internal import PostgresClient

/// What a subscriber is told.
package enum FeedItem: Sendable, Equatable {
    case event(Event)
    /// What was missed has been told; from here on events are as fresh as they come.
    case caughtUp(replayed: Int)
    /// The place to begin from is unknown or no longer kept: ask for everything anew, then go on from this one.
    case resyncRequired(seq: Int)
}

/// One subscriber's way through a topic: events in order, each once.
///
/// It is either reading the log at its own pace or live, with a bounded buffer; one that overflows reads the log again.
/// The way from the log to live is taken at a moment when it is where the feed is, so nothing is missed or repeated.
///
/// `@unchecked Sendable`: confined to its feed's loop.
package final class EventSubscription: AsyncSequence, AsyncIteratorProtocol, @unchecked Sendable {
    package typealias Element = FeedItem

    package let topic: String
    package var loop: EventLoop { feed.loop }
    private let feed: EventFeed
    /// The last event that was told.
    private var position: Int
    /// The last event that was offered while live.
    private var newest = 0
    private var isLive: Bool
    private var mustResync: Bool
    private var tellsCaughtUp: Bool
    private var replayed = 0
    private var page: ArraySlice<Event> = []
    private var buffer: [Event] = []
    private var next = 0
    private var waiting: UnsafeContinuation<Void, Never>?
    private(set) var isFinished = false
    /// Hears that there may be something for `nextIfReady`.
    var onReady: (() -> Void)?

    init(_ feed: EventFeed, _ topic: String, position: Int, isReplay: Bool, mustResync: Bool) {
        self.feed = feed
        self.topic = topic
        self.position = position
        self.mustResync = mustResync
        tellsCaughtUp = isReplay
        isLive = false
    }

    package func makeAsyncIterator() -> EventSubscription { self }

    /// The next item; nil when the feed was closed or the task cancelled. An error leaves the place: ask again.
    package func next() async throws -> FeedItem? {
        while true {
            if let item = try await nextIfReady() { return item }
            if isFinished { return nil }
            await wait()
        }
    }

    /// The next item, if there is one that needs no waiting for something to happen.
    func nextIfReady() async throws -> FeedItem? {
        feed.loop.assertOnLoop()
        if mustResync {
            mustResync = false
            return .resyncRequired(seq: position)
        }
        while !isFinished {
            if Task.isCancelled { break }
            if let event = page.popFirst() {
                position = event.seq
                replayed += 1
                return .event(event)
            }
            if isLive {
                if let event = takeBuffered() {
                    position = event.seq
                    return .event(event)
                }
                return nil
            } else if position >= feed.position(of: topic) {
                isLive = true
                // It may have read further than the feed has come.
                newest = position
                if tellsCaughtUp {
                    tellsCaughtUp = false
                    return .caughtUp(replayed: replayed)
                }
            } else {
                let events = try await feed.replay(topic, after: position)
                guard let first = events.first, first.seq == position + 1 else {
                    // The log was cut while it was read.
                    position = feed.position(of: topic)
                    return .resyncRequired(seq: position)
                }
                page = events[...]
            }
        }
        cancel()
        return nil
    }

    /// Ends it; whoever waits hears nil.
    package func cancel() {
        feed.leave(self)
        finish()
    }

    func finish() {
        isFinished = true
        wake()
    }

    /// The topic ends before the place that it had come to.
    func goBack(to place: Int) {
        buffer = []
        next = 0
        page = []
        isLive = false
        mustResync = true
        position = place
        wake()
    }

    func offer(_ event: Event) {
        guard isLive, event.seq > newest else { return }
        newest = event.seq
        guard buffer.count - next < feed.options.bufferedEvents else {
            feed.metrics.overflows &+= 1
            buffer = []
            next = 0
            isLive = false
            return wake()
        }
        buffer.append(event)
        wake()
    }

    private func takeBuffered() -> Event? {
        guard next < buffer.count else { return nil }
        defer {
            next += 1
            if next == buffer.count {
                buffer.removeAll(keepingCapacity: true)
                next = 0
            } else if next >= feed.options.bufferedEvents {
                // Whoever never quite catches up would keep all that was ever taken.
                buffer.removeFirst(next)
                next = 0
            }
        }
        return buffer[next]
    }

    /// Events in memory, told or not.
    var held: Int { buffer.count }

    private func wake() {
        waiting?.resume()
        waiting = nil
        onReady?()
    }

    private func wait() async {
        await withTaskCancellationHandler {
            await withUnsafeContinuation { waiting = $0 }
        } onCancel: {
            feed.loop.execute { self.wake() }
        }
    }
}
