/// Numbers as JSON.
extension ResponseBuffer {
    public mutating func write(_ value: Int) {
        // The longest has a sign and 19 digits.
        let start = reserve(20)
        var target = start
        var rest = value.magnitude
        if value < 0 {
            target.pointee = UInt8(ascii: "-")
            target += 1
        }
        let digits = Self.digitCount(rest)
        Self.write(&rest, digits: digits, to: target)
        length += target - start + digits
    }

    /// A finite number, the shortest text that reads back as the same one; whole numbers without a fraction.
    public mutating func write(_ value: Double) {
        if value.magnitude < 0x1p53 {
            let whole = Int(value)
            // Minus zero is written as zero, as JSON.stringify does.
            if Double(whole) == value { return write(whole) }
            if writeDecimal(value) { return }
        }
        var text = value.description
        text.withUTF8 { write(raw: UnsafeRawBufferPointer($0)) }
    }

    /// Writes a number of few digits behind the point, as most are; says whether it was one.
    ///
    /// A decimal of at most 15 digits that reads back as the number is the shortest there is, so it is the same text
    /// that the general algorithm finds.
    private mutating func writeDecimal(_ value: Double) -> Bool {
        let magnitude = value.magnitude
        guard magnitude < 1e10, magnitude >= 1e-3 else { return false }
        var scale = 10.0
        for digits in 1...4 {
            let scaled = Int(magnitude * scale + 0.5)
            if Double(scaled) / scale == magnitude {
                writeDecimal(scaled.magnitude, digits: digits, isNegative: value < 0)
                return true
            }
            scale *= 10
        }
        return false
    }

    /// - Parameter digits: how many digits stand behind the point.
    private mutating func writeDecimal(_ scaled: UInt, digits: Int, isNegative: Bool) {
        let start = reserve(32)
        var target = start
        if isNegative {
            target.pointee = UInt8(ascii: "-")
            target += 1
        }
        let divisor: UInt =
            switch digits {
            case 1: 10
            case 2: 100
            case 3: 1_000
            default: 10_000
            }
        var (whole, fraction) = scaled.quotientAndRemainder(dividingBy: divisor)
        let wholeDigits = Self.digitCount(whole)
        Self.write(&whole, digits: wholeDigits, to: target)
        target += wholeDigits
        target.pointee = UInt8(ascii: ".")
        Self.write(&fraction, digits: digits, to: target + 1)
        length += target - start + 1 + digits
    }

    /// Writes the last digits of a number, two at a time, zeros in front where it has fewer.
    @inline(__always)
    private static func write(_ rest: inout UInt, digits: Int, to target: UnsafeMutablePointer<UInt8>) {
        var index = digits
        while index >= 2 {
            let (quotient, pair) = rest.quotientAndRemainder(dividingBy: 100)
            index -= 2
            let digits = UnsafeRawPointer(pairs.utf8Start).loadUnaligned(
                fromByteOffset: Int(bitPattern: pair) * 2,
                as: UInt16.self
            )
            UnsafeMutableRawPointer(target).storeBytes(of: digits, toByteOffset: index, as: UInt16.self)
            rest = quotient
        }
        if index == 1 { target.pointee = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: rest % 10) }
    }

    /// All numbers of two digits.
    private static var pairs: StaticString {
        """
        0001020304050607080910111213141516171819\
        2021222324252627282930313233343536373839\
        4041424344454647484950515253545556575859\
        6061626364656667686970717273747576777879\
        8081828384858687888990919293949596979899
        """
    }

    @inline(__always)
    private static func digitCount(_ value: UInt) -> Int {
        if value < 10 { return 1 }
        if value < 100 { return 2 }
        var count = 3
        var limit: UInt = 1_000
        while value >= limit {
            count += 1
            let (next, overflow) = limit.multipliedReportingOverflow(by: 10)
            if overflow { break }
            limit = next
        }
        return count
    }
}
