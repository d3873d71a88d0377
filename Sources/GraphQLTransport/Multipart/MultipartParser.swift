/// `multipart/form-data` (RFC 7578, by the grammar of RFC 2046 section 5.1) as a state machine over bytes.
///
/// The input may be split anywhere; each byte is looked at once, but for the few that might begin a delimiter. No text
/// stands before the first delimiter, as no client sends any; what stands behind the last one is thrown away.
struct MultipartParser {
    enum Event: Equatable {
        /// The fields of a part, without the empty line behind them.
        case head(MultipartHead)
        /// Bytes of the part's content.
        case data(ArraySlice<UInt8>)
        case partEnd
    }

    private enum State {
        /// Before the first delimiter. → `delimiterEnd`.
        case start
        /// Behind a delimiter. → `head` by a line end, → `over` by two hyphens.
        case delimiterEnd
        /// → `content` by an empty line.
        case head
        /// → `delimiterEnd` by a delimiter.
        case content
        /// Behind the last delimiter. Final.
        case over
    }

    private let delimiter: [UInt8]
    private let maximumHead: Int
    private var state = State.start
    /// What is not dealt with yet: a head that is not complete, or what may turn out to be a delimiter.
    private var pending: [UInt8]
    /// How much of a head was searched for its end.
    private var searched = 0

    init(boundary: [UInt8], maximumHead: Int) {
        delimiter = [0x0d, 0x0a, 0x2d, 0x2d] + boundary
        self.maximumHead = maximumHead
        // The first delimiter has no line end before it; with one in place it is like all others.
        pending = [0x0d, 0x0a]
    }

    /// Takes the next bytes of the body.
    mutating func next(_ bytes: [UInt8]) throws(MultipartViolation) -> [Event] {
        var events: [Event] = []
        pending += bytes
        var position = 0
        while try step(&position, &events) {}
        pending.removeFirst(position)
        return events
    }

    /// Says that the body is over.
    func finish() throws(MultipartViolation) {
        guard case .over = state else { throw .truncated }
    }

    /// One step in `pending`, from `position`; false when more bytes are needed.
    private mutating func step(_ position: inout Int, _ events: inout [Event]) throws(MultipartViolation) -> Bool {
        switch state {
        case .start:
            let length = min(delimiter.count, pending.count)
            guard pending[..<length].elementsEqual(delimiter[..<length]) else { throw .noDelimiter }
            guard length == delimiter.count else { return false }
            position = length
            state = .delimiterEnd
        case .delimiterEnd:
            guard pending.count - position >= 2 else { return false }
            switch (pending[position], pending[position + 1]) {
            case (0x0d, 0x0a): state = .head
            case (0x2d, 0x2d): state = .over
            default: throw .badDelimiter
            }
            position += 2
            searched = 0
        case .head:
            guard let end = headEnd(from: position) else {
                // Up to three bytes may belong to the empty line already.
                guard pending.count - position <= maximumHead + 3 else { throw .headTooLarge }
                return false
            }
            guard end - position <= maximumHead else { throw .headTooLarge }
            events.append(.head(try MultipartHead(pending[position..<end])))
            position = end + 4
            state = .content
        case .content: return takeContent(&position, &events)
        case .over:
            position = pending.count
            return false
        }
        return true
    }

    /// Where the empty line begins that ends the head.
    private mutating func headEnd(from start: Int) -> Int? {
        var index = start + max(0, searched - 3)
        while index + 4 <= pending.count {
            if pending[index] == 0x0d, pending[index + 1] == 0x0a, pending[index + 2] == 0x0d,
                pending[index + 3] == 0x0a
            {
                return index
            }
            index += 1
        }
        searched = pending.count - start
        return nil
    }

    /// Passes content on, up to the delimiter or to what may become one.
    private mutating func takeContent(_ position: inout Int, _ events: inout [Event]) -> Bool {
        var candidate = position
        while let lineEnd = pending[candidate...].firstIndex(of: 0x0d) {
            let length = min(delimiter.count, pending.count - lineEnd)
            // A delimiter holds one CR, at its start, so that no byte is compared for more than one candidate.
            if pending[lineEnd..<lineEnd + length].elementsEqual(delimiter[..<length]) {
                emit(position..<lineEnd, &events)
                position = lineEnd
                guard length == delimiter.count else { return false }
                events.append(.partEnd)
                position += length
                state = .delimiterEnd
                return true
            }
            candidate = lineEnd + 1
        }
        emit(position..<pending.count, &events)
        position = pending.count
        return false
    }

    private func emit(_ range: Range<Int>, _ events: inout [Event]) {
        if !range.isEmpty { events.append(.data(pending[range])) }
    }
}

/// Why a body is no form.
enum MultipartViolation: Error, Equatable {
    /// It does not begin with the boundary its media type announces.
    case noDelimiter
    /// Something else than a line end or the final hyphens follows a boundary.
    case badDelimiter
    case headTooLarge
    /// A part's fields are malformed, or do not name it.
    case badHead
    /// The body ends before its last boundary.
    case truncated

    var message: String {
        switch self {
        case .noDelimiter: "The body does not begin with the boundary of its media type."
        case .badDelimiter: "A boundary in the body is followed by neither a line end nor \"--\"."
        case .headTooLarge: "The header of a part is too large."
        case .badHead: "The header of a part is malformed, or does not name the part."
        case .truncated: "The body ends before its last boundary."
        }
    }
}
