package import EventLoop

/// Who has just signalled what on this loop, so that a client that signals ten thousand times a second costs a look-up each.
///
/// `@unchecked Sendable`: confined to its loop.
package final class SignalThrottle: @unchecked Sendable {
    /// Keys that are remembered; more are taken for new ones only after old ones were forgotten.
    private static let mostKeys = 100_000
    private struct Window {
        var began: UInt64
        var used: Int
    }
    private var windows: [String: Window] = [:]

    /// Whether this is one of the first `count` in this window of time; it is counted.
    package func admits(_ key: String, _ count: Int, per window: Duration, on loop: EventLoop) -> Bool {
        loop.assertOnLoop()
        let length = window.nanoseconds
        if var known = windows[key], loop.now &- known.began < length {
            guard known.used < count else { return false }
            known.used += 1
            windows[key] = known
            return true
        }
        if windows.count >= Self.mostKeys {
            windows = windows.filter { loop.now &- $0.value.began < length }
            if windows.count >= Self.mostKeys { return false }
        }
        windows[key] = Window(began: loop.now, used: 1)
        return true
    }

    /// How much of its window is left, in nanoseconds; nil where none runs.
    package func left(of key: String, per window: Duration, on loop: EventLoop) -> UInt64? {
        guard let known = windows[key], loop.now &- known.began < window.nanoseconds else { return nil }
        return window.nanoseconds - (loop.now &- known.began)
    }

    package func forget(_ key: String) { windows[key] = nil }
}
