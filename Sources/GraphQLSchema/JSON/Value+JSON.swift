extension Value {
    /// The value as JSON, without white space. Enum values are strings; a number that JSON has no form for is null.
    public var json: String {
        var bytes: [UInt8] = []
        appendJSON(to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    public func appendJSON(to bytes: inout [UInt8]) {
        switch self {
        case .null: bytes.append(contentsOf: "null".utf8)
        case .int(let value): bytes.append(contentsOf: String(value).utf8)
        case .float(let value): bytes.append(contentsOf: (value.isFinite ? "\(value)" : "null").utf8)
        case .boolean(let value): bytes.append(contentsOf: (value ? "true" : "false").utf8)
        case .string(let value), .enum(let value): bytes.append(jsonString: value)
        case .list(let values):
            bytes.append(UInt8(ascii: "["))
            for (number, value) in values.enumerated() {
                if number > 0 { bytes.append(UInt8(ascii: ",")) }
                value.appendJSON(to: &bytes)
            }
            bytes.append(UInt8(ascii: "]"))
        case .object(let fields):
            bytes.append(UInt8(ascii: "{"))
            for (number, field) in fields.enumerated() {
                if number > 0 { bytes.append(UInt8(ascii: ",")) }
                bytes.append(jsonString: field.name)
                bytes.append(UInt8(ascii: ":"))
                field.value.appendJSON(to: &bytes)
            }
            bytes.append(UInt8(ascii: "}"))
        }
    }
}

extension [UInt8] {
    fileprivate mutating func append(jsonString text: String) {
        append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                append(UInt8(ascii: "\\"))
                append(byte)
            case 0x0A: append(contentsOf: "\\n".utf8)
            case 0..<0x20:
                let hex = String(byte, radix: 16)
                append(contentsOf: (byte < 16 ? "\\u000" : "\\u00").utf8)
                append(contentsOf: hex.utf8)
            default: append(byte)
            }
        }
        append(UInt8(ascii: "\""))
    }
}
