/// `chunked-body` of RFC 9112 section 7.1, byte by byte but for the data. Extensions and trailers are ignored.
struct ChunkedBody: Equatable {
    enum Step {
        case needMore
        case data(Range<Int>)
        case end
        case violation(HTTPViolation)
    }

    enum State: Equatable {
        /// In the digits. → `extension` by `;`, → `sizeEnd` by CR.
        case size(digits: Int)
        /// Behind the `;`. → `sizeEnd` by CR.
        case `extension`
        /// Behind the CR of the size line. → `data`, or `trailerStart` when the size was 0.
        case sizeEnd
        /// In the data. → `dataCR` when all of it is there.
        case data(left: Int)
        /// Where CR must follow the data. → `dataLF`.
        case dataCR
        /// → `size` of the next chunk.
        case dataLF
        /// At the start of a trailer line. → `lastLF` by CR, → `trailerName` by a token.
        case trailerStart
        /// → `trailerValue` by the colon.
        case trailerName
        /// → `trailerLF` by CR.
        case trailerValue
        /// → `trailerStart`.
        case trailerLF
        /// Behind the CR of the empty line. LF ends the body.
        case lastLF
    }

    private(set) var state = State.size(digits: 0)
    private var size = 0
    private var total = 0
    private var extensionBytes = 0
    private var trailerBytes = 0

    mutating func next(
        _ input: UnsafeRawBufferPointer,
        _ position: inout Int,
        limits: HTTPServerConfiguration,
        maximumBody: Int
    ) -> Step {
        while position < input.count {
            if case .data(let left) = state {
                let range = position..<position + min(left, input.count - position)
                position = range.upperBound
                state = range.count == left ? .dataCR : .data(left: left - range.count)
                return .data(range)
            }
            let byte = input[position]
            position += 1
            if state == .lastLF, byte == 0x0a { return .end }
            if let violation = step(byte, limits, maximumBody) { return .violation(violation) }
        }
        return .needMore
    }

    private mutating func step(_ byte: UInt8, _ limits: HTTPServerConfiguration, _ maximumBody: Int) -> HTTPViolation? {
        switch state {
        case .size(let digits): return sizeByte(byte, digits)
        case .extension:
            extensionBytes += 1
            if extensionBytes > limits.maximumChunkExtensions { return .chunkExtensionsTooLong }
            if byte == 0x0d { state = .sizeEnd } else if HTTPCharacter.isControl(byte) { return .badChunkExtension }
        case .sizeEnd:
            guard byte == 0x0a else { return .badChunkSize }
            guard size <= maximumBody - total else { return .bodyTooLarge }
            total += size
            state = size == 0 ? .trailerStart : .data(left: size)
        case .dataCR:
            guard byte == 0x0d else { return .badChunkEnd }
            state = .dataLF
        case .dataLF:
            guard byte == 0x0a else { return .badChunkEnd }
            state = .size(digits: 0)
            size = 0
        case .trailerStart, .trailerName, .trailerValue, .trailerLF, .lastLF:
            trailerBytes += 1
            if trailerBytes > limits.maximumTrailers { return .trailersTooLarge }
            return trailerByte(byte)
        case .data: break
        }
        return nil
    }

    /// Digits, then at once `;` or CR: blanks before either are read differently by others, and refused.
    private mutating func sizeByte(_ byte: UInt8, _ digits: Int) -> HTTPViolation? {
        if let digit = HTTPCharacter.hexadecimal(byte) {
            guard digits < 15 else { return .badChunkSize }
            size = size << 4 | digit
            state = .size(digits: digits + 1)
            return nil
        }
        guard digits > 0 else { return .badChunkSize }
        switch byte {
        case UInt8(ascii: ";"): state = .extension
        case 0x0d: state = .sizeEnd
        default: return .badChunkSize
        }
        return nil
    }

    private mutating func trailerByte(_ byte: UInt8) -> HTTPViolation? {
        switch state {
        case .trailerStart where byte == 0x0d: state = .lastLF
        case .trailerStart where HTTPCharacter.isToken(byte): state = .trailerName
        case .trailerName where byte == UInt8(ascii: ":"): state = .trailerValue
        case .trailerName where HTTPCharacter.isToken(byte): break
        case .trailerValue where byte == 0x0d: state = .trailerLF
        case .trailerValue where !HTTPCharacter.isControl(byte): break
        case .trailerLF where byte == 0x0a: state = .trailerStart
        default: return .badTrailer
        }
        return nil
    }
}
