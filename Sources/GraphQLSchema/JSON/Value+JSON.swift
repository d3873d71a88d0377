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
        case .float(let value) where value.isFinite: value.appendJavaScriptText(to: &bytes)
        case .float: bytes.append(contentsOf: "null".utf8)
        case .boolean(let value): bytes.append(contentsOf: (value ? "true" : "false").utf8)
        case .string(let value), .enum(let value): value.appendQuotedAsJSON(to: &bytes)
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
                field.name.appendQuotedAsJSON(to: &bytes)
                bytes.append(UInt8(ascii: ":"))
                field.value.appendJSON(to: &bytes)
            }
            bytes.append(UInt8(ascii: "}"))
        }
    }
}
