import EventLoop

extension HTTPConnection {
    /// Reads requests off the bytes, as many as are complete and as the output can take.
    func consume(_ bytes: UnsafeMutableRawBufferPointer) {
        var position = 0
        isConsuming = true
        defer { isConsuming = false }
        while true {
            switch input {
            case .complete: return keep(bytes, from: position)
            case .over: return handOver(bytes, from: position)
            case .idle where !stream.isWritable && position < bytes.count:
                waitsForOutput = true
                return keep(bytes, from: position)
            case .idle where hasMoreThanLineEnd(bytes, from: position): beginHead()
            case .idle, .head, .collecting, .streaming: break
            }
            switch parser.next(UnsafeRawBufferPointer(bytes), &position, pool: shared.pool) {
            case .needMore: return
            case .head(let request): headArrived(request)
            case .body(let range): bodyArrived(UnsafeRawBufferPointer(rebasing: bytes[range]))
            case .end: bodyEnded()
            case .violation(let violation): refuse(violation)
            }
        }
    }

    /// Clients may send a line end behind a body (RFC 9112 section 2.2): it begins no request, and no time limit.
    private func hasMoreThanLineEnd(_ bytes: UnsafeMutableRawBufferPointer, from position: Int) -> Bool {
        switch bytes.count - position {
        case 0: false
        case 1: bytes[position] != 0x0d && bytes[position] != 0x0a
        case 2: bytes[position] != 0x0d || bytes[position + 1] != 0x0a
        default: true
        }
    }

    private func beginHead() {
        input = .head
        startTime = shared.loop.now
        timer?.set(after: shared.times.head)
    }

    private func headArrived(_ request: HTTPRequest) {
        shared.metrics.requests &+= 1
        request.peer = stream.peer
        request.isEncrypted = stream.isEncrypted
        request.startTime = startTime
        if shared.configuration.identifiesRequests { request.identify(&shared.numbers) }
        self.request = request
        isKeptAlive = isKeptAlive && request.isKeptAlive
        if request.framing == .none {
            input = .complete
            timer?.rest()
            return callHandler(request)
        }
        let maximum: Int
        switch shared.handler.bodyPolicy(for: request) {
        case .collect(let limit):
            maximum = limit ?? shared.configuration.maximumBody
            input = .collecting
        case .stream(let limit):
            maximum = limit ?? shared.configuration.maximumBody
            input = .streaming
        }
        parser.maximumBody = maximum
        if let length = request.contentLength, length > maximum { return refuse(.bodyTooLarge) }
        beginBodyTime()
        if case .streaming = input {
            // A client that waits for leave has no time to lose.
            if request.expectsContinue {
                awaitsContinue = true
                timer?.rest()
            }
            let body = HTTPBodyStream(connection: self, expectsContinue: request.expectsContinue)
            self.body = body
            request.bodyStream = body
            callHandler(request)
        } else if request.expectsContinue {
            sendContinue()
        }
    }

    private func callHandler(_ request: HTTPRequest) {
        output = .owed
        shared.handler.handle(request, HTTPResponder(connection: self, exchange: exchange))
    }

    /// Tells a client that waits for leave to send its body. Behind the head of the response it would be part of that.
    func sendContinue() {
        switch output {
        case .none, .owed: stream.write { $0.append("HTTP/1.1 100 Continue\r\n\r\n") }
        case .streaming, .complete: break
        }
        if awaitsContinue { beginBodyTime() }
    }

    private func beginBodyTime() {
        awaitsContinue = false
        bodyDeadline = shared.loop.now &+ shared.times.bodyGrace
        timer?.set(at: bodyDeadline)
    }

    private func bodyArrived(_ bytes: UnsafeRawBufferPointer) {
        if awaitsContinue { beginBodyTime() }
        refillBodyTime(bytes.count)
        switch input {
        case .collecting: request?.collectedBody.append(bytes)
        case .streaming: body?.append(bytes)
        case .idle, .head, .complete, .over: break
        }
    }

    private func bodyEnded() {
        timer?.rest()
        let wasStreaming = if case .streaming = input { true } else { false }
        input = .complete
        if wasStreaming {
            body?.end()
        } else if let request {
            callHandler(request)
        }
    }

    /// Each byte buys time, up to the grace: silence and trickles both run out of it.
    private func refillBodyTime(_ count: Int) {
        let gained = UInt64(count) * shared.times.bodyByte
        bodyDeadline = min(bodyDeadline &+ gained, shared.loop.now &+ shared.times.bodyGrace)
        timer?.set(at: bodyDeadline)
    }

    /// A handler that reads slowly must not cost the client its time.
    func pauseBody() {
        shared.metrics.readPauses &+= 1
        timer?.rest()
        stream.pauseReading()
    }

    func resumeBody() {
        guard case .streaming = input else { return }
        beginBodyTime()
        stream.resumeReading()
    }

    /// Puts bytes of later requests aside until their turn comes.
    private func keep(_ bytes: UnsafeMutableRawBufferPointer, from position: Int) {
        guard position < bytes.count else { return }
        early.append(UnsafeRawBufferPointer(rebasing: bytes[position...]))
        if early.count >= shared.configuration.pipelineBuffer || waitsForOutput {
            shared.metrics.readPauses &+= 1
            stream.pauseReading()
        }
    }

    /// After an upgrade the rest of the input belongs to the new protocol; after a refusal to nobody.
    private func handOver(_ bytes: UnsafeMutableRawBufferPointer, from position: Int) {
        guard let successor else { return }
        self.successor = nil
        let rest = UnsafeMutableRawBufferPointer(rebasing: bytes[position...])
        if !rest.isEmpty { successor.received(rest, on: stream) }
    }

    /// Answers for the handler and ends the connection: what follows cannot be trusted to be a request.
    func refuse(_ violation: HTTPViolation) {
        shared.metrics.count(violation)
        // What is no head has no beginning of its own.
        if case .idle = input { startTime = shared.loop.now }
        isKeptAlive = false
        if case .streaming = input { body?.fail(.refused(violation)) }
        switch output {
        case .none, .owed:
            output = .owed
            sendRefusal(violation)
        case .streaming: stream.abort()
        case .complete: closeAfterResponse()
        }
    }

    func timedOut() {
        switch input {
        // While the answer is on its way nobody is idle, and another request may wait behind it. It has just left, or did a while
        // ago: the time begins anew once more.
        case .idle where stream.queuedBytes > 0 || wasSending:
            wasSending = stream.queuedBytes > 0
            timer?.set(after: isDraining ? shared.times.drainGrace : shared.times.idle)
        case .idle:
            shared.metrics.idleTimeouts &+= 1
            closeAfterResponse()
        case .head: refuse(.headTimeout)
        case .collecting, .streaming: refuse(.bodyTimeout)
        case .complete, .over: break
        }
    }
}
