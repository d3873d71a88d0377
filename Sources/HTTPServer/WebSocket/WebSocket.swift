public import EventLoop

/// One WebSocket on its loop. While idle it holds no buffer and no task.
///
/// `@unchecked Sendable`: confined to its loop.
public final class WebSocket: StreamHandler, @unchecked Sendable {
    private enum State {
        /// Messages go both ways. → `closing` by our close frame, → `ended` by the client's or by a loss.
        case open
        /// Our close frame is sent; messages of the client are thrown away. → `ended` by its close frame, a timeout or
        /// a loss.
        case closing(WebSocketEnd)
        /// The handler has been told. Final.
        case ended
    }

    public let stream: StreamConnection
    /// The subprotocol that was agreed on.
    public let subprotocol: String?
    private let shared: HTTPLoop
    private let configuration: WebSocketConfiguration
    private var handler: (any WebSocketHandler)?
    private var decoder: WebSocketDecoder
    private var state = State.open
    /// The window of permessage-deflate; 0 when the client does not have it.
    private let windowBits: Int
    private var timer: Timer?
    private var lastReceived: UInt64
    private var awaitsPong = false
    /// Since when a message is under way; 0 for none.
    private var messageStart: UInt64 = 0
    /// What has come, and waits for the next turn.
    private var postponed = ByteBuffer()
    /// Bytes that were queued so far.
    private var written = 0
    /// The last message that was larger than the limit of what may wait, and how much was queued when it was.
    private var large = (size: 0, end: 0)

    init(
        stream: StreamConnection,
        shared: HTTPLoop,
        configuration: WebSocketConfiguration,
        subprotocol: String?,
        windowBits: Int
    ) {
        self.stream = stream
        self.shared = shared
        self.configuration = configuration
        self.subprotocol = subprotocol
        self.windowBits = windowBits
        decoder = WebSocketDecoder(configuration, allowsCompression: windowBits > 0)
        lastReceived = stream.loop.now
        shared.metrics.webSockets.opened &+= 1
        shared.metrics.webSockets.open += 1
    }

    func begin(_ handler: any WebSocketHandler) {
        self.handler = handler
        // The handler may have closed the socket already.
        guard isOpen, let interval = configuration.pingInterval else { return }
        startTimer(interval)
    }

    public var loop: EventLoop { stream.loop }
    public var isOpen: Bool { if case .open = state { stream.isOpen } else { false } }
    /// False from the high-water mark until `outputDrained`.
    public var isWritable: Bool { isOpen && stream.isWritable }

    // MARK: Sending

    public func send(_ frame: WebSocketFrame) {
        guard isOpen else { return }
        let queued = stream.queuedBytes
        if windowBits == 0 {
            stream.write(frame.plain)
        } else {
            stream.write(
                frame.bytes(
                    windowBits: windowBits,
                    threshold: configuration.compressionThreshold,
                    deflate: shared.deflate
                )
            )
        }
        noteSent(behind: queued)
    }

    public func send(text: String) {
        var text = text
        text.withUTF8 { send(.text, UnsafeRawBufferPointer($0)) }
    }

    /// The bytes must be UTF-8.
    public func send(text: UnsafeRawBufferPointer) { send(.text, text) }
    public func send(binary: UnsafeRawBufferPointer) { send(.binary, binary) }

    /// Sends a text of so many bytes, which must be UTF-8 and which `write` appends: straight to the output, unless they are
    /// to be packed.
    public func send(textOfBytes count: Int, _ write: (inout ByteBuffer) -> Void) {
        guard isOpen else { return }
        if windowBits > 0, count >= configuration.compressionThreshold {
            var text = ByteBuffer(capacity: count)
            write(&text)
            return text.withUnsafeBytes { send(.text, $0) }
        }
        let queued = stream.queuedBytes
        stream.write { out in
            WebSocketFrame.appendHeader(first: 0x80 | WebSocketFrameHeader.Opcode.text.rawValue, count: count, to: &out)
            let start = out.count
            write(&out)
            precondition(out.count == start + count, "a text has as many bytes as were announced")
        }
        noteSent(behind: queued)
    }

    /// Sends one prebuilt frame to all; they must be of the calling loop.
    public static func broadcast(_ frame: WebSocketFrame, to sockets: some Sequence<WebSocket>) {
        for socket in sockets { socket.send(frame) }
    }

    private func send(_ opcode: WebSocketFrameHeader.Opcode, _ payload: UnsafeRawBufferPointer) {
        guard isOpen else { return }
        let queued = stream.queuedBytes
        var isPacked = false
        if windowBits > 0, payload.count >= configuration.compressionThreshold, !opcode.isControl {
            var packed = ByteBuffer()
            isPacked =
                shared.deflate.pack(payload, into: &packed, windowBits: windowBits) && packed.count < payload.count
            if isPacked {
                packed.withUnsafeBytes { bytes in
                    stream.write { WebSocketFrame.append(first: 0xc0 | opcode.rawValue, bytes, to: &$0) }
                }
            }
        }
        if !isPacked { stream.write { WebSocketFrame.append(opcode, payload, to: &$0) } }
        noteSent(behind: queued)
    }

    /// Counts, and closes the slow consumer: it learns why as soon as it reads on.
    ///
    /// Slow is whom more waits for than the limit when the kernel has taken what it takes. The newest message does not count,
    /// however large it is, as nobody has had the time to read it; nor does what is left of one that is larger than the
    /// limit by itself, which would else be ended by the little that follows it.
    private func noteSent(behind queued: Int) {
        shared.metrics.webSockets.framesSent &+= 1
        let newest = stream.queuedBytes - queued
        written &+= newest
        let isLarge = newest > configuration.maximumQueue
        if isLarge { large = (newest, written) }
        guard stream.queuedBytes > configuration.maximumQueue else { return }
        stream.offerOutput()
        let waiting = stream.queuedBytes
        let behindLarge = written &- large.end
        let leftOfLarge = max(0, min(large.size, waiting - behindLarge))
        if waiting - leftOfLarge - (isLarge ? 0 : newest) > configuration.maximumQueue { closeSlowConsumer() }
    }

    /// Drops what waits, and says why.
    public func closeSlowConsumer() {
        guard isOpen else { return }
        shared.metrics.webSockets.slowConsumers &+= 1
        stream.dropUnsentOutput()
        close(configuration.slowConsumerCode, reason: configuration.slowConsumerReason)
    }

    // MARK: Closing

    /// Sends a close frame and waits a while for the client's. A reason beyond 123 bytes is cut between characters.
    public func close(_ code: WebSocketCloseCode, reason: String = "") {
        precondition(code.maySend, "close code \(code.rawValue) may not be sent")
        guard isOpen else { return }
        sendClose(code, reason)
        state = .closing(.server(code, reason: reason))
        startTimer(configuration.closeTimeout)
    }

    private func sendClose(_ code: WebSocketCloseCode, _ reason: String) {
        var payload: [UInt8] = [UInt8(code.rawValue >> 8), UInt8(code.rawValue & 0xff)]
        for character in reason {
            guard payload.count + character.utf8.count <= 125 else { break }
            payload += character.utf8
        }
        payload.withUnsafeBytes { bytes in
            stream.write { WebSocketFrame.append(.close, bytes, to: &$0) }
        }
    }

    private func finish(_ end: WebSocketEnd) {
        if case .ended = state { return }
        state = .ended
        timer?.cancel()
        timer = nil
        shared.metrics.webSockets.open -= 1
        let last = handler
        handler = nil
        last?.closed(end, on: self)
    }

    private func startTimer(_ delay: Duration) {
        let timer = timer ?? loop.timer { [unowned self] in timedOut() }
        timer.set(at: loop.now &+ delay.nanoseconds)
        self.timer = timer
    }

    /// Asks a silent client for a sign of life, and gives up on one that had been asked before.
    private func timedOut() {
        if case .closing(let end) = state {
            finish(end)
            return stream.closeAfterFlush()
        }
        guard let interval = configuration.pingInterval else { return }
        let quiet = loop.now &- lastReceived
        if quiet < interval.nanoseconds {
            timer?.set(at: lastReceived &+ interval.nanoseconds)
        } else if awaitsPong {
            shared.metrics.webSockets.lost &+= 1
            stream.abort()
        } else {
            awaitsPong = true
            send(.ping, UnsafeRawBufferPointer(start: nil, count: 0))
            startTimer(interval)
        }
    }

    // MARK: StreamHandler

    public func received(_ bytes: UnsafeMutableRawBufferPointer, on stream: StreamConnection) {
        lastReceived = loop.now
        awaitsPong = false
        guard postponed.isEmpty else { return postponed.append(UnsafeRawBufferPointer(bytes)) }
        take(bytes)
    }

    private func take(_ bytes: UnsafeMutableRawBufferPointer) {
        var (position, taken) = (0, 0)
        defer { checkMessageTime() }
        while stream.isOpen {
            if taken >= configuration.maximumTurn, position < bytes.count {
                return postpone(UnsafeRawBufferPointer(rebasing: bytes[position...]))
            }
            switch decoder.next(bytes, &position, deflate: { [shared] in shared.deflate }) {
            case .needMore: return
            case .message(let kind, let payload):
                shared.metrics.webSockets.messagesReceived &+= 1
                messageStart = 0
                taken += decoder.count(of: payload)
                guard isOpen else { continue }
                read(payload, bytes) { [handler] data in
                    if kind == .text {
                        handler?.received(text: data, on: self)
                    } else {
                        handler?.received(binary: data, on: self)
                    }
                }
            case .ping(let payload): read(payload, bytes) { send(.pong, $0) }
            case .pong: break
            case .close(let code, let payload): clientCloses(code, payload, bytes)
            case .violation(let violation): refuse(violation)
            }
        }
    }

    /// Others have their turn before the rest of what one client sends, which may be a thousand times what came.
    private func postpone(_ rest: UnsafeRawBufferPointer) {
        shared.metrics.webSockets.postponed &+= 1
        postponed.append(rest)
        stream.pauseReading()
        loop.execute { [self] in
            var bytes = ByteBuffer()
            swap(&bytes, &postponed)
            bytes.withUnsafeMutableBytes { take($0) }
            if postponed.isEmpty { stream.resumeReading() }
        }
    }

    /// Whoever sends a message bit by bit, with signs of life between, holds what has come of it.
    private func checkMessageTime() {
        guard decoder.isInMessage else { return messageStart = 0 }
        if messageStart == 0 {
            messageStart = lastReceived
        } else if isOpen, lastReceived &- messageStart > configuration.messageTimeout.nanoseconds {
            refuse(.messageTooSlow)
        }
    }

    /// Lends the bytes of an event. Collected ones are taken out of the decoder meanwhile, so that the handler may do
    /// what it likes.
    private func read(
        _ payload: WebSocketDecoder.Payload,
        _ input: UnsafeMutableRawBufferPointer,
        _ body: (UnsafeRawBufferPointer) -> Void
    ) {
        switch payload {
        case .input(let range): body(UnsafeRawBufferPointer(rebasing: input[range]))
        case .collected:
            let bytes = decoder.takeCollected()
            bytes.withUnsafeBytes { body($0) }
        }
    }

    private func clientCloses(
        _ code: WebSocketCloseCode?,
        _ payload: WebSocketDecoder.Payload,
        _ input: UnsafeMutableRawBufferPointer
    ) {
        if case .closing(let end) = state {
            finish(end)
            return stream.closeAfterFlush()
        }
        var reason = ""
        read(payload, input) { if $0.count > 2 { reason = UnsafeRawBufferPointer(rebasing: $0[2...]).text } }
        if let code { sendClose(code, "") } else { stream.write { $0.append([0x88, 0x00]) } }
        finish(.client(code, reason: reason))
        stream.closeAfterFlush()
    }

    private func refuse(_ violation: WebSocketViolation) {
        shared.metrics.webSockets.count(violation)
        if case .open = state { sendClose(violation.code, "\(violation)") }
        finish(.server(violation.code, reason: "\(violation)"))
        stream.closeAfterFlush()
    }

    public func inputEnded(on stream: StreamConnection) {
        finish(.lost)
        stream.closeAfterFlush()
    }

    public func outputDrained(on stream: StreamConnection) { handler?.outputDrained(on: self) }

    public func drain(on stream: StreamConnection) { handler?.drain(on: self) }

    public func drainEnded(on stream: StreamConnection) { close(.goingAway, reason: "server is going down") }

    public func closed(_ reason: StreamCloseReason, on stream: StreamConnection) {
        if case .closing(let end) = state { finish(end) } else { finish(.lost) }
    }
}
