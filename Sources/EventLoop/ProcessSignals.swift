internal import CLinux
import Glibc
internal import Synchronization

/// SIGTERM and SIGINT as calls: the first asks for a drain, any later one for an immediate stop. SIGHUP, where it is listened
/// to, asks to read files anew.
///
/// A handler that writes to an eventfd, not a signalfd: that one works only while every thread of the process blocks the
/// signals, and the threads of Swift's own pool do not. A thread of its own reads it: what is said to the process is heard
/// however busy its loops are.
public final class ProcessSignals: Sendable {
    /// What a signal asks for.
    public enum Request: Sendable, Equatable {
        case drain
        case stopNow
        case reload
    }

    private let descriptor: Int32
    private let reloads: Bool

    /// What SIGHUP adds to the count of the eventfd; the others add one.
    fileprivate static let reload: eventfd_t = 1 << 32
    /// What ends the thread.
    private static let end: eventfd_t = 1 << 48

    /// Begins to listen; `action` is called on a thread of its own. There can be one listener in a process. Unless `reloads`,
    /// SIGHUP ends the process as it ends any.
    public init(reloads: Bool = false, _ action: @escaping @Sendable (Request) -> Void) throws {
        self.reloads = reloads
        descriptor = eventfd(0, Int32(EFD_CLOEXEC))
        guard descriptor >= 0 else { throw SystemError("eventfd") }
        let (isOnly, _) = signalDescriptor.compareExchange(
            expected: -1,
            desired: descriptor,
            ordering: .sequentiallyConsistent
        )
        precondition(isOnly, "signals have one listener")
        do { try SignalReader(descriptor, action).start() } catch {
            signalDescriptor.store(-1, ordering: .sequentiallyConsistent)
            close(descriptor)
            throw error
        }
        signal(SIGTERM, noteSignal)
        signal(SIGINT, noteSignal)
        if reloads { signal(SIGHUP, noteSignal) }
    }

    /// Ends listening; the signals end the process again.
    public func cancel() {
        signal(SIGTERM, SIG_DFL)
        signal(SIGINT, SIG_DFL)
        if reloads { signal(SIGHUP, SIG_DFL) }
        signalDescriptor.store(-1, ordering: .sequentiallyConsistent)
        eventfd_write(descriptor, Self.end)
    }

    /// What the thread does: waits for signals and says what they ask for.
    fileprivate final class SignalReader: Sendable {
        private let descriptor: Int32
        private let action: @Sendable (Request) -> Void

        init(_ descriptor: Int32, _ action: @escaping @Sendable (Request) -> Void) {
            self.descriptor = descriptor
            self.action = action
        }

        func start() throws {
            var thread = pthread_t()
            let argument = Unmanaged.passRetained(self)
            let result = pthread_create(&thread, nil, readSignals, argument.toOpaque())
            guard result == 0 else {
                argument.release()
                throw SystemError("pthread_create", code: result)
            }
            pthread_detach(thread)
        }

        func read() {
            var isFirst = true
            var count: eventfd_t = 0
            while count < ProcessSignals.end {
                guard eventfd_read(descriptor, &count) == 0 else { continue }
                // Several reloads at once are one.
                if count % ProcessSignals.end >= ProcessSignals.reload { action(.reload) }
                for _ in 0..<min(count % ProcessSignals.reload, 2) {
                    action(isFirst ? .drain : .stopNow)
                    isFirst = false
                }
            }
            close(descriptor)
        }
    }
}

/// The entry of the thread; a named function for the same reason as a loop's.
private func readSignals(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let argument else { return nil }
    leaveSignalsToOthers()
    Unmanaged<ProcessSignals.SignalReader>.fromOpaque(argument).takeRetainedValue().read()
    return nil
}

/// Where the handler writes; -1 for nowhere.
private let signalDescriptor = Atomic<Int32>(-1)

/// Runs on whichever thread the kernel chose, in the middle of anything: a write and nothing else.
private func noteSignal(_ signal: Int32) {
    let interrupted = errno
    eventfd_write(signalDescriptor.load(ordering: .relaxed), signal == SIGHUP ? ProcessSignals.reload : 1)
    errno = interrupted
}
