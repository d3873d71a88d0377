extension Value {
    /// Reads one JSON value and nothing behind it (RFC 8259).
    ///
    /// Objects keep the order of their members; of two with one name the later counts, at the place of the first.
    public init(json bytes: [UInt8], maximumDepth: Int = 500) throws(JSONError) {
        var reader = JSONReader(bytes, maximumDepth: maximumDepth)
        self = try reader.document()
    }

    public init(json text: String) throws(JSONError) {
        try self.init(json: Array(text.utf8))
    }
}

/// Reads each byte once, by recursive descent; how deep is bounded.
private struct JSONReader {
    private let bytes: [UInt8]
    private let maximumDepth: Int
    private var index = 0
    private var depth = 0

    init(_ bytes: [UInt8], maximumDepth: Int) {
        self.bytes = bytes
        self.maximumDepth = maximumDepth
    }

    mutating func document() throws(JSONError) -> Value {
        let value = try value()
        skipSpace()
        guard index == bytes.count else { throw error("Unexpected text behind the value") }
        return value
    }

    private mutating func value() throws(JSONError) -> Value {
        skipSpace()
        guard let byte = peek else { throw error("Expected a value") }
        switch byte {
        case UInt8(ascii: "{"): return try nested { (reader) throws(JSONError) in try reader.object() }
        case UInt8(ascii: "["): return try nested { (reader) throws(JSONError) in try reader.list() }
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try literal("true", .boolean(true))
        case UInt8(ascii: "f"): return try literal("false", .boolean(false))
        case UInt8(ascii: "n"): return try literal("null", .null)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
        default: throw error("Expected a value")
        }
    }

    private mutating func nested(
        _ read: (inout JSONReader) throws(JSONError) -> Value
    ) throws(JSONError) -> Value {
        depth += 1
        guard depth <= maximumDepth else { throw error("Nested deeper than \(maximumDepth) levels") }
        index += 1
        let value = try read(&self)
        depth -= 1
        return value
    }

    private mutating func object() throws(JSONError) -> Value {
        var fields: [Value.Field] = []
        var places: [String: Int] = [:]
        if take(UInt8(ascii: "}")) { return .object(fields) }
        repeat {
            skipSpace()
            guard peek == UInt8(ascii: "\"") else { throw error("Expected the name of a member") }
            let name = try string()
            guard take(UInt8(ascii: ":")) else { throw error("Expected \":\"") }
            let value = try value()
            if let place = places.updateValue(fields.count, forKey: name) {
                fields[place].value = value
                places[name] = place
            } else {
                fields.append(.init(name, value))
            }
        } while take(UInt8(ascii: ","))
        guard take(UInt8(ascii: "}")) else { throw error("Expected \",\" or \"}\"") }
        return .object(fields)
    }

    private mutating func list() throws(JSONError) -> Value {
        var values: [Value] = []
        if take(UInt8(ascii: "]")) { return .list(values) }
        repeat { values.append(try value()) } while take(UInt8(ascii: ","))
        guard take(UInt8(ascii: "]")) else { throw error("Expected \",\" or \"]\"") }
        return .list(values)
    }

    private mutating func literal(_ word: StaticString, _ value: Value) throws(JSONError) -> Value {
        let end = index + word.utf8CodeUnitCount
        guard end <= bytes.count,
            bytes[index..<end].elementsEqual(UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount))
        else { throw error("Expected a value") }
        index = end
        return value
    }

    // MARK: Numbers

    private mutating func number() throws(JSONError) -> Value {
        let start = index
        var isInteger = true
        if peek == UInt8(ascii: "-") { index += 1 }
        if peek == UInt8(ascii: "0") { index += 1 } else { try digits() }
        if peek == UInt8(ascii: ".") {
            isInteger = false
            index += 1
            try digits()
        }
        if let byte = peek, byte | 0x20 == UInt8(ascii: "e") {
            isInteger = false
            index += 1
            if peek == UInt8(ascii: "+") || peek == UInt8(ascii: "-") { index += 1 }
            try digits()
        }
        let text = String(decoding: bytes[start..<index], as: UTF8.self)
        if isInteger, let integer = Int(text) { return .int(integer) }
        guard let double = Double(text), double.isFinite else { throw error("Number out of range") }
        return .float(double)
    }

    private mutating func digits() throws(JSONError) {
        guard let first = peek, isDigit(first) else { throw error("Expected a digit") }
        while let byte = peek, isDigit(byte) { index += 1 }
    }

    private func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }

    // MARK: Strings

    private mutating func string() throws(JSONError) -> String {
        index += 1
        let start = index
        while let byte = peek, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"), byte >= 0x20 { index += 1 }
        guard peek != UInt8(ascii: "\"") else {
            defer { index += 1 }
            return try text(bytes[start..<index])
        }
        var value = Array(bytes[start..<index])
        while let byte = peek, byte != UInt8(ascii: "\"") {
            guard byte >= 0x20 else { throw error("Control character in a string") }
            index += 1
            if byte == UInt8(ascii: "\\") { try escape(into: &value) } else { value.append(byte) }
        }
        guard peek != nil else { throw error("Unterminated string") }
        index += 1
        return try text(value[...])
    }

    private func text(_ utf8: ArraySlice<UInt8>) throws(JSONError) -> String {
        guard let text = String(validating: utf8, as: UTF8.self) else { throw error("Malformed UTF-8 in a string") }
        return text
    }

    /// Reads what stands behind a backslash.
    private mutating func escape(into value: inout [UInt8]) throws(JSONError) {
        guard let byte = peek else { throw error("Unterminated string") }
        index += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): value.append(byte)
        case UInt8(ascii: "b"): value.append(0x08)
        case UInt8(ascii: "f"): value.append(0x0C)
        case UInt8(ascii: "n"): value.append(0x0A)
        case UInt8(ascii: "r"): value.append(0x0D)
        case UInt8(ascii: "t"): value.append(0x09)
        case UInt8(ascii: "u"): value.append(contentsOf: String(try escapedScalar()).utf8)
        default: throw error("Unknown escape sequence")
        }
    }

    /// One or two escaped UTF-16 code units; half a pair has no form in UTF-8 and becomes U+FFFD.
    private mutating func escapedScalar() throws(JSONError) -> UnicodeScalar {
        let unit = try codeUnit()
        if let scalar = UnicodeScalar(unit) { return scalar }
        let isLeading = unit < 0xDC00
        let behind = index
        guard isLeading, peek == UInt8(ascii: "\\"), index + 1 < bytes.count, bytes[index + 1] == UInt8(ascii: "u")
        else { return "\u{FFFD}" }
        index += 2
        let low = try codeUnit()
        guard (0xDC00..<0xE000).contains(low) else {
            index = behind
            return "\u{FFFD}"
        }
        return UnicodeScalar(0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00)) ?? "\u{FFFD}"
    }

    private mutating func codeUnit() throws(JSONError) -> UInt32 {
        var unit: UInt32 = 0
        for _ in 0..<4 {
            guard let byte = peek, let digit = Character(UnicodeScalar(byte)).hexDigitValue else {
                throw error("Expected four hexadecimal digits")
            }
            unit = unit << 4 | UInt32(digit)
            index += 1
        }
        return unit
    }

    // MARK: Bytes

    private var peek: UInt8? { index < bytes.count ? bytes[index] : nil }

    private mutating func take(_ byte: UInt8) -> Bool {
        skipSpace()
        guard peek == byte else { return false }
        index += 1
        return true
    }

    private mutating func skipSpace() {
        while let byte = peek, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { index += 1 }
    }

    private func error(_ message: String) -> JSONError {
        JSONError(message: message + ".", offset: index)
    }
}
