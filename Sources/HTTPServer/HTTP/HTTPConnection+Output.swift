import EventLoop

/// How the client finds the end of a response body.
enum HTTPBodyFraming {
    /// No body: the answer to HEAD, and 1xx, 204, 304.
    case none
    /// By the length announced; so many bytes are still owed.
    case length(left: Int)
    case chunked
    /// By the end of the connection, for HTTP/1.0.
    case untilClose
}

extension HTTPConnection {
    /// Sends a whole response. `write` appends the body straight to the output.
    func respond(_ status: HTTPStatus, _ fields: HTTPFields, _ write: (inout ByteBuffer) -> Void) {
        guard case .owed = output else { return }
        if !isInputComplete { isKeptAlive = false }
        let threshold =
            fields.isCompressible && !fields.hasContentEncoding ? shared.configuration.compressionThreshold : nil
        stream.write { out in
            appendHead(status, fields, to: &out)
            if status.isBodiless { out.append("\r\n") } else { appendBody(write, threshold, to: &out) }
        }
        complete(status)
    }

    /// The length is written behind the body's back: ten places are kept free, of which some stay blank. Last among the
    /// fields is room for the one that a compressed body needs.
    private func appendBody(_ write: (inout ByteBuffer) -> Void, _ threshold: Int?, to out: inout ByteBuffer) {
        if threshold != nil { out.append("vary: accept-encoding\r\n") }
        out.append("content-length:           ")
        let lengthEnd = out.count
        out.append("\r\n")
        let fieldsEnd = out.count
        out.append("\r\n")
        var bodyStart = out.count
        write(&out)
        if let threshold, out.count - bodyStart >= threshold, acceptsGzip {
            bodyStart = compress(from: bodyStart, fieldsEnd: fieldsEnd, in: &out)
        }
        let length = out.count - bodyStart
        let isHead = request?.method == .head
        bodyBytes = isHead ? 0 : length
        if isHead { out.truncate(to: bodyStart) }
        overwriteLength(length, endingAt: lengthEnd, in: &out)
    }

    private var acceptsGzip: Bool { request?.acceptsGzip ?? false }

    /// Puts the packed body in place of the plain one, if it is smaller. Returns where the body begins.
    private func compress(from bodyStart: Int, fieldsEnd: Int, in out: inout ByteBuffer) -> Int {
        var packed = ByteBuffer()
        let isSmaller = out.withUnsafeBytes {
            shared.gzip.compress(UnsafeRawBufferPointer(rebasing: $0[bodyStart...]), into: &packed)
        }
        guard isSmaller else { return bodyStart }
        shared.metrics.compressed &+= 1
        out.truncate(to: fieldsEnd)
        out.append("content-encoding: gzip\r\n\r\n")
        let packedStart = out.count
        packed.withUnsafeBytes { out.append($0) }
        return packedStart
    }

    private func overwriteLength(_ length: Int, endingAt end: Int, in out: inout ByteBuffer) {
        precondition(length < 10_000_000_000, "a body in memory has fewer bytes than that")
        withUnsafeTemporaryAllocation(byteCount: 10, alignment: 1) { digits in
            var (rest, first) = (length, 10)
            repeat {
                first -= 1
                digits[first] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
                rest /= 10
            } while rest > 0
            out.overwrite(at: end - (10 - first), with: UnsafeRawBufferPointer(rebasing: digits[first...]))
        }
    }

    /// Sends the head of a response whose body follows bit by bit. False when it is too late for that.
    func begin(_ status: HTTPStatus, _ fields: HTTPFields, length: Int?) -> Bool {
        guard case .owed = output else { return false }
        let framing: HTTPBodyFraming
        if status.isBodiless || request?.method == .head {
            framing = .none
        } else if let length {
            framing = .length(left: length)
        } else if request?.minorVersion == 0 {
            framing = .untilClose
            isKeptAlive = false
        } else {
            framing = .chunked
        }
        self.status = status
        bodyBytes = 0
        stream.write { out in
            appendHead(status, fields, to: &out)
            if !status.isBodiless {
                if let length {
                    out.append("content-length: ")
                    out.append(decimal: length)
                    out.append("\r\n")
                } else if request?.minorVersion != 0 {
                    out.append("transfer-encoding: chunked\r\n")
                }
            }
            out.append("\r\n")
        }
        output = .streaming(framing)
        return true
    }

    /// Status line, date, the handler's fields, and what the connection will do next.
    private func appendHead(
        _ status: HTTPStatus,
        _ fields: HTTPFields,
        number: UInt64? = nil,
        to out: inout ByteBuffer
    ) {
        if status == .ok {
            out.append("HTTP/1.1 200 OK\r\n")
        } else {
            out.append("HTTP/1.1 ")
            out.append(decimal: Int(status.code))
            out.append(" ")
            out.append(status.reason)
            out.append("\r\n")
        }
        shared.refreshDate()
        shared.date.bytes.withUnsafeBytes { out.append($0) }
        if let number {
            out.append("x-request-id: ")
            RequestNumbers.append(number, to: &out)
            out.append("\r\n")
        } else {
            appendRequestID(to: &out)
        }
        out.append(fields.bytes)
        let isClosing = !isKeptAlive || isDraining
        if status == .upgradeRequired {
            out.append(isClosing ? "connection: upgrade, close\r\n" : "connection: upgrade\r\n")
        } else if isClosing {
            out.append("connection: close\r\n")
        } else if request?.minorVersion == 0 {
            out.append("connection: keep-alive\r\n")
        }
    }

    /// A refusal says what it is, and nothing of what was sent.
    func sendRefusal(_ violation: HTTPViolation) {
        let status = violation.status
        // A head that could not be understood has no id of its own.
        let number = request == nil && shared.configuration.identifiesRequests ? shared.numbers.next() : nil
        stream.write { out in
            appendHead(status, HTTPFields.none, number: number, to: &out)
            out.append("content-length: 0\r\n\r\n")
        }
        bodyBytes = 0
        record(status, violation, number: number)
        output = .complete
        closeAfterResponse()
    }

    var isInputComplete: Bool { if case .complete = input { true } else { false } }

    /// The response is queued: on to the next request, unless this one still sends its body.
    func complete(_ status: HTTPStatus) {
        record(status, nil)
        output = .complete
        if isInputComplete {
            finishExchange()
        } else if !isKeptAlive {
            closeAfterResponse()
        }
    }

    private func record(_ status: HTTPStatus, _ violation: HTTPViolation?, number: UInt64? = nil) {
        shared.metrics.countResponse(status)
        guard shared.needsTime else { return }
        let time = EventLoop.monotonicTime() &- startTime
        if shared.configuration.measuresDurations { shared.metrics.durations.add(nanoseconds: time) }
        guard let log = shared.configuration.accessLog else { return }
        log(
            HTTPAccessRecord(
                request: request,
                peer: stream.peer,
                id: shared.configuration.identifiesRequests ? request?.id ?? number.map(RequestNumbers.text) : nil,
                status: status,
                violation: violation,
                bodyBytes: bodyBytes,
                nanoseconds: time
            )
        )
    }

    /// Gives the stream to another protocol, behind a 101 with these fields.
    func upgrade(_ fields: HTTPFields, to makeHandler: (StreamConnection) -> any StreamHandler) {
        guard case .owed = output, isInputComplete else { return }
        stream.write { out in
            appendUpgradeHead(fields, to: &out)
        }
        record(.switchingProtocols, nil)
        shared.metrics.upgrades &+= 1
        shared.metrics.openConnections -= 1
        timer?.cancel()
        timer = nil
        input = .over
        output = .complete
        exchange &+= 1
        recycleRequest()
        // Whoever takes the stream over is told what becomes of it; nobody tells this connection any more.
        forgetAnswering()
        let handler = makeHandler(stream)
        stream.replaceHandler(handler)
        // The stream was told while it spoke HTTP.
        if isDraining { handler.drain(on: stream) }
        if isConsuming {
            successor = handler
        } else if !early.isEmpty {
            var bytes = ByteBuffer()
            swap(&bytes, &early)
            bytes.withUnsafeMutableBytes { handler.received($0, on: stream) }
        }
        stream.resumeReading()
    }

    private func appendUpgradeHead(_ fields: HTTPFields, to out: inout ByteBuffer) {
        out.append("HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\n")
        shared.refreshDate()
        shared.date.bytes.withUnsafeBytes { out.append($0) }
        appendRequestID(to: &out)
        out.append(fields.bytes)
        out.append("\r\n")
    }

    private func appendRequestID(to out: inout ByteBuffer) {
        if shared.configuration.identifiesRequests, let request { request.appendID(to: &out) }
    }
}
