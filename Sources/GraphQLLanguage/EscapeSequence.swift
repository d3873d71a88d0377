/// One escape sequence of a quoted string: `\n`, `\u00E9`, `\uD83D\uDE00` or `\u{1F600}`.
struct EscapeSequence {
    let scalar: UnicodeScalar
    /// How many bytes the sequence takes in the text.
    let length: Int

    /// Reads the sequence whose backslash stands at an index.
    init(in bytes: [UInt8], at index: Int) throws(SyntaxError) {
        func byte(_ offset: Int) -> UInt8 { index + offset < bytes.count ? bytes[index + offset] : 0 }
        guard byte(1) == UInt8(ascii: "u") else {
            guard let scalar = Self.simple(byte(1)) else {
                throw Self.error("Invalid character escape sequence", length: 2, in: bytes, at: index)
            }
            (self.scalar, self.length) = (scalar, 2)
            return
        }
        if byte(2) == UInt8(ascii: "{") {
            (scalar, length) = try Self.variableWidth(in: bytes, at: index)
        } else {
            (scalar, length) = try Self.fixedWidth(in: bytes, at: index)
        }
    }

    private static func simple(_ byte: UInt8) -> UnicodeScalar? {
        switch byte {
        case UInt8(ascii: "\""): "\""
        case UInt8(ascii: "\\"): "\\"
        case UInt8(ascii: "/"): "/"
        case UInt8(ascii: "b"): "\u{08}"
        case UInt8(ascii: "f"): "\u{0C}"
        case UInt8(ascii: "n"): "\n"
        case UInt8(ascii: "r"): "\r"
        case UInt8(ascii: "t"): "\t"
        default: nil
        }
    }

    private static func variableWidth(
        in bytes: [UInt8],
        at index: Int
    ) throws(SyntaxError) -> (UnicodeScalar, Int) {
        var value: Int32 = 0
        var length = 3
        while length < 12 {
            let byte = index + length < bytes.count ? bytes[index + length] : 0
            length += 1
            if byte == UInt8(ascii: "}") {
                guard length >= 5, let scalar = UnicodeScalar(UInt32(bitPattern: value)) else { break }
                return (scalar, length)
            }
            guard let digit = hexDigit(byte) else { break }
            value = value << 4 | Int32(digit)
            if value < 0 { break }
        }
        throw error("Invalid Unicode escape sequence", length: length, in: bytes, at: index)
    }

    private static func fixedWidth(in bytes: [UInt8], at index: Int) throws(SyntaxError) -> (UnicodeScalar, Int) {
        if let code = codeUnit(in: bytes, at: index + 2) {
            if let scalar = UnicodeScalar(code) { return (scalar, 6) }
            if (0xD800..<0xDC00).contains(code), index + 7 < bytes.count,
                bytes[index + 6] == UInt8(ascii: "\\"), bytes[index + 7] == UInt8(ascii: "u"),
                let low = codeUnit(in: bytes, at: index + 8), (0xDC00..<0xE000).contains(low),
                let scalar = UnicodeScalar(0x10000 + (code - 0xD800) << 10 + (low - 0xDC00))
            {
                return (scalar, 12)
            }
        }
        throw error("Invalid Unicode escape sequence", length: 6, in: bytes, at: index)
    }

    private static func codeUnit(in bytes: [UInt8], at index: Int) -> UInt32? {
        guard index + 4 <= bytes.count else { return nil }
        var code: UInt32 = 0
        for offset in 0..<4 {
            guard let digit = hexDigit(bytes[index + offset]) else { return nil }
            code = code << 4 | UInt32(digit)
        }
        return code
    }

    private static func hexDigit(_ byte: UInt8) -> UInt8? {
        if byte.isDigit { return byte - UInt8(ascii: "0") }
        let letter = (byte | 0x20) &- UInt8(ascii: "a")
        return letter < 6 ? letter + 10 : nil
    }

    /// Quotes as many UTF-16 code units of the text as the sequence was read to have, but no half of a character.
    private static func error(_ reason: String, length: Int, in bytes: [UInt8], at index: Int) -> SyntaxError {
        let rest = String(decoding: bytes[index..<min(bytes.count, index + 4 * length)], as: UTF8.self)
        var excerpt = ""
        for scalar in rest.unicodeScalars where excerpt.utf16.count < length { excerpt.unicodeScalars.append(scalar) }
        return SyntaxError("\(reason): \"\(excerpt)\".", at: index, in: bytes)
    }
}
