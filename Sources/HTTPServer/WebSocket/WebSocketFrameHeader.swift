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

    /// How many bytes the header has, by what of it is known; at least two.
    static func size(_ bytes: borrowing InlineArray<14, UInt8>, count: Int) -> Int {
        guard count >= 2 else { return 2 }
        let base =
            switch bytes[1] & 0x7f {
            case 126: 4
            case 127: 10
            default: 2
            }
        return bytes[1] & 0x80 == 0 ? base : base + 4
    }

    /// Reads a complete header, or says which rule it breaks.
    static func read(
        _ bytes: borrowing InlineArray<14, UInt8>,
        allowsCompression: Bool
    ) -> Result<WebSocketFrameHeader, Refusal> {
        var header = WebSocketFrameHeader()
        guard let opcode = Opcode(rawValue: bytes[0] & 0x0f) else { return .failure(Refusal(.unknownOpcode)) }
        header.opcode = opcode
        header.isFinal = bytes[0] & 0x80 != 0
        header.isCompressed = bytes[0] & 0x40 != 0
        // RSV1 marks the first frame of a compressed message, and nothing else; RSV2 and RSV3 nothing at all.
        let mayCompress = allowsCompression && (opcode == .text || opcode == .binary)
        if bytes[0] & 0x30 != 0 || header.isCompressed && !mayCompress { return .failure(Refusal(.reservedBits)) }
        if opcode.isControl, !header.isFinal { return .failure(Refusal(.fragmentedControl)) }
        guard bytes[1] & 0x80 != 0 else { return .failure(Refusal(.unmaskedFrame)) }
        var next = 2
        var length = UInt64(bytes[1] & 0x7f)
        if length >= 126 {
            let digits = length == 126 ? 2 : 8
            length = 0
            for _ in 0..<digits {
                length = length << 8 | UInt64(bytes[next])
                next += 1
            }
            let isMinimal = digits == 2 ? length >= 126 : length >= 65_536
            guard isMinimal, length <= UInt64(Int.max) else { return .failure(Refusal(.lengthNotMinimal)) }
        }
        if opcode.isControl, length > 125 { return .failure(Refusal(.controlTooLong)) }
        header.length = Int(length)
        for index in 0..<4 { header.mask |= UInt32(bytes[next + index]) << UInt32(8 * index) }
        return .success(header)
    }

    struct Refusal: Error {
        let violation: WebSocketViolation
        init(_ violation: WebSocketViolation) { self.violation = violation }
    }
}
