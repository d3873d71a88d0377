package import EventLoop

/// One who wants to know when to look at a thing again. What happens meanwhile is one look; looks that were missed are
/// made up for by the feed's poll.
///
/// `@unchecked Sendable`: confined to its feed's loop.
package final class FeedWatcher: @unchecked Sendable {
    let name: String
    package var loop: EventLoop { feed.loop }
    private let feed: EventFeed
    private var mustLook = true
    private var isFinished = false
    private var waiting: UnsafeContinuation<Void, Never>?

    init(_ feed: EventFeed, _ name: String) {
        self.feed = feed
        self.name = name
    }

    /// Waits for a reason to look: the first is there at once. False when there will be none any more.
    package func wait() async -> Bool {
        loop.assertOnLoop()
        while !mustLook, !isFinished, !Task.isCancelled {
            await withTaskCancellationHandler {
                await withUnsafeContinuation { waiting = $0 }
            } onCancel: {
                loop.execute { self.wake() }
            }
        }
        mustLook = false
        return !isFinished && !Task.isCancelled
    }

    package func cancel() {
        feed.leave(self)
        finish()
    }

    func note() {
        mustLook = true
        wake()
    }

    func finish() {
        isFinished = true
        wake()
    }

    private func wake() {
        waiting?.resume()
        waiting = nil
    }
}
