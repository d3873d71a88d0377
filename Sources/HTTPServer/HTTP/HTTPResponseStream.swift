public import EventLoop

/// The body of a response on its way. Belongs to the connection's loop.
///
/// `@unchecked Sendable`: confined to its loop; only the last release may happen anywhere.
public final class HTTPResponseStream: @unchecked Sendable {
    private let connection: HTTPConnection
    private let exchange: UInt64
    private var isFinished = false

    init(connection: HTTPConnection, exchange: UInt64) {
        self.connection = connection
        self.exchange = exchange
    }

    /// A body that is let go unfinished is cut, so that the client sees that something is missing.
    deinit {
        guard !isFinished else { return }
        let (connection, exchange) = (connection, exchange)
        connection.stream.loop.execute { connection.cutBody(exchange) }
    }

    /// False when the client has gone or the body is finished.
    public var isOpen: Bool { !isFinished && connection.exchange == exchange }
    /// False when more output would only pile up: wait by `writable()`.
    public var isWritable: Bool { isOpen && connection.stream.isWritable }

    /// Appends what `write` writes as one piece; it leaves at the end of the turn.
    public func write(_ write: (inout ByteBuffer) -> Void) {
        connection.stream.loop.assertOnLoop()
        if isOpen { connection.writeBody(write) }
    }

    public func write(_ bytes: [UInt8]) { write { $0.append(bytes) } }
    public func write(_ text: String) { write { $0.append(text) } }

    /// Returns when there is room for more; throws when the client has gone or has ended its side.
    public func writable() async throws {
        guard isOpen else { throw CancellationError() }
        guard !isWritable else { return }
        await withCheckedContinuation { continuation in
            connection.onWritable.append { continuation.resume() }
        }
        guard isOpen, !Task.isCancelled else { throw CancellationError() }
    }

    /// Breaks the body off, with all that is queued of it.
    public func cut() {
        connection.stream.loop.assertOnLoop()
        if isOpen { connection.cutBody(exchange) }
    }

    /// Ends the body.
    public func finish() {
        connection.stream.loop.assertOnLoop()
        guard isOpen else { return }
        isFinished = true
        connection.finishBody()
    }
}

extension HTTPConnection {
    func writeBody(_ write: (inout ByteBuffer) -> Void) {
        guard case .streaming(let framing) = output else { return }
        switch framing {
        case .none: break
        case .untilClose: stream.write { out in appendCounted(&out, write) }
        case .length(let left):
            var written = 0
            stream.write { out in written = appendCounted(&out, write) }
            // More than announced would be read as the next response, so nothing of it may leave.
            guard written <= left else { return stream.abort() }
            output = .streaming(.length(left: left - written))
        case .chunked: stream.write { out in appendChunk(&out, write) }
        }
    }

    /// The size is written behind the chunk's back: eight digits, of which the first may be zeros.
    private func appendChunk(_ out: inout ByteBuffer, _ write: (inout ByteBuffer) -> Void) {
        let before = out.count
        out.append("00000000\r\n")
        let start = out.count
        let length = appendCounted(&out, write)
        // A chunk of size 0 would end the body.
        guard length > 0 else { return out.truncate(to: before) }
        precondition(length < 1 << 32, "a piece in memory has fewer bytes than that")
        for digit in 0..<8 {
            let value = UInt8(truncatingIfNeeded: (length >> (28 - 4 * digit)) & 15)
            let character = value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
            withUnsafeBytes(of: character) { out.overwrite(at: start - 10 + digit, with: $0) }
        }
        out.append("\r\n")
    }

    @discardableResult
    private func appendCounted(_ out: inout ByteBuffer, _ write: (inout ByteBuffer) -> Void) -> Int {
        let before = out.count
        write(&out)
        let written = out.count - before
        bodyBytes += written
        return written
    }

    func finishBody() {
        guard case .streaming(let framing) = output else { return }
        switch framing {
        case .chunked: stream.write { $0.append("0\r\n\r\n") }
        case .length(let left) where left > 0: return stream.abort()
        case .untilClose: isKeptAlive = false
        case .none, .length: break
        }
        if !isInputComplete { isKeptAlive = false }
        complete(status)
    }

    /// A body that was let go before its end.
    func cutBody(_ exchange: UInt64) {
        guard exchange == self.exchange, case .streaming = output else { return }
        shared.metrics.unanswered &+= 1
        stream.abort()
    }
}
