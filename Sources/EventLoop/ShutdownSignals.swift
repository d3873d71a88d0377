internal import CLinux
import Glibc

/// SIGTERM and SIGINT as calls on a loop: the first asks for a drain, any later one for an immediate stop.
///
/// `@unchecked Sendable`: confined to its loop after creation.
public final class ShutdownSignals: @unchecked Sendable {
    /// What a signal asks for.
    public enum Request: Sendable, Equatable {
        case drain
        case stopNow
    }

    private let loop: EventLoop
    private let descriptor: Int32
    private var watch: Watch?
    private var isFirst = true

    /// Blocks the two signals for this thread and all it will start. To be called on the main thread before any other
    /// thread exists: a thread started earlier would still die of them.
    public static func block() {
        var signals = set()
        pthread_sigmask(SIG_BLOCK, &signals, nil)
    }

    /// Begins to listen on `loop`; `action` is called there.
    public init(on loop: EventLoop, _ action: @escaping @Sendable (Request) -> Void) throws {
        self.loop = loop
        var signals = ShutdownSignals.set()
        descriptor = signalfd(-1, &signals, Int32(SFD_NONBLOCK) | Int32(SFD_CLOEXEC))
        guard descriptor >= 0 else { throw SystemError("signalfd") }
        loop.execute { self.begin(action) }
    }

    /// Ends listening; the signals stay blocked.
    public func cancel() {
        loop.execute { [self] in
            watch?.cancel()
            watch = nil
            close(descriptor)
        }
    }

    private func begin(_ action: @escaping @Sendable (Request) -> Void) {
        do {
            watch = try loop.watch(descriptor) { [unowned self] _ in
                var info = signalfd_siginfo()
                while Glibc.read(descriptor, &info, MemoryLayout<signalfd_siginfo>.size) > 0 {
                    action(isFirst ? .drain : .stopNow)
                    isFirst = false
                }
            }
            watch?.interest = .readable
        } catch {
            fatalError("an event loop cannot watch its signalfd: \(error)")
        }
    }

    private static func set() -> sigset_t {
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGTERM)
        sigaddset(&signals, SIGINT)
        return signals
    }
}
