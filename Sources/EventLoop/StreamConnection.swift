internal import CLinux
import Glibc

/// One non-blocking TCP connection, plain or TLS.
///
/// It holds no buffers while idle: input is read into the loop's buffer, output into chunks that go back to the loop
/// when the kernel has taken them. `@unchecked Sendable`: confined to its loop.
public final class StreamConnection: ReadinessHandler, EndOfTurnHandler, @unchecked Sendable {
    /// Where the stream is in its life.
    enum Phase {
        /// Both directions in use. → `closing` by `closeAfterFlush`; → `closed` by a failure or `abort`.
        case open
        /// Output is being finished, nothing new is accepted. → `lingering` when the kernel has all of it;
        /// → `closed` by a failure or the send timeout.
        case closing
        /// Our end is sent; input is thrown away. → `closed` when the peer's end comes or the linger timeout is over.
        case lingering
        /// The descriptor is closed. Final.
        case closed
    }

    public let loop: EventLoop
    public let peer: SocketAddress
    @exclusivity(unchecked) public private(set) var handler: (any StreamHandler)?
    let descriptor: Int32
    let tls: TLSSession?
    /// The place in `loop.streams`.
    @exclusivity(unchecked) var slot = -1
    /// Whether it counts among those of its address.
    @exclusivity(unchecked) var hasShare = false

    @exclusivity(unchecked) private(set) var phase = Phase.open
    @exclusivity(unchecked) private var output = OutputQueue()
    @exclusivity(unchecked) private var interest: Readiness = [.readable]
    @exclusivity(unchecked) private var isReadPaused = false
    @exclusivity(unchecked) private var isInputOver = false
    @exclusivity(unchecked) private var isFlushScheduled = false
    /// The kernel took no more output; it is asked to tell when it does.
    @exclusivity(unchecked) private var isBlocked = false
    @exclusivity(unchecked) private var isAboveHighWater = false
    /// Runs while output is blocked or the stream lingers.
    @exclusivity(unchecked) private var timer: Timer?
    /// Until when the stream may linger.
    @exclusivity(unchecked) private var lingerEnd: UInt64 = 0

    init(loop: EventLoop, descriptor: Int32, peer: SocketAddress, tls: TLSSession?) {
        self.loop = loop
        self.descriptor = descriptor
        self.peer = peer
        self.tls = tls
    }

    /// Enters the loop; `handler` hears of everything from now on.
    func open(_ handler: any StreamHandler) throws {
        self.handler = handler
        try loop.descriptors.add(descriptor, interest: interest, handler: self)
        slot = loop.streams.count
        loop.streams.append(self)
    }

    /// Hands the stream to another protocol, such as after an upgrade.
    public func replaceHandler(_ handler: any StreamHandler) {
        loop.assertOnLoop()
        if phase != .closed { self.handler = handler }
    }

    public var isOpen: Bool { phase == .open }
    /// Bytes accepted from writers and not yet by the kernel.
    public var queuedBytes: Int { output.count }
    /// False from the high-water mark until `outputDrained`.
    public var isWritable: Bool { phase == .open && !isAboveHighWater }
    public var isEncrypted: Bool { tls != nil }
    /// The protocol agreed on by ALPN, when the stream is encrypted and the handshake is over.
    public var applicationProtocol: String? { tls?.applicationProtocol }

    // MARK: Writing

    /// Lets `write` append to the output, which leaves at the end of the turn.
    public func write<Failure: Error>(_ write: (inout ByteBuffer) throws(Failure) -> Void) throws(Failure) {
        loop.assertOnLoop()
        guard phase == .open else { return }
        // The chunk is taken out first, so that `write` may ask the stream anything while it appends.
        let chunk = output.openChunk(pool: loop.chunks)
        let before = chunk.buffer.count
        defer {
            output.grew(by: chunk.buffer.count - before)
            outputGrew()
        }
        try write(&chunk.buffer)
    }

    /// Queues bytes without a copy.
    public func write(_ bytes: SharedBytes) {
        loop.assertOnLoop()
        guard phase == .open else { return }
        output.append(bytes)
        outputGrew()
    }

    /// Forgets output that is not on its way yet; a piece (a chunk, or one `SharedBytes`) is never cut in two.
    public func dropUnsentOutput() {
        output.dropUnsent(pool: loop.chunks, keepingFirst: tls?.hasUnfinishedWrite ?? false)
    }

    private func outputGrew() {
        if !isAboveHighWater, output.count > loop.configuration.highWaterMark {
            isAboveHighWater = true
            loop.metrics.highWaterMarks &+= 1
        }
        if !isBlocked { scheduleFlush() }
    }

    private func scheduleFlush() {
        guard !isFlushScheduled else { return }
        isFlushScheduled = true
        loop.atEndOfTurn(self)
    }

    public func endOfTurn() {
        isFlushScheduled = false
        if phase == .open || phase == .closing { flush() }
    }

    /// Offers what is queued to the kernel now, to know what has to wait. Tells nobody anything: whatever comes of it is
    /// noticed at the end of the turn, as ever.
    public func offerOutput() {
        loop.assertOnLoop()
        if phase == .open, !isBlocked { _ = moveOutput() }
    }

    /// Moves output to the kernel as long as it takes some. Returns what stopped it; nil when all of it is gone.
    private func moveOutput() -> Transfer? {
        while !output.isEmpty {
            switch send() {
            case .moved(let amount):
                output.consume(amount, pool: loop.chunks)
                loop.metrics.bytesWritten &+= UInt64(amount)
                if isBlocked { refillSendTime(amount) }
            case .blocked:
                if !isBlocked {
                    isBlocked = true
                    startTimer(loop.configuration.sendTimeout)
                }
                return .blocked
            case let end: return end
            }
        }
        return nil
    }

    /// Each byte buys time, up to the timeout: who takes nothing and who takes a trickle both run out of it.
    private func refillSendTime(_ count: Int) {
        let gained = UInt64(count) * 1_000_000_000 / UInt64(max(1, loop.configuration.sendMinimumRate))
        let latest = loop.now &+ loop.configuration.sendTimeout.nanoseconds
        timer?.set(at: min((timer?.deadline ?? loop.now) &+ gained, latest))
    }

    private func flush() {
        switch moveOutput() {
        case nil: break
        case .blocked: return updateInterest()
        case .failed(let reason): return abort(reason)
        case .ended, .moved: return abort(.reset)
        }
        if isBlocked {
            isBlocked = false
            timer?.rest()
        }
        if phase == .closing { return shutDownOutput() }
        updateInterest()
        if isAboveHighWater, output.count <= loop.configuration.lowWaterMark {
            isAboveHighWater = false
            handler?.outputDrained(on: self)
        }
    }

    private func send() -> Transfer {
        if let tls { return output.withFirstVector { tls.send($0) } }
        if output.isOnePiece {
            return Transfer(
                output.withFirstVector { Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            )
        }
        return Transfer(
            output.withVectors { vectors in
                var message = msghdr()
                message.msg_iov = UnsafeMutablePointer(mutating: vectors.baseAddress)
                message.msg_iovlen = vectors.count
                return sendmsg(descriptor, &message, Int32(MSG_NOSIGNAL))
            }
        )
    }

    // MARK: Reading

    /// Stops reading, so that the kernel's window closes and the peer has to wait.
    public func pauseReading() {
        loop.assertOnLoop()
        isReadPaused = true
        if phase == .open { updateInterest() }
    }

    public func resumeReading() {
        loop.assertOnLoop()
        guard isReadPaused else { return }
        isReadPaused = false
        guard phase == .open else { return }
        updateInterest()
        if tls?.hasPendingInput ?? false { readAgainSoon() }
    }

    public func ready(_ readiness: Readiness) {
        let mayRead = !isInputOver && (!isReadPaused || phase == .lingering)
        if !readiness.isDisjoint(with: [.readable, .failed]), mayRead {
            read()
            if isBlocked, tls?.writeWantsRead ?? false, phase == .open || phase == .closing { flush() }
        } else if readiness.contains(.failed) {
            return abort(.reset)
        }
        guard readiness.contains(.writable), phase == .open || phase == .closing else { return }
        if tls?.readWantsWrite ?? false { read() }
        if phase == .open || phase == .closing { flush() }
    }

    private func read() {
        let buffer = loop.readBuffer
        switch tls?.receive(into: buffer) ?? Transfer(recv(descriptor, buffer.baseAddress, buffer.count, 0)) {
        case .moved(let amount):
            loop.metrics.bytesRead &+= UInt64(amount)
            if phase == .open {
                handler?.received(UnsafeMutableRawBufferPointer(rebasing: buffer[..<amount]), on: self)
            } else if phase == .lingering {
                timer?.set(at: min(loop.now &+ loop.configuration.lingerTimeout.nanoseconds, lingerEnd))
            }
            if let tls {
                noteHandshake(tls)
                if tls.hasPendingInput, phase != .closed { readAgainSoon() }
            }
        case .blocked:
            if let tls { noteHandshake(tls) }
            updateInterest()
        case .ended:
            isInputOver = true
            if phase == .lingering { return close(.finished) }
            updateInterest()
            if phase == .open { handler?.inputEnded(on: self) }
        case .failed(let reason):
            if reason == .tlsFailure { loop.metrics.tlsFailures &+= 1 }
            abort(reason)
        }
    }

    /// TLS may hold decrypted bytes of which the kernel knows nothing.
    private func readAgainSoon() {
        loop.execute { [self] in
            if phase != .closed, !isReadPaused, !isInputOver { read() }
        }
    }

    private func noteHandshake(_ tls: TLSSession) {
        if tls.takeHandshakeEnd() { loop.metrics.tlsHandshakes &+= 1 }
    }

    private func updateInterest() {
        guard phase != .closed else { return }
        var wanted: Readiness = []
        if !isInputOver, !isReadPaused || phase == .lingering { wanted.insert(.readable) }
        let canWrite = isBlocked && !(tls?.writeWantsRead ?? false)
        if canWrite || (tls?.readWantsWrite ?? false) { wanted.insert(.writable) }
        guard wanted != interest else { return }
        interest = wanted
        loop.descriptors.change(descriptor, to: wanted)
    }

    // MARK: Closing

    /// Sends what is queued, then our end, then waits a while for the peer's.
    public func closeAfterFlush() {
        loop.assertOnLoop()
        guard phase == .open else { return }
        phase = .closing
        if !isBlocked { scheduleFlush() }
    }

    /// Closes at once; queued output is lost.
    public func abort(_ reason: StreamCloseReason = .aborted) {
        loop.assertOnLoop()
        close(reason)
    }

    private func shutDownOutput() {
        tls?.shutDown()
        shutdown(descriptor, Int32(SHUT_WR))
        if isInputOver { return close(.finished) }
        phase = .lingering
        lingerEnd = loop.now &+ loop.configuration.longestLinger.nanoseconds
        updateInterest()
        startTimer(loop.configuration.lingerTimeout)
    }

    private func startTimer(_ timeout: Duration) {
        let timer = timer ?? loop.timer { [unowned self] in timedOut() }
        timer.set(after: timeout.nanoseconds)
        self.timer = timer
    }

    private func timedOut() {
        if phase == .lingering { return close(.finished) }
        loop.metrics.sendTimeouts &+= 1
        close(.sendTimeout)
    }

    private func close(_ reason: StreamCloseReason) {
        guard phase != .closed else { return }
        phase = .closed
        timer?.cancel()
        timer = nil
        output.clear(pool: loop.chunks)
        loop.descriptors.remove(descriptor)
        Glibc.close(descriptor)
        tls?.free()
        loop.forget(self)
        let last = handler
        handler = nil
        last?.closed(reason, on: self)
    }
}

/// What one attempt to move bytes came to.
enum Transfer {
    case moved(Int)
    case blocked
    case ended
    case failed(StreamCloseReason)

    /// Reads the result of a socket call and `errno`.
    init(_ result: Int) {
        if result > 0 {
            self = .moved(result)
        } else if result == 0 {
            self = .ended
        } else {
            self = errno == EAGAIN || errno == EINTR ? .blocked : .failed(.reset)
        }
    }
}
