import EventLoop

/// The shell around the parser: one client, one request after another, responses in order.
///
/// While a request is being answered, bytes of later ones wait in `early` (then, when that is full, in the kernel).
/// An idle connection holds no request, no buffer and no task. `@unchecked Sendable`: confined to its loop.
final class HTTPConnection: StreamHandler, @unchecked Sendable {
    /// Where the request is.
    enum Input {
        /// Not begun. → `head` by its first byte.
        case idle
        /// In the head. → `collecting`, `streaming` or `complete`, by framing and policy.
        case head
        /// The body goes to memory; the handler waits for its end. → `complete`.
        case collecting
        /// The body goes to the handler as it comes. → `complete`.
        case streaming
        /// All of it is here. → `idle` when the response is complete.
        case complete
        /// No more will be read: closing, or upgraded. Final.
        case over
    }

    /// Where the response is.
    enum Output {
        /// No handler has been called. → `owed`.
        case none
        /// A handler has the responder. → `streaming` or `complete`.
        case owed
        /// Its head is sent, its body is under way. → `complete`.
        case streaming(HTTPBodyFraming)
        /// Sent as far as we are concerned. → `none` when the request is complete too.
        case complete
    }

    let stream: StreamConnection
    let shared: HTTPLoop
    @exclusivity(unchecked) var parser: HTTPRequestParser
    @exclusivity(unchecked) var input = Input.idle
    @exclusivity(unchecked) var output = Output.none
    @exclusivity(unchecked) var request: HTTPRequest?
    /// Counts the requests; a responder of an older one has no effect.
    @exclusivity(unchecked) var exchange: UInt64 = 0
    @exclusivity(unchecked) var isKeptAlive = true
    @exclusivity(unchecked) var isDraining = false
    /// The last time the idle timer rang, the answer was on its way still.
    @exclusivity(unchecked) var wasSending = false
    @exclusivity(unchecked) var status = HTTPStatus.ok
    @exclusivity(unchecked) var bodyBytes = 0

    var early = ByteBuffer()
    @exclusivity(unchecked) var isConsuming = false
    @exclusivity(unchecked) var waitsForOutput = false
    /// The client waits for `100 Continue`, which the handler's first look at the body sends.
    @exclusivity(unchecked) var awaitsContinue = false
    @exclusivity(unchecked) var timer: Timer?
    @exclusivity(unchecked) var startTime: UInt64 = 0
    @exclusivity(unchecked) var bodyDeadline: UInt64 = 0
    @exclusivity(unchecked) var body: HTTPBodyStream?
    @exclusivity(unchecked) var task: Task<Void, Never>?
    @exclusivity(unchecked) var onDisconnect: [() -> Void] = []
    @exclusivity(unchecked) var onDrain: [() -> Void] = []
    var onWritable: [() -> Void] = []
    /// The protocol that has taken the stream over.
    var successor: (any StreamHandler)?

    init(stream: StreamConnection, shared: HTTPLoop) {
        self.stream = stream
        self.shared = shared
        parser = HTTPRequestParser(shared.configuration)
        shared.metrics.connections &+= 1
        shared.metrics.openConnections += 1
        let timer = shared.loop.timer { [unowned self] in timedOut() }
        timer.set(after: shared.times.head)
        self.timer = timer
    }

    // MARK: StreamHandler

    func received(_ bytes: UnsafeMutableRawBufferPointer, on stream: StreamConnection) { consume(bytes) }

    /// No more requests will come. A response that is owed is still sent, but its handler is told that the client is
    /// most likely gone.
    func inputEnded(on stream: StreamConnection) {
        isKeptAlive = false
        switch output {
        case .none: closeAfterResponse()
        case .owed, .streaming:
            if case .streaming = input { body?.fail(.clientClosed) }
            announceDisconnect()
        case .complete: closeAfterResponse()
        }
    }

    func outputDrained(on stream: StreamConnection) {
        wakeWriters()
        if waitsForOutput {
            waitsForOutput = false
            continueWithEarlyBytes()
        }
    }

    func drain(on stream: StreamConnection) {
        isDraining = true
        if case .idle = input, case .none = output {
            timer?.set(after: shared.times.drainGrace)
        }
        let actions = onDrain
        onDrain = []
        for action in actions { action() }
    }

    func closed(_ reason: StreamCloseReason, on stream: StreamConnection) {
        shared.metrics.openConnections -= 1
        timer?.cancel()
        timer = nil
        switch output {
        case .owed, .streaming: announceDisconnect()
        case .none, .complete: break
        }
        forgetAnswering()
        wakeWriters()
        body?.fail(.clientClosed)
        body = nil
        input = .over
        output = .complete
        exchange &+= 1
        early.release()
        recycleRequest()
        successor = nil
    }

    // MARK: The cycle of requests

    /// Both sides of an exchange are complete: on to the next request, or to the end.
    func finishExchange() {
        recycleRequest()
        body = nil
        forgetAnswering()
        exchange &+= 1
        output = .none
        guard isKeptAlive, !isDraining else { return closeAfterResponse() }
        input = .idle
        wasSending = false
        timer?.set(after: shared.times.idle)
        if !isConsuming { continueWithEarlyBytes() }
    }

    /// Takes up requests that came while an earlier one was being answered.
    func continueWithEarlyBytes() {
        if !early.isEmpty, !isConsuming, stream.isWritable {
            var bytes = ByteBuffer()
            swap(&bytes, &early)
            bytes.withUnsafeMutableBytes { consume($0) }
        }
        if early.isEmpty { stream.resumeReading() }
    }

    func closeAfterResponse() {
        input = .over
        early.release()
        timer?.rest()
        if case .complete = output { forgetAnswering() }
        stream.closeAfterFlush()
    }

    /// The answer is complete: what its handler registered here may hold the connection itself.
    func forgetAnswering() {
        task = nil
        onDisconnect = []
        onDrain = []
    }

    func recycleRequest() {
        guard let last = request.take() else { return }
        shared.pool.give(last)
    }

    private func announceDisconnect() {
        shared.metrics.disconnects &+= 1
        task?.cancel()
        task = nil
        let actions = onDisconnect
        onDisconnect = []
        onDrain = []
        for action in actions { action() }
        wakeWriters()
    }

    /// Lets those who wait for room look again.
    private func wakeWriters() {
        let waiting = onWritable
        onWritable = []
        for action in waiting { action() }
    }
}
