/// The bytes of a response, written once: growing raw memory with the JSON writers generated code calls.
///
/// A raw buffer because it is the hottest object of the engine: an array checks its uniqueness and its bounds on every
/// byte. All writes go through ``reserve(_:)``, which is the only place that decides whether there is room.
public struct ResponseBuffer: ~Copyable {
    @usableFromInline var base: UnsafeMutablePointer<UInt8>
    @usableFromInline var capacity: Int
    public private(set) var count: Int

    public init(capacity: Int = 512) {
        self.capacity = max(capacity, 64)
        base = .allocate(capacity: self.capacity)
        count = 0
    }

    deinit { base.deallocate() }

    /// Makes room for so many more bytes and returns where they go.
    @inline(__always)
    private mutating func reserve(_ length: Int) -> UnsafeMutablePointer<UInt8> {
        if capacity - count < length { grow(by: length) }
        return base + count
    }

    @inline(never)
    private mutating func grow(by length: Int) {
        let larger = max(capacity * 2, count + length)
        let memory = UnsafeMutablePointer<UInt8>.allocate(capacity: larger)
        memory.update(from: base, count: count)
        base.deallocate()
        base = memory
        capacity = larger
    }

    /// Forgets everything written behind a position.
    mutating func truncate(to position: Int) {
        count = min(count, position)
    }

    mutating func removeAll() { count = 0 }

    public func withBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        try body(UnsafeRawBufferPointer(start: base, count: count))
    }

    public func bytes() -> [UInt8] {
        Array(UnsafeBufferPointer(start: base, count: count))
    }

    func bytes(from start: Int) -> [UInt8] {
        Array(UnsafeBufferPointer(start: base + start, count: count - start))
    }

    // MARK: Raw bytes

    public mutating func write(byte: UInt8) {
        reserve(1).pointee = byte
        count += 1
    }

    public mutating func write(raw bytes: UnsafeRawBufferPointer) {
        guard let source = bytes.baseAddress else { return }
        UnsafeMutableRawPointer(reserve(bytes.count)).copyMemory(from: source, byteCount: bytes.count)
        count += bytes.count
    }

    public mutating func write(raw bytes: [UInt8]) {
        bytes.withUnsafeBytes { write(raw: $0) }
    }

    public mutating func write(raw text: StaticString) {
        write(raw: UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    // MARK: JSON

    public mutating func writeNull() { write(raw: "null") }

    public mutating func write(_ value: Bool) {
        if value { write(raw: "true") } else { write(raw: "false") }
    }

    public mutating func write(_ value: Int) {
        if value < 0 { write(byte: UInt8(ascii: "-")) }
        var rest = value.magnitude
        let length = Self.digitCount(rest)
        let target = reserve(length)
        var index = length
        repeat {
            index -= 1
            let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 10)
            target[index] = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: digit)
            rest = quotient
        } while rest > 0
        count += length
    }

    /// A finite number, the shortest text that reads back as the same one; whole numbers without a fraction.
    public mutating func write(_ value: Double) {
        if value == value.rounded(.towardZero), abs(value) < 0x1p53 {
            // Minus zero is written as zero, as JSON.stringify does.
            write(Int(value))
        } else if !writeDecimal(value) {
            var text = value.description
            text.withUTF8 { write(raw: UnsafeRawBufferPointer($0)) }
        }
    }

    /// Writes a number of few digits behind the point, as most are; says whether it was one.
    ///
    /// A decimal of at most 15 digits that reads back as the number is the shortest there is, so it is the same text
    /// that the general algorithm finds.
    private mutating func writeDecimal(_ value: Double) -> Bool {
        guard abs(value) < 1e10, abs(value) >= 1e-3 else { return false }
        var scale = 10.0
        for digits in 1...4 {
            let scaled = (value * scale).rounded()
            if scaled / scale == value {
                if scaled < 0 { write(byte: UInt8(ascii: "-")) }
                let (whole, fraction) = Int(abs(scaled)).quotientAndRemainder(dividingBy: Int(scale))
                write(whole)
                write(byte: UInt8(ascii: "."))
                let target = reserve(digits)
                var rest = fraction
                for index in stride(from: digits - 1, through: 0, by: -1) {
                    target[index] = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: rest % 10)
                    rest /= 10
                }
                count += digits
                return true
            }
            scale *= 10
        }
        return false
    }

    private static func digitCount(_ value: UInt) -> Int {
        var count = 1
        var limit: UInt = 10
        while value >= limit {
            count += 1
            let (next, overflow) = limit.multipliedReportingOverflow(by: 10)
            if overflow { break }
            limit = next
        }
        return count
    }

    /// A string in quotes, with the escapes JSON demands.
    public mutating func write(_ value: String) {
        let done: Void? = value.utf8.withContiguousStorageIfAvailable { write(escaping: $0) }
        if done == nil {
            var copy = value
            copy.withUTF8 { write(escaping: $0) }
        }
    }

    /// UTF-8 text in quotes; the caller vouches for its being well-formed.
    public mutating func write(escaping text: UnsafeBufferPointer<UInt8>) {
        // The worst case is six bytes for one; room for all of it at once keeps the loop free of checks. Long texts are
        // looked through first, so that they do not sextuple the buffer for nothing.
        let worst = text.count > 1_024 ? text.count + 5 * text.count(where: Self.needsEscape) : text.count * 6
        let target = reserve(worst + 2)
        var out = target
        out.pointee = UInt8(ascii: "\"")
        out += 1
        var index = 0
        let length = text.count
        if let source = text.baseAddress {
            while index + 8 <= length {
                let word = UnsafeRawPointer(source + index).loadUnaligned(as: UInt64.self)
                if Self.hasByteToEscape(word) {
                    for offset in index..<(index + 8) { Self.escape(source[offset], to: &out) }
                } else {
                    UnsafeMutableRawPointer(out).storeBytes(of: word, as: UInt64.self)
                    out += 8
                }
                index += 8
            }
            while index < length {
                Self.escape(source[index], to: &out)
                index += 1
            }
        }
        out.pointee = UInt8(ascii: "\"")
        out += 1
        count += out - target
    }

    private static func needsEscape(_ byte: UInt8) -> Bool { byte < 0x20 || byte == 0x22 || byte == 0x5C }

    /// Whether any of eight bytes is a quote, a backslash or a control character.
    @inline(__always)
    private static func hasByteToEscape(_ word: UInt64) -> Bool {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let highs: UInt64 = 0x8080_8080_8080_8080
        let quote = word ^ (ones &* 0x22)
        let backslash = word ^ (ones &* 0x5C)
        let found = (quote &- ones) & ~quote | (backslash &- ones) & ~backslash | (word &- ones &* 0x20) & ~word
        return found & highs != 0
    }

    @inline(__always)
    private static func escape(_ byte: UInt8, to out: inout UnsafeMutablePointer<UInt8>) {
        if byte >= 0x20, byte != 0x22, byte != 0x5C {
            out.pointee = byte
            out += 1
        } else {
            escapeRare(byte, to: &out)
        }
    }

    @inline(never)
    private static func escapeRare(_ byte: UInt8, to out: inout UnsafeMutablePointer<UInt8>) {
        out[0] = UInt8(ascii: "\\")
        let short: UInt8? =
            switch byte {
            case 0x22: UInt8(ascii: "\"")
            case 0x5C: UInt8(ascii: "\\")
            case 0x08: UInt8(ascii: "b")
            case 0x0C: UInt8(ascii: "f")
            case 0x0A: UInt8(ascii: "n")
            case 0x0D: UInt8(ascii: "r")
            case 0x09: UInt8(ascii: "t")
            default: nil
            }
        if let short {
            out[1] = short
            out += 2
            return
        }
        let digits: StaticString = "0123456789abcdef"
        out[1] = UInt8(ascii: "u")
        out[2] = UInt8(ascii: "0")
        out[3] = UInt8(ascii: "0")
        out[4] = digits.utf8Start[Int(byte >> 4)]
        out[5] = digits.utf8Start[Int(byte & 15)]
        out += 6
    }
}
