/// A universally unique identifier: RFC 9562.
public struct UUID: PostgresEncodable, PostgresDecodable, Hashable, Comparable, CustomStringConvertible {
    public let high: UInt64
    public let low: UInt64

    @inlinable public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// Version 7: ordered by time, so that new rows stand beside each other in an index.
    public init(milliseconds: UInt64, random: inout some RandomNumberGenerator) {
        high = milliseconds << 16 | 0x7000 | random.next() & 0x0fff
        low = 0x8000_0000_0000_0000 | random.next() & 0x3fff_ffff_ffff_ffff
    }

    /// From the 36 characters of its usual form, in either case.
    public init?(_ text: String) {
        var words: (UInt64, UInt64) = (0, 0)
        var count = 0
        for (position, byte) in text.utf8.enumerated() {
            if position == 8 || position == 13 || position == 18 || position == 23 {
                guard byte == UInt8(ascii: "-") else { return nil }
                continue
            }
            let digit: UInt8
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = byte - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = byte - UInt8(ascii: "a") + 10
            case UInt8(ascii: "A")...UInt8(ascii: "F"): digit = byte - UInt8(ascii: "A") + 10
            default: return nil
            }
            if count < 16 { words.0 = words.0 << 4 | UInt64(digit) } else { words.1 = words.1 << 4 | UInt64(digit) }
            count += 1
            if count > 32 { return nil }
        }
        guard count == 32, text.utf8.count == 36 else { return nil }
        self.init(high: words.0, low: words.1)
    }

    public var description: String {
        String(unsafeUninitializedCapacity: 36) { text in
            var position = 0
            for index in 0..<32 {
                if index == 8 || index == 12 || index == 16 || index == 20 {
                    text[position] = UInt8(ascii: "-")
                    position += 1
                }
                let word = index < 16 ? high : low
                let digit = UInt8(truncatingIfNeeded: word >> UInt64((15 - index & 15) * 4)) & 15
                text[position] = digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10
                position += 1
            }
            return 36
        }
    }

    @inlinable public static func < (one: UUID, other: UUID) -> Bool {
        one.high != other.high ? one.high < other.high : one.low < other.low
    }

    @inlinable public static var parameterType: PostgresType { .uuid }
    @inlinable public func encode(into buffer: inout ParameterBuffer) {
        buffer.append(high)
        buffer.append(low)
    }
    @inlinable public static func accepts(_ type: PostgresType) -> Bool { type == .uuid }
    @inlinable public init?(cell: UnsafeRawBufferPointer) {
        guard cell.count == 16 else { return nil }
        high = cell.bigEndian(as: UInt64.self)
        low = cell.bigEndian(8, as: UInt64.self)
    }
    @inlinable public static var blank: UUID { UUID(high: 0, low: 0) }
}
