package import EventLoop

/// Who has just signalled what on this loop, so that a client that signals ten thousand times a second costs a look-up each.
///
/// `@unchecked Sendable`: confined to its loop.
package final class SignalThrottle: @unchecked Sendable {
    private struct Window {
        var began: UInt64
        /// Of that one: windows of all lengths are kept together.
        var length: UInt64
        var used: Int

        func isOver(at now: UInt64) -> Bool { now &- began >= length }
    }

    /// Keys that are remembered; more are taken for new ones only after those whose time is over were forgotten.
    private let mostKeys: Int
    private var windows: [String: Window] = [:]

    package init(mostKeys: Int = 100_000) { self.mostKeys = mostKeys }

    /// Whether this is one of the first `count` in this window of time; it is counted.
    package func admits(_ key: String, _ count: Int, per window: Duration, on loop: EventLoop) -> Bool {
        loop.assertOnLoop()
        if var known = windows[key], !known.isOver(at: loop.now) {
            guard known.used < count else { return false }
            known.used += 1
            windows[key] = known
            return true
        }
        if windows[key] == nil, windows.count >= mostKeys {
            windows = windows.filter { !$0.value.isOver(at: loop.now) }
            if windows.count >= mostKeys { return false }
        }
        windows[key] = Window(began: loop.now, length: window.nanoseconds, used: 1)
        return true
    }

    /// How much of its window is left, in nanoseconds; nil where none runs.
    package func left(of key: String, on loop: EventLoop) -> UInt64? {
        guard let known = windows[key], !known.isOver(at: loop.now) else { return nil }
        return known.length - (loop.now &- known.began)
    }

    package func forget(_ key: String) { windows[key] = nil }
}
