import Glibc

extension EventLoop {
    /// The key under which each thread keeps its loop.
    private static let key: pthread_key_t = {
        var key = pthread_key_t()
        let result = pthread_key_create(&key, nil)
        precondition(result == 0, "no thread-local key left for the event loop")
        return key
    }()

    /// The loop whose thread this is.
    public static var current: EventLoop? {
        guard let pointer = pthread_getspecific(key) else { return nil }
        return Unmanaged<EventLoop>.fromOpaque(pointer).takeUnretainedValue()
    }

    static func makeCurrent(_ loop: EventLoop?) {
        pthread_setspecific(key, loop.map { UnsafeRawPointer(Unmanaged.passUnretained($0).toOpaque()) })
    }

    /// Whether the caller runs on this loop's thread.
    public var isCurrent: Bool {
        pthread_getspecific(EventLoop.key) == Unmanaged.passUnretained(self).toOpaque()
    }

    /// Stops a debug build when loop-confined state is touched from another thread.
    public func assertOnLoop() {
        assert(isCurrent, "state of an event loop touched from another thread")
    }

    /// Nanoseconds of the monotonic clock; `now` is the same, read once per turn.
    public static func monotonicTime() -> UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }
}
