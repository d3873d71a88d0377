import EventLoop

/// The frames of a client by RFC 6455, as a state machine over bytes: no sockets and no clocks.
///
/// `next` unmasks in place, joins fragments, checks text as it comes and unpacks compressed messages. Memory is held
/// only while a message is incomplete.
struct WebSocketDecoder: ~Copyable {
    enum Event {
        case needMore
        case message(Kind, Payload)
        case ping(Payload)
        case pong(Payload)
        /// The client ends the connection, with a code or without. Nothing after it counts.
        case close(WebSocketCloseCode?, reason: Payload)
        /// The client broke a rule. Nothing after it counts.
        case violation(WebSocketViolation)
    }

    enum Kind { case text, binary }

    /// Where the bytes of an event are: in the input, or in `collected` until the next call.
    enum Payload: Equatable {
        case input(Range<Int>)
        case collected
    }

    private enum State {
        /// Gathering a header. → `payload` when it is complete.
        case header
        /// In the payload of a frame. → `header` at its end.
        case payload(done: Int)
        /// After a close frame or a violation. Final.
        case over
    }

    private let maximumFrame: Int
    private let maximumMessage: Int
    private let allowsCompression: Bool
    private var state = State.header
    private var header = WebSocketFrameHeader.Gatherer()
    private var frame = WebSocketFrameHeader()
    /// The message under way, from its first frame to its last.
    private var message: (kind: Kind, isCompressed: Bool)?
    private var fragments = ByteBuffer()
    private var control = ByteBuffer()
    private var text = UTF8Validator()
    /// What `Payload.collected` stands for.
    private(set) var collected = ByteBuffer()

    /// Whether some of a message has come and not all of it.
    var isInMessage: Bool { message != nil }

    init(_ limits: WebSocketConfiguration, allowsCompression: Bool) {
        maximumFrame = limits.maximumFrame
        maximumMessage = limits.maximumMessage
        self.allowsCompression = allowsCompression
    }

    /// Reads on from `position`, which moves behind what was understood.
    mutating func next(
        _ input: UnsafeMutableRawBufferPointer,
        _ position: inout Int,
        deflate: () -> WebSocketDeflate
    ) -> Event {
        if collected.capacity > 0 { collected.release() }
        while true {
            switch state {
            case .over:
                position = input.count
                return .needMore
            case .header:
                guard gatherHeader(input, &position) else { return .needMore }
                if let violation = beginFrame() { return fail(violation) }
                state = .payload(done: 0)
            case .payload(let done):
                let count = min(frame.length - done, input.count - position)
                let range = position..<(position + count)
                position += count
                let bytes = UnsafeMutableRawBufferPointer(rebasing: input[range])
                WebSocketMask.apply(frame.mask, to: bytes, offset: done)
                let isWhole = done == 0 && count == frame.length
                let isDone = done + count == frame.length
                state = isDone ? .header : .payload(done: done + count)
                if frame.opcode.isControl {
                    if let event = takeControl(bytes, range, isWhole: isWhole, isDone: isDone) { return event }
                } else if let event = takeData(bytes, range, isWhole, isDone, deflate) {
                    return event
                }
                if !isDone { return .needMore }
            }
        }
    }

    func count(of payload: Payload) -> Int {
        switch payload {
        case .input(let range): range.count
        case .collected: collected.count
        }
    }

    /// Gives the collected bytes away.
    mutating func takeCollected() -> ByteBuffer {
        var taken = ByteBuffer()
        swap(&taken, &collected)
        return taken
    }

    private mutating func gatherHeader(_ input: UnsafeMutableRawBufferPointer, _ position: inout Int) -> Bool {
        while !header.isComplete {
            guard position < input.count else { return false }
            header.take(input[position])
            position += 1
        }
        return true
    }

    private mutating func beginFrame() -> WebSocketViolation? {
        defer { header = WebSocketFrameHeader.Gatherer() }
        switch header.read(allowsCompression: allowsCompression) {
        case .failure(let refusal): return refusal.violation
        case .success(let header): frame = header
        }
        guard !frame.opcode.isControl else { return nil }
        if frame.opcode == .continuation {
            if message == nil { return .unexpectedContinuation }
        } else {
            if message != nil { return .missingContinuation }
            message = (frame.opcode == .text ? .text : .binary, frame.isCompressed)
            text = UTF8Validator()
        }
        if frame.length > maximumFrame { return .frameTooBig }
        if frame.length > maximumMessage - fragments.count { return .messageTooBig }
        return nil
    }

    private mutating func takeData(
        _ bytes: UnsafeMutableRawBufferPointer,
        _ range: Range<Int>,
        _ isWhole: Bool,
        _ isDone: Bool,
        _ deflate: () -> WebSocketDeflate
    ) -> Event? {
        guard let message else { return fail(.unexpectedContinuation) }
        let isPlainText = message.kind == .text && !message.isCompressed
        if isPlainText, !text.accept(UnsafeRawBufferPointer(bytes)) { return fail(.invalidText) }
        let isAlone = isWhole && frame.isFinal && fragments.isEmpty
        if !isAlone { fragments.append(UnsafeRawBufferPointer(bytes)) }
        guard isDone, frame.isFinal else { return nil }
        self.message = nil
        if isPlainText, !text.isComplete { return fail(.invalidText) }
        guard message.isCompressed else {
            if isAlone { return .message(message.kind, .input(range)) }
            swap(&collected, &fragments)
            return .message(message.kind, .collected)
        }
        let violation =
            isAlone
            ? deflate().unpack(UnsafeRawBufferPointer(bytes), into: &collected, maximum: maximumMessage)
            : fragments.withUnsafeBytes {
                deflate().unpack($0, into: &collected, maximum: maximumMessage)
            }
        fragments.release()
        if let violation { return fail(violation) }
        if message.kind == .text {
            var text = UTF8Validator()
            guard collected.withUnsafeBytes({ text.accept($0) }), text.isComplete else { return fail(.invalidText) }
        }
        return .message(message.kind, .collected)
    }

    /// Control frames are short and may come between the fragments of a message.
    private mutating func takeControl(
        _ bytes: UnsafeMutableRawBufferPointer,
        _ range: Range<Int>,
        isWhole: Bool,
        isDone: Bool
    ) -> Event? {
        if !isWhole { control.append(UnsafeRawBufferPointer(bytes)) }
        guard isDone else { return nil }
        let payload: Payload
        if isWhole {
            payload = .input(range)
        } else {
            swap(&collected, &control)
            payload = .collected
        }
        switch frame.opcode {
        case .ping: return .ping(payload)
        case .pong: return .pong(payload)
        default:
            if isWhole { return readClose(UnsafeRawBufferPointer(bytes), payload) }
            var bytes = ByteBuffer()
            swap(&bytes, &collected)
            defer { swap(&bytes, &collected) }
            return bytes.withUnsafeBytes { readClose($0, payload) }
        }
    }

    private mutating func readClose(_ bytes: UnsafeRawBufferPointer, _ payload: Payload) -> Event {
        guard bytes.count > 0 else {
            state = .over
            return .close(nil, reason: payload)
        }
        guard bytes.count >= 2 else { return fail(.badClosePayload) }
        let code = WebSocketCloseCode(UInt16(bytes[0]) << 8 | UInt16(bytes[1]))
        guard code.maySend else { return fail(.badCloseCode) }
        var reason = UTF8Validator()
        guard reason.accept(UnsafeRawBufferPointer(rebasing: bytes[2...])), reason.isComplete else {
            return fail(.invalidText)
        }
        state = .over
        return .close(code, reason: payload)
    }

    private mutating func fail(_ violation: WebSocketViolation) -> Event {
        state = .over
        fragments.release()
        return .violation(violation)
    }
}
