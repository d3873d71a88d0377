extension Value {
    /// Reads one JSON value and nothing behind it: https://www.rfc-editor.org/rfc/rfc8259
    ///
    /// Objects keep the order of their members; of two with one name the later counts, at the place of the first.
    public init(json bytes: [UInt8], limits: JSONLimits = .standard) throws(JSONError) {
        self = try bytes.withUnsafeBufferPointer { (buffer) throws(JSONError) in
            try Value(json: buffer, limits: limits)
        }
    }

    public init(json bytes: UnsafeBufferPointer<UInt8>, limits: JSONLimits = .standard) throws(JSONError) {
        var reader = JSONReader(bytes, limits)
        self = try reader.document()
    }

    public init(json text: String, limits: JSONLimits = .standard) throws(JSONError) {
        try self.init(json: Array(text.utf8), limits: limits)
    }
}

/// Reads each byte once, by recursive descent; how deep is bounded.
struct JSONReader {
    let bytes: UnsafeBufferPointer<UInt8>
    var index = 0
    private let limits: JSONLimits
    private var depth = 0
    private var values = 0

    init(_ bytes: UnsafeBufferPointer<UInt8>, _ limits: JSONLimits) {
        self.bytes = bytes
        self.limits = limits
    }

    mutating func document() throws(JSONError) -> Value {
        guard bytes.count <= limits.bytes else { throw error("Larger than \(limits.bytes) bytes") }
        let value = try value()
        skipSpace()
        guard index == bytes.count else { throw error("Unexpected text behind the value") }
        return value
    }

    private mutating func value() throws(JSONError) -> Value {
        skipSpace()
        guard let byte = peek else { throw error("Expected a value") }
        values += 1
        guard values <= limits.values else { throw error("More than \(limits.values) values") }
        switch byte {
        case UInt8(ascii: "{"): return try object()
        case UInt8(ascii: "["): return try list()
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try literal("true", .boolean(true))
        case UInt8(ascii: "f"): return try literal("false", .boolean(false))
        case UInt8(ascii: "n"): return try literal("null", .null)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
        default: throw error("Expected a value")
        }
    }

    private mutating func object() throws(JSONError) -> Value {
        try descend()
        var members = MemberList()
        if !take(UInt8(ascii: "}")) {
            repeat {
                skipSpace()
                guard peek == UInt8(ascii: "\"") else { throw error("Expected the name of a member") }
                let name = try string()
                guard take(UInt8(ascii: ":")) else { throw error("Expected \":\"") }
                members.set(name, try value())
            } while take(UInt8(ascii: ","))
            guard take(UInt8(ascii: "}")) else { throw error("Expected \",\" or \"}\"") }
        }
        depth -= 1
        return .object(members.fields)
    }

    private mutating func list() throws(JSONError) -> Value {
        try descend()
        var values: [Value] = []
        if !take(UInt8(ascii: "]")) {
            repeat { values.append(try value()) } while take(UInt8(ascii: ","))
            guard take(UInt8(ascii: "]")) else { throw error("Expected \",\" or \"]\"") }
        }
        depth -= 1
        return .list(values)
    }

    private mutating func descend() throws(JSONError) {
        guard depth < limits.depth else { throw error("Nested deeper than \(limits.depth) levels") }
        depth += 1
        index += 1
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
        guard index - start <= JSONLimits.numberBytes else { throw error("Number too long", at: start) }
        let text = String(decoding: bytes[start..<index], as: UTF8.self)
        if isInteger, let integer = Int(text) { return .int(integer) }
        guard let double = Double(text), double.isFinite else { throw error("Number out of range", at: start) }
        return .float(double)
    }

    private mutating func digits() throws(JSONError) {
        guard let first = peek, isDigit(first) else { throw error("Expected a digit") }
        while let byte = peek, isDigit(byte) { index += 1 }
    }

    private func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }

    // MARK: Bytes

    var peek: UInt8? { index < bytes.count ? bytes[index] : nil }

    private mutating func take(_ byte: UInt8) -> Bool {
        skipSpace()
        guard peek == byte else { return false }
        index += 1
        return true
    }

    private mutating func skipSpace() {
        while let byte = peek, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { index += 1 }
    }

    func error(_ message: String, at offset: Int? = nil) -> JSONError {
        JSONError(message: message + ".", offset: offset ?? index)
    }
}

/// The members of an object while it is read. Finding the double of a name takes no longer in a large object.
private struct MemberList {
    private(set) var fields: [Value.Field] = []
    /// Where each name is, once there are too many to look through.
    private var places: [String: Int] = [:]

    mutating func set(_ name: String, _ value: Value) {
        if let place = place(of: name) {
            fields[place].value = value
            return
        }
        if !places.isEmpty { places[name] = fields.count }
        fields.append(Value.Field(name, value))
        if fields.count == Self.fewMembers {
            for (place, field) in fields.enumerated() { places[field.name] = place }
        }
    }

    private static let fewMembers = 16

    private func place(of name: String) -> Int? {
        places.isEmpty ? fields.firstIndex { $0.name == name } : places[name]
    }
}
