extension JSONReader {
    mutating func string() throws(JSONError) -> String {
        let open = index
        index += 1
        let start = index
        let isASCII = skipPlainBytes()
        guard peek != UInt8(ascii: "\"") else {
            defer { index += 1 }
            let content = UnsafeBufferPointer(rebasing: bytes[start..<index])
            // Faster than to validate, which nothing but ASCII needs not.
            return isASCII ? String(decoding: content, as: UTF8.self) : try text(content, at: start)
        }
        var value = Array(bytes[start..<index])
        while let byte = peek, byte != UInt8(ascii: "\"") {
            guard byte >= 0x20 else { throw error("Control character in a string") }
            index += 1
            try escape(into: &value)
            let plain = index
            _ = skipPlainBytes()
            value.append(contentsOf: bytes[plain..<index])
        }
        guard peek != nil else { throw error("Unterminated string", at: open) }
        index += 1
        return try value.withUnsafeBufferPointer { (value) throws(JSONError) in try text(value, at: start) }
    }

    /// Goes to the next byte that ends the string, opens an escape sequence, or may not stand in a string; whether all
    /// on the way are ASCII.
    private mutating func skipPlainBytes() -> Bool {
        var seen: UInt8 = 0
        while let byte = peek, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"), byte >= 0x20 {
            seen |= byte
            index += 1
        }
        return seen < 0x80
    }

    private func text(_ utf8: UnsafeBufferPointer<UInt8>, at start: Int) throws(JSONError) -> String {
        guard let text = String(validating: utf8, as: UTF8.self) else {
            throw error("Malformed UTF-8 in a string", at: start)
        }
        return text
    }

    /// Reads what stands behind a backslash.
    private mutating func escape(into value: inout [UInt8]) throws(JSONError) {
        guard let byte = peek else { throw error("Unterminated string") }
        let start = index - 1
        index += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): value.append(byte)
        case UInt8(ascii: "b"): value.append(0x08)
        case UInt8(ascii: "f"): value.append(0x0C)
        case UInt8(ascii: "n"): value.append(0x0A)
        case UInt8(ascii: "r"): value.append(0x0D)
        case UInt8(ascii: "t"): value.append(0x09)
        case UInt8(ascii: "u"): value.append(contentsOf: String(try escapedScalar(start)).utf8)
        default: throw error("Unknown escape sequence", at: start)
        }
    }

    /// One or two escaped UTF-16 code units; half a pair has no form in UTF-8.
    private mutating func escapedScalar(_ start: Int) throws(JSONError) -> UnicodeScalar {
        let unit = try codeUnit()
        if let scalar = UnicodeScalar(unit) { return scalar }
        guard unit < 0xDC00, peek == UInt8(ascii: "\\"), index + 1 < bytes.count, bytes[index + 1] == UInt8(ascii: "u")
        else { throw error("Half a surrogate pair in a string", at: start) }
        index += 2
        let low = try codeUnit()
        guard (0xDC00..<0xE000).contains(low),
            let scalar = UnicodeScalar(0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00))
        else { throw error("Half a surrogate pair in a string", at: start) }
        return scalar
    }

    private mutating func codeUnit() throws(JSONError) -> UInt32 {
        var unit: UInt32 = 0
        for _ in 0..<4 {
            guard let byte = peek, let digit = hexadecimalValue(byte) else {
                throw error("Expected four hexadecimal digits")
            }
            unit = unit << 4 | digit
            index += 1
        }
        return unit
    }

    private func hexadecimalValue(_ byte: UInt8) -> UInt32? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt32(byte - UInt8(ascii: "a")) + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt32(byte - UInt8(ascii: "A")) + 10
        default: nil
        }
    }
}
