import EventLoop
import Glibc

/// HTTP/1.1 requests by RFC 9112, as a state machine over bytes: no sockets, no clocks, no allocation of its own.
///
/// `next` takes input as it comes, split anywhere, and says what it means. Whatever two recipients could read
/// differently is refused (`HTTPViolation`), because that is what request smuggling is made of.
struct HTTPRequestParser {
    enum Event {
        /// All input is used up and more is needed.
        case needMore
        /// A head is complete. When its framing is `.none` the next request follows, else `.body` and `.end` do.
        case head(HTTPRequest)
        /// This part of the input is body.
        case body(Range<Int>)
        /// The body is complete; the next request follows.
        case end
        /// The request is refused, and nothing after it can be understood.
        case violation(HTTPViolation)
    }

    enum State: Equatable {
        /// Between requests. → `requestLine` by the first byte; one empty line is skipped (RFC 9112 section 2.2).
        case idle
        /// In the request line. → `fields` at its end.
        case requestLine
        /// In the fields. → `idle`, `body` or a chunk state at the empty line, by the framing.
        case fields
        /// In a body of known length. → `idle` at its end.
        case body(left: Int)
        /// In a body of chunks. → `idle` behind the trailers.
        case chunked(ChunkedBody)
        /// After a violation. Final.
        case failed
    }

    let limits: HTTPServerConfiguration
    /// Bytes the current body may have; set by the shell when it has seen the head.
    var maximumBody: Int
    private(set) var state = State.idle
    var request: HTTPRequest?
    /// Where the current line begins in the request's bytes.
    private var lineStart = 0
    private var hasSkippedLine = false
    var framing = FramingFields()

    init(_ limits: HTTPServerConfiguration) {
        self.limits = limits
        maximumBody = limits.maximumBody
    }

    /// Reads on from `position`, which moves behind what was understood.
    mutating func next(_ input: UnsafeRawBufferPointer, _ position: inout Int, pool: HTTPRequestPool) -> Event {
        while true {
            switch state {
            case .idle:
                guard position < input.count else { return .needMore }
                request = pool.take()
                lineStart = 0
                framing = FramingFields()
                state = .requestLine
            case .requestLine, .fields:
                guard let request else { return fail(.malformedRequestLine) }
                switch gatherLine(input, &position, into: request) {
                case .incomplete: return .needMore
                case .complete: if let event = readLine(request) { return event }
                case .violation(let violation): return fail(violation)
                }
            case .body(let left):
                if left == 0 { return finish() }
                guard position < input.count else { return .needMore }
                let range = position..<position + min(left, input.count - position)
                position = range.upperBound
                state = .body(left: left - range.count)
                return .body(range)
            case .chunked(var body):
                let step = body.next(input, &position, limits: limits, maximumBody: maximumBody)
                state = .chunked(body)
                switch step {
                case .needMore: return .needMore
                case .data(let range): return .body(range)
                case .end: return finish()
                case .violation(let violation): return fail(violation)
                }
            case .failed:
                return .needMore
            }
        }
    }

    private enum Line {
        case incomplete
        case complete
        case violation(HTTPViolation)
    }

    /// Moves input up to a line end into the request's bytes, without the line end.
    private mutating func gatherLine(
        _ input: UnsafeRawBufferPointer,
        _ position: inout Int,
        into request: HTTPRequest
    ) -> Line {
        let rest = UnsafeRawBufferPointer(rebasing: input[position...])
        guard let start = rest.baseAddress, rest.count > 0 else { return .incomplete }
        let isFirst = state == .requestLine
        let limit = isFirst ? limits.maximumRequestLine : limits.maximumFieldLine
        let lineFeed = memchr(start, 0x0a, rest.count).map { UnsafeRawPointer($0) - start }
        // One byte beyond the limit may be the carriage return; more cannot be.
        let room = limit + 2 - (request.bytes.count - lineStart)
        // Which limit is exceeded first must not depend on how the input was split.
        let headRoom = limits.maximumHead + 1 - request.bytes.count
        let taken = min(lineFeed ?? rest.count, room, headRoom)
        request.bytes.append(UnsafeRawBufferPointer(start: start, count: taken))
        position += taken
        let gathered = request.bytes.count - lineStart
        let tooLong = Line.violation(isFirst ? .requestLineTooLong : .fieldTooLong)
        if gathered > limit + 1 { return tooLong }
        if request.bytes.count > limits.maximumHead { return .violation(.headTooLarge) }
        guard lineFeed == taken else { return .incomplete }
        position += 1
        guard gathered > 0, request.bytes[request.bytes.count - 1] == 0x0d else {
            return .violation(.bareLineFeed)
        }
        if gathered - 1 > limit { return tooLong }
        request.bytes.truncate(to: request.bytes.count - 1)
        return .complete
    }

    /// Reads the line just gathered; an event ends the head.
    private mutating func readLine(_ request: HTTPRequest) -> Event? {
        let line = lineStart..<request.bytes.count
        if state == .requestLine {
            if line.isEmpty, !hasSkippedLine {
                hasSkippedLine = true
                return nil
            }
            if let violation = HTTPRequestLine.read(line, of: request) { return fail(violation) }
            state = .fields
            lineStart = request.bytes.count
            return nil
        }
        guard line.isEmpty else {
            if request.fields.count == limits.maximumFields { return fail(.tooManyFields) }
            if let violation = HTTPFieldLine.read(line, of: request, noting: &framing) { return fail(violation) }
            lineStart = request.bytes.count
            return nil
        }
        if let violation = framing.settle(request) { return fail(violation) }
        switch request.framing {
        case .none: _ = finish()
        case .length(let length): state = .body(left: length)
        case .chunked: state = .chunked(ChunkedBody())
        }
        self.request = nil
        return .head(request)
    }

    private mutating func finish() -> Event {
        state = .idle
        hasSkippedLine = false
        maximumBody = limits.maximumBody
        return .end
    }

    private mutating func fail(_ violation: HTTPViolation) -> Event {
        state = .failed
        return .violation(violation)
    }
}
