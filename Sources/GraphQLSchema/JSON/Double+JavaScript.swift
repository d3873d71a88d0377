extension Double {
    /// The number as JavaScript prints it: the shortest digits that read back as the same number, without an exponent
    /// up to 10^21 and down to 10^-6. https://tc39.es/ecma262/#sec-numeric-types-number-tostring
    public var javaScriptText: String {
        guard isFinite else { return isNaN ? "NaN" : (self < 0 ? "-Infinity" : "Infinity") }
        var bytes: [UInt8] = []
        appendJavaScriptText(to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Appends the text of a finite number.
    func appendJavaScriptText(to bytes: inout [UInt8]) {
        if let integer = Int(exactly: self), integer.magnitude < 1 << 53 {
            bytes.append(contentsOf: String(integer).utf8)
            return
        }
        if self < 0 { bytes.append(UInt8(ascii: "-")) }
        let (digits, point) = decimalDigits
        let zero = UInt8(ascii: "0")
        switch point {
        case -5...0:
            bytes.append(contentsOf: "0.".utf8)
            bytes.append(contentsOf: repeatElement(zero, count: -point))
            bytes.append(contentsOf: digits)
        case 1...21:
            bytes.append(contentsOf: digits.prefix(point))
            bytes.append(contentsOf: repeatElement(zero, count: max(0, point - digits.count)))
            if digits.count > point {
                bytes.append(UInt8(ascii: "."))
                bytes.append(contentsOf: digits.dropFirst(point))
            }
        default:
            bytes.append(digits[0])
            if digits.count > 1 {
                bytes.append(UInt8(ascii: "."))
                bytes.append(contentsOf: digits.dropFirst())
            }
            bytes.append(contentsOf: (point > 0 ? "e+" : "e").utf8)
            bytes.append(contentsOf: String(point - 1).utf8)
        }
    }

    /// The shortest digits of the magnitude and where the point is: it is 0.digits times ten to the power of `point`.
    private var decimalDigits: (digits: [UInt8], point: Int) {
        // Swift finds the same shortest digits; only where the point and the exponent go differs.
        let text = magnitude.description.utf8
        let mark = text.firstIndex(of: UInt8(ascii: "e")) ?? text.endIndex
        var exponent = 0
        if mark < text.endIndex { exponent = Int(Substring(text[mark...].dropFirst())) ?? 0 }
        let mantissa = text[..<mark]
        let dot = mantissa.firstIndex(of: UInt8(ascii: ".")) ?? mantissa.endIndex
        let all = mantissa.filter { $0 != UInt8(ascii: ".") }
        let digits = all.drop { $0 == UInt8(ascii: "0") }
        let point = mantissa.distance(from: mantissa.startIndex, to: dot) - (all.count - digits.count) + exponent
        let trailing = digits.reversed().prefix { $0 == UInt8(ascii: "0") }.count
        return (Array(digits.dropLast(trailing)), point)
    }
}
