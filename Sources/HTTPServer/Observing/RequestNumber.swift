import EventLoop

/// Ids of requests: the client's own `X-Request-Id` when it is harmless, else a number that no other request has.
struct RequestNumbers {
    private var state = UInt64.random(in: .min ... .max)

    /// Steps of an odd constant visit every number once; mixed, they tell nothing of each other.
    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }

    /// Ids that can stand in any log and any header: 1 to 128 letters, digits and a few signs.
    static func isHarmless(_ id: UnsafeRawBufferPointer) -> Bool {
        (1...128).contains(id.count)
            && id.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"):
                    true
                default: "-_.:/+=@".utf8.contains(byte)
                }
            }
    }

    static func append(_ number: UInt64, to out: inout ByteBuffer) {
        for digit in 0..<16 { out.append(hexadecimal(number, digit)) }
    }

    static func text(_ number: UInt64) -> String {
        String(decoding: (0..<16).map { hexadecimal(number, $0) }, as: UTF8.self)
    }

    private static func hexadecimal(_ number: UInt64, _ digit: Int) -> UInt8 {
        let value = UInt8(truncatingIfNeeded: (number >> (60 - 4 * UInt64(digit))) & 15)
        return value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
    }
}

extension HTTPRequest {
    /// The request's id: the client's `X-Request-Id`, or 16 hexadecimal digits. Answered as `X-Request-Id` and logged,
    /// where `HTTPServerConfiguration.identifiesRequests` is set.
    public var id: String { idSlice.map { view($0).string } ?? RequestNumbers.text(number) }

    func identify(_ numbers: inout RequestNumbers) {
        number = numbers.next()
        guard let place = place(of: "x-request-id") else { return }
        let value = fields[place].value
        if view(value).withUnsafeBytes(RequestNumbers.isHarmless) { idSlice = value }
    }

    func appendID(to out: inout ByteBuffer) {
        out.append("x-request-id: ")
        if let idSlice {
            view(idSlice).withUnsafeBytes { out.append($0) }
        } else {
            RequestNumbers.append(number, to: &out)
        }
        out.append("\r\n")
    }
}
