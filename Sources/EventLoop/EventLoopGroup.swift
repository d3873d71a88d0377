internal import CLinux
import Glibc
internal import Synchronization

/// Loops, each on a thread of its own, that share nothing but their listening address.
public final class EventLoopGroup: Sendable {
    public let loops: [EventLoop]
    private let nextIndex = Atomic<Int>(0)
    private let end = Mutex(End.running)

    /// How far the group is in its life.
    private enum End {
        /// → `stopping` by `stop`.
        case running
        /// Some loops still run. → `stopped` when the last has ended.
        case stopping(loopsLeft: Int, waiting: [CheckedContinuation<Void, Never>])
        /// Final.
        case stopped
    }

    /// Starts `count` loops. From then on a write to a closed socket or pipe is an error, not a signal.
    public init(count: Int = 1, configuration: EventLoopConfiguration = EventLoopConfiguration()) throws {
        precondition(count > 0, "a group has at least one loop")
        signal(SIGPIPE, SIG_IGN)
        loops = try (0..<count).map { try EventLoop(index: $0, configuration: configuration) }
        for loop in loops { try startThread(for: loop) }
    }

    /// The loops in turn, for work that may go anywhere.
    public func next() -> EventLoop {
        loops[nextIndex.wrappingAdd(1, ordering: .relaxed).oldValue % loops.count]
    }

    /// Listens on every loop; connections are spread by the kernel. Returns the address with its real port.
    ///
    /// `makeHandler` is called on the loop that accepted the connection.
    public func listen(
        on address: SocketAddress,
        backlog: Int32 = 1_024,
        tls: TLSContext? = nil,
        makeHandler: @escaping @Sendable (StreamConnection) -> any StreamHandler
    ) throws -> SocketAddress {
        var bound = address
        var descriptors: [Int32] = []
        do {
            for _ in loops {
                let (descriptor, actual) = try bindSocket(bound, backlog: backlog, shared: loops.count > 1)
                descriptors.append(descriptor)
                bound = actual
            }
        } catch {
            for descriptor in descriptors { close(descriptor) }
            throw error
        }
        for (loop, descriptor) in zip(loops, descriptors) {
            loop.execute {
                do {
                    _ = try Listener(loop: loop, descriptor: descriptor, tls: tls, makeHandler: makeHandler)
                } catch {
                    fatalError("an event loop cannot watch its listening socket: \(error)")
                }
            }
        }
        return bound
    }

    /// Stops accepting and asks every stream to finish; those that have not by then are cut. Then stops the loops.
    public func drain(within grace: Duration) async {
        await finishStreams(within: grace)
        await stop()
    }

    /// Stops accepting and asks every stream to finish; those that have not by then are cut. The loops go on, for what
    /// else has to end on them.
    public func finishStreams(within grace: Duration) async {
        let loopsLeft = Atomic(loops.count)
        await withCheckedContinuation { continuation in
            for loop in loops {
                loop.execute {
                    loop.drain(within: grace) {
                        if loopsLeft.subtract(1, ordering: .acquiringAndReleasing).newValue == 0 {
                            continuation.resume()
                        }
                    }
                }
            }
        }
    }

    /// Closes everything at once and ends the threads.
    public func stop() async {
        await withCheckedContinuation { continuation in
            let mustBegin = end.withLock { end in
                switch end {
                case .running:
                    end = .stopping(loopsLeft: loops.count, waiting: [continuation])
                    return true
                case .stopping(let left, let waiting):
                    end = .stopping(loopsLeft: left, waiting: waiting + [continuation])
                    return false
                case .stopped:
                    continuation.resume()
                    return false
                }
            }
            guard mustBegin else { return }
            for loop in loops {
                loop.execute { loop.stop { self.loopEnded() } }
            }
        }
    }

    /// The counters of all loops together.
    public func metrics() async -> EventLoopMetrics {
        var total = EventLoopMetrics()
        for loop in loops {
            if let one = try? await loop.run({ loop.metrics }) { total += one }
        }
        return total
    }

    private func loopEnded() {
        let done: [CheckedContinuation<Void, Never>] = end.withLock { end in
            guard case .stopping(let left, let waiting) = end else { return [] }
            end = left == 1 ? .stopped : .stopping(loopsLeft: left - 1, waiting: waiting)
            return left == 1 ? waiting : []
        }
        for continuation in done { continuation.resume() }
    }
}

extension EventLoop {
    /// Calls `then` when the last stream has finished; cuts those that have not when `grace` is over.
    fileprivate func drain(within grace: Duration, then: @escaping () -> Void) {
        let deadline = timer { [unowned self] in
            for stream in streams {
                stream.handler?.drainEnded(on: stream)
                stream.offerOutput()
            }
            while let stream = streams.last { stream.abort(.shutdown) }
        }
        deadline.set(after: grace.nanoseconds)
        drain {
            deadline.cancel()
            then()
        }
    }
}

/// A listening socket on `address`, and the address it got.
private func bindSocket(_ address: SocketAddress, backlog: Int32, shared: Bool) throws -> (Int32, SocketAddress) {
    let flags = SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue
    let descriptor = socket(address.family, Int32(flags), 0)
    guard descriptor >= 0 else { throw SystemError("socket") }
    var on: Int32 = 1
    let size = socklen_t(MemoryLayout<Int32>.size)
    setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, size)
    if shared { setsockopt(descriptor, SOL_SOCKET, SO_REUSEPORT, &on, size) }
    var storage = sockaddr_storage()
    var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
    let isBound =
        address.withSockaddr { bind(descriptor, $0, $1) } == 0 && listen(descriptor, backlog) == 0
        && withUnsafeMutablePointer(to: &storage) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &length) }
        } == 0
    guard isBound, let actual = SocketAddress(storage) else {
        let error = SystemError("bind \(address)")
        close(descriptor)
        throw error
    }
    return (descriptor, actual)
}

/// Starts the loop's thread, which blocks all signals: they interrupt other threads.
private func startThread(for loop: EventLoop) throws {
    var thread = pthread_t()
    let argument = Unmanaged.passRetained(loop)
    let result = pthread_create(&thread, nil, runLoop, argument.toOpaque())
    guard result == 0 else {
        argument.release()
        throw SystemError("pthread_create", code: result)
    }
    pthread_detach(thread)
}

/// The entry of a loop's thread. A named function: a closure here would be taken for one of the main actor.
private func runLoop(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let argument else { return nil }
    leaveSignalsToOthers()
    Unmanaged<EventLoop>.fromOpaque(argument).takeRetainedValue().run()
    return nil
}

/// Signals of the process go to the thread that reads them. Those of a fault belong to the thread that made it: blocked, they
/// would end the process before any handler of faults, such as Swift's backtraces, were asked.
func leaveSignalsToOthers() {
    var signals = sigset_t()
    sigfillset(&signals)
    for fault in [SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGSEGV, SIGSYS] { sigdelset(&signals, fault) }
    pthread_sigmask(SIG_SETMASK, &signals, nil)
}
