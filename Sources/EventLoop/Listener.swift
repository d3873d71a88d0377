internal import CLinux
import Glibc

/// A listening socket of one loop.
///
/// `@unchecked Sendable`: confined to its loop.
final class Listener: ReadinessHandler, @unchecked Sendable {
    let loop: EventLoop
    private let descriptor: Int32
    private let tls: TLSContext?
    private let makeHandler: (StreamConnection) -> any StreamHandler
    private var isPaused = false
    private var isClosed = false
    private var retry: Timer?

    init(
        loop: EventLoop,
        descriptor: Int32,
        tls: TLSContext?,
        makeHandler: @escaping (StreamConnection) -> any StreamHandler
    ) throws {
        self.loop = loop
        self.descriptor = descriptor
        self.tls = tls
        self.makeHandler = makeHandler
        try loop.descriptors.add(descriptor, interest: .readable, handler: self)
        loop.listeners.append(self)
    }

    func ready(_ readiness: Readiness) {
        for _ in 0..<loop.configuration.acceptsPerTurn {
            guard acceptOne() else { return }
        }
    }

    /// Empties the kernel's queue, whose clients believe that they are connected.
    func acceptRemaining() {
        while acceptOne() {}
    }

    /// Goes on accepting after a pause.
    func resume() {
        guard isPaused, !isClosed else { return }
        isPaused = false
        loop.descriptors.change(descriptor, to: .readable)
    }

    func close() {
        guard !isClosed else { return }
        isClosed = true
        retry?.cancel()
        retry = nil
        loop.descriptors.remove(descriptor)
        Glibc.close(descriptor)
        loop.listeners.removeAll { $0 === self }
    }

    private func acceptOne() -> Bool {
        guard loop.streams.count < loop.configuration.maximumStreams else { return pause() }
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let accepted = withUnsafeMutablePointer(to: &storage) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                accept4(descriptor, $0, &length, Int32(SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue))
            }
        }
        guard accepted >= 0 else {
            switch errno {
            case EAGAIN: return false
            case EMFILE, ENFILE, ENOBUFS, ENOMEM:
                retryLater()
                return pause()
            default: return true  // this one client is gone already; the next may not be
            }
        }
        guard let peer = SocketAddress(storage), let hasShare = share(of: peer) else {
            Glibc.close(accepted)
            return true
        }
        guard let session = makeSession(accepted) else {
            if hasShare { loop.shares.leave(peer) }
            Glibc.close(accepted)
            return true
        }
        var on: Int32 = 1
        setsockopt(accepted, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
        let stream = StreamConnection(loop: loop, descriptor: accepted, peer: peer, tls: session.tls)
        stream.hasShare = hasShare
        loop.metrics.accepted &+= 1
        do { try stream.open(makeHandler(stream)) } catch {
            if hasShare { loop.shares.leave(peer) }
            stream.abort(.reset)
        }
        return true
    }

    /// Whether the stream is counted among those of its address; nil when that has too many.
    private func share(of peer: SocketAddress) -> Bool? {
        guard let limit = loop.configuration.maximumStreamsPerAddress, !loop.configuration.isShared(peer) else {
            return false
        }
        if loop.shares.enter(peer, limit: limit) { return true }
        loop.metrics.acceptsRefused &+= 1
        return nil
    }

    /// The TLS side of a new connection: none for a plain listener; nil as a whole when OpenSSL refused.
    private func makeSession(_ descriptor: Int32) -> (tls: TLSSession?, Void)? {
        guard let tls else { return (nil, ()) }
        guard let session = tls.makeSession(descriptor) else { return nil }
        return (session, ())
    }

    private func pause() -> Bool {
        loop.metrics.acceptsDeferred &+= 1
        if !isPaused {
            isPaused = true
            loop.descriptors.change(descriptor, to: [])
        }
        return false
    }

    /// Descriptors of others may become free without this loop hearing of it.
    private func retryLater() {
        let timer = retry ?? loop.timer { [unowned self] in resume() }
        timer.set(after: 100_000_000)
        retry = timer
    }
}
