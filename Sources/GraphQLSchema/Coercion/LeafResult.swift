extension Schema {
    /// Turns what a resolver answered into the value of a leaf type.
    ///
    /// https://spec.graphql.org/September2025/#sec-Scalars.Result-Coercion-and-Serialization
    public func coerceResult(_ value: Value, to id: TypeID) throws(LeafRefusal) -> Value {
        let type = self[id]
        if type.kind == .enum { return try enumResult(value, of: type) }
        switch (type.name, value) {
        case ("Int", _): return .int(try intResult(value))
        case ("Float", _):
            switch value.javaScriptNumber {
            case .int(let number)?: return .float(Double(number))
            case .float(let number)? where number.isFinite: return .float(number)
            default: throw LeafRefusal("Float cannot represent non numeric value: \(value.inspected)")
            }
        case ("String", .string), ("Boolean", .boolean), ("ID", .string): return value
        case ("String", .boolean(let flag)): return .string(flag ? "true" : "false")
        case ("String", .int(let number)), ("ID", .int(let number)): return .string(String(number))
        case ("String", .float(let number)) where number.isFinite: return .string(number.javaScriptText)
        case ("String", _): throw LeafRefusal("String cannot represent value: \(value.inspected)")
        case ("Boolean", .int(let number)): return .boolean(number != 0)
        case ("Boolean", .float(let number)) where number.isFinite: return .boolean(number != 0)
        case ("Boolean", _): throw LeafRefusal("Boolean cannot represent a non boolean value: \(value.inspected)")
        case ("ID", .float(let number)) where number == number.rounded() && number.isFinite:
            return .string(number.javaScriptText)
        case ("ID", _): throw LeafRefusal("ID cannot represent value: \(value.inspected)")
        default: return value
        }
    }

    private func intResult(_ value: Value) throws(LeafRefusal) -> Int {
        guard let number = value.javaScriptNumber?.wholeNumber else {
            throw LeafRefusal("Int cannot represent non-integer value: \(value.inspected)")
        }
        guard let number = Int32(exactly: number) else {
            throw LeafRefusal("Int cannot represent non 32-bit signed integer value: \(value.inspected)")
        }
        return Int(number)
    }

    private func enumResult(_ value: Value, of type: NamedType) throws(LeafRefusal) -> Value {
        switch value {
        case .string(let name), .enum(let name):
            if type.values.contains(where: { $0.name == name }) { return .enum(name) }
        default: break
        }
        throw LeafRefusal("Enum \"\(type.name)\" cannot represent value: \(value.inspected)")
    }
}

extension Value {
    /// Numbers, and what JavaScript would read as one: a resolver may answer `"42"` or `true` for an Int.
    fileprivate var javaScriptNumber: Value? {
        switch self {
        case .int, .float: self
        case .boolean(let flag): .int(flag ? 1 : 0)
        case .string(let text): text.javaScriptNumber
        default: nil
        }
    }
}

extension String {
    /// https://tc39.es/ecma262/#sec-stringtonumber, but for the empty text and infinities, which are no numbers here.
    fileprivate var javaScriptNumber: Value? {
        guard !isEmpty else { return nil }
        let leading = unicodeScalars.drop { $0.properties.isWhitespace || $0 == "\u{FEFF}" }
        guard let last = leading.lastIndex(where: { !$0.properties.isWhitespace && $0 != "\u{FEFF}" }) else {
            return .int(0)
        }
        let text = Substring(leading[...last])
        for (prefix, radix) in [("0x", 16), ("0o", 8), ("0b", 2)] where text.lowercased().hasPrefix(prefix) {
            let digits = text.dropFirst(2)
            guard digits.first != "+", digits.first != "-" else { return nil }
            return Int(digits, radix: radix).map(Value.int)
        }
        // What Swift reads beyond decimal numbers (hexadecimal fractions, "nan") has other letters.
        guard text.utf8.allSatisfy({ "0123456789.eE+-".utf8.contains($0) }) else { return nil }
        return Int(text).map(Value.int) ?? Double(text).map(Value.float)
    }
}
