internal import CLinux
import Glibc
internal import Synchronization

/// SIGTERM and SIGINT as calls on a loop: the first asks for a drain, any later one for an immediate stop. SIGHUP, where it
/// is listened to, asks to read files anew.
///
/// A handler that writes to an eventfd, not a signalfd: that one works only while every thread of the process blocks the
/// signals, and the threads of Swift's own pool do not. `@unchecked Sendable`: confined to its loop after creation.
public final class ProcessSignals: @unchecked Sendable {
    /// What a signal asks for.
    public enum Request: Sendable, Equatable {
        case drain
        case stopNow
        case reload
    }

    private let loop: EventLoop
    private let descriptor: Int32
    private var watch: Watch?
    private var isFirst = true

    /// What SIGHUP adds to the count of the eventfd; the others add one.
    fileprivate static let reload: eventfd_t = 1 << 32
    private let reloads: Bool

    /// Begins to listen; `action` is called on `loop`. There can be one listener in a process. Unless `reloads`, SIGHUP ends
    /// the process as it ends any.
    public init(
        on loop: EventLoop,
        reloads: Bool = false,
        _ action: @escaping @Sendable (Request) -> Void
    ) throws {
        self.loop = loop
        self.reloads = reloads
        descriptor = eventfd(0, Int32(EFD_NONBLOCK) | Int32(EFD_CLOEXEC))
        guard descriptor >= 0 else { throw SystemError("eventfd") }
        let (isOnly, _) = signalDescriptor.compareExchange(
            expected: -1,
            desired: descriptor,
            ordering: .sequentiallyConsistent
        )
        precondition(isOnly, "signals have one listener")
        signal(SIGTERM, noteSignal)
        signal(SIGINT, noteSignal)
        if reloads { signal(SIGHUP, noteSignal) }
        loop.execute { self.begin(action) }
    }

    /// Ends listening; the signals end the process again.
    public func cancel() {
        signal(SIGTERM, SIG_DFL)
        signal(SIGINT, SIG_DFL)
        if reloads { signal(SIGHUP, SIG_DFL) }
        signalDescriptor.store(-1, ordering: .sequentiallyConsistent)
        loop.execute { [self] in
            watch?.cancel()
            watch = nil
            close(descriptor)
        }
    }

    private func begin(_ action: @escaping @Sendable (Request) -> Void) {
        do {
            watch = try loop.watch(descriptor) { [unowned self] _ in
                var count: eventfd_t = 0
                guard eventfd_read(descriptor, &count) == 0 else { return }
                // Several reloads at once are one.
                if count >= Self.reload { action(.reload) }
                for _ in 0..<min(count % Self.reload, 2) {
                    action(isFirst ? .drain : .stopNow)
                    isFirst = false
                }
            }
            watch?.interest = .readable
        } catch {
            fatalError("an event loop cannot watch its eventfd: \(error)")
        }
    }
}

/// Where the handler writes; -1 for nowhere.
private let signalDescriptor = Atomic<Int32>(-1)

/// Runs on whichever thread the kernel chose, in the middle of anything: a write and nothing else.
private func noteSignal(_ signal: Int32) {
    let interrupted = errno
    eventfd_write(signalDescriptor.load(ordering: .relaxed), signal == SIGHUP ? ProcessSignals.reload : 1)
    errno = interrupted
}
