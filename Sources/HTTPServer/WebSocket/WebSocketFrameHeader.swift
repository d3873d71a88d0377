/// The first bytes of a frame (RFC 6455 section 5.2).
struct WebSocketFrameHeader {
    enum Opcode: UInt8 {
        case continuation = 0
        case text = 1
        case binary = 2
        case close = 8
        case ping = 9
        case pong = 10

        var isControl: Bool { rawValue >= 8 }
    }

    var opcode = Opcode.continuation
    var isFinal = false
    var isCompressed = false
    var length = 0
    /// The key in the order of memory.
    var mask: UInt32 = 0

    /// The header byte by byte, as it may arrive.
    struct Gatherer {
        private(set) var count = 0
        private var first: UInt8 = 0
        private var second: UInt8 = 0
        private var extended: UInt64 = 0
        private var mask: UInt32 = 0

        /// Bytes of the length behind the second byte.
        private var extendedSize: Int {
            switch second & 0x7f {
            case 126: 2
            case 127: 8
            default: 0
            }
        }

        /// Whether the header has all the bytes that those before them announce.
        var isComplete: Bool { count >= 2 && count == 2 + extendedSize + (second & 0x80 == 0 ? 0 : 4) }

        mutating func take(_ byte: UInt8) {
            switch count {
            case 0: first = byte
            case 1: second = byte
            case 2..<(2 + extendedSize): extended = extended << 8 | UInt64(byte)
            default: mask |= UInt32(byte) << UInt32(8 * (count - 2 - extendedSize))
            }
            count += 1
        }

        /// Reads a complete header, or says which rule it breaks.
        func read(allowsCompression: Bool) -> Result<WebSocketFrameHeader, Refusal> {
            var header = WebSocketFrameHeader()
            guard let opcode = Opcode(rawValue: first & 0x0f) else { return .failure(Refusal(.unknownOpcode)) }
            header.opcode = opcode
            header.isFinal = first & 0x80 != 0
            header.isCompressed = first & 0x40 != 0
            // RSV1 marks the first frame of a compressed message, and nothing else; RSV2 and RSV3 nothing at all.
            let mayCompress = allowsCompression && (opcode == .text || opcode == .binary)
            if first & 0x30 != 0 || header.isCompressed && !mayCompress { return .failure(Refusal(.reservedBits)) }
            if opcode.isControl, !header.isFinal { return .failure(Refusal(.fragmentedControl)) }
            guard second & 0x80 != 0 else { return .failure(Refusal(.unmaskedFrame)) }
            let isMinimal =
                switch extendedSize {
                case 2: extended >= 126
                case 8: extended >= 65_536 && extended <= UInt64(Int.max)
                default: true
                }
            guard isMinimal else { return .failure(Refusal(.lengthNotMinimal)) }
            header.length = extendedSize == 0 ? Int(second & 0x7f) : Int(extended)
            if opcode.isControl, header.length > 125 { return .failure(Refusal(.controlTooLong)) }
            header.mask = mask
            return .success(header)
        }
    }

    struct Refusal: Error {
        let violation: WebSocketViolation
        init(_ violation: WebSocketViolation) { self.violation = violation }
    }
}
