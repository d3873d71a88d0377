internal import CLinux
import Glibc
internal import Synchronization

/// What other threads hand to a loop, and the eventfd that wakes it for it.
final class Inbox: Sendable {
    private struct Content {
        var jobs: ContiguousArray<UnownedJob> = []
        var calls: ContiguousArray<@Sendable () -> Void> = []
        /// True between the first delivery and the loop's collection, so that many deliveries cost one wake-up.
        var isSignalled = false
    }

    let descriptor: Int32
    private let content = Mutex(Content())

    init() throws {
        descriptor = eventfd(0, Int32(EFD_NONBLOCK) | Int32(EFD_CLOEXEC))
        guard descriptor >= 0 else { throw SystemError("eventfd") }
    }

    deinit { close(descriptor) }

    func deliver(_ job: UnownedJob) {
        deliver { $0.jobs.append(job) }
    }

    func deliver(_ call: @escaping @Sendable () -> Void) {
        deliver { $0.calls.append(call) }
    }

    private func deliver(_ put: (inout Content) -> Void) {
        let mustSignal = content.withLock { content in
            put(&content)
            defer { content.isSignalled = true }
            return !content.isSignalled
        }
        if mustSignal { eventfd_write(descriptor, 1) }
    }

    /// Takes everything delivered so far.
    func collect() -> (jobs: ContiguousArray<UnownedJob>, calls: ContiguousArray<@Sendable () -> Void>) {
        var wakeUps: eventfd_t = 0
        eventfd_read(descriptor, &wakeUps)
        return content.withLock { content in
            let taken = (content.jobs, content.calls)
            content = Content()
            return taken
        }
    }
}
