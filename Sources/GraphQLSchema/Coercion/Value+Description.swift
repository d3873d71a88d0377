extension Value {
    /// The value as messages show it: as JavaScript would print it, cut where it becomes too much.
    public var inspected: String { inspected(depth: 0) }

    private func inspected(depth: Int) -> String {
        switch self {
        case .null: return "null"
        case .int(let value): return value.magnitude < 1 << 53 ? String(value) : Double(value).javaScriptText
        case .float(let value): return value.javaScriptText
        case .boolean(let value): return value ? "true" : "false"
        case .string(let value), .enum(let value): return value.quotedAsJSON
        case .list(let values):
            if values.isEmpty { return "[]" }
            if depth > 1 { return "[Array]" }
            var items = values.prefix(10).map { $0.inspected(depth: depth + 1) }
            let rest = values.count - items.count
            if rest > 0 { items.append("... \(rest) more item\(rest == 1 ? "" : "s")") }
            return "[" + items.joined(separator: ", ") + "]"
        case .object(let fields):
            if fields.isEmpty { return "{}" }
            if depth > 1 { return "[Object]" }
            let members = fields.map { "\($0.name): \($0.value.inspected(depth: depth + 1))" }
            return "{ " + members.joined(separator: ", ") + " }"
        }
    }
}

extension Double {
    /// The number as JavaScript prints it: the shortest digits that read back as the same number, without an exponent
    /// up to 10^21 and down to 10^-6.
    public var javaScriptText: String {
        guard isFinite else { return isNaN ? "NaN" : (self < 0 ? "-Infinity" : "Infinity") }
        if self == 0 { return "0" }
        // Swift finds the same shortest digits; only where the point and the exponent go differs.
        var text = magnitude.description
        var exponent = 0
        if let mark = text.firstIndex(of: "e") {
            exponent = Int(text[text.index(after: mark)...]) ?? 0
            text = String(text[..<mark])
        }
        var digits = text
        if let point = text.firstIndex(of: ".") {
            exponent += text.distance(from: text.startIndex, to: point)
            digits = text.replacing(".", with: "")
        } else {
            exponent += text.count
        }
        let leadingZeros = digits.prefix { $0 == "0" }.count
        digits = String(digits.dropFirst(leadingZeros))
        exponent -= leadingZeros
        while digits.last == "0" { digits.removeLast() }
        // The number is 0.digits times ten to the exponent.
        let sign = self < 0 ? "-" : ""
        if exponent > 21 || exponent < -5 {
            let fraction = digits.count > 1 ? "." + digits.dropFirst() : ""
            let power = exponent - 1
            return "\(sign)\(digits.prefix(1))\(fraction)e\(power < 0 ? "-" : "+")\(abs(power))"
        }
        if exponent <= 0 { return "\(sign)0.\(String(repeating: "0", count: -exponent))\(digits)" }
        if digits.count <= exponent { return sign + digits + String(repeating: "0", count: exponent - digits.count) }
        return "\(sign)\(digits.prefix(exponent)).\(digits.dropFirst(exponent))"
    }
}

extension String {
    /// The text in quotes, with the escapes JSON has.
    public var quotedAsJSON: String {
        var text = "\""
        for scalar in unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            case "\u{08}": text += "\\b"
            case "\u{0C}": text += "\\f"
            case "\u{00}"..<"\u{20}":
                let hex = String(scalar.value, radix: 16)
                text += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text + "\""
    }
}
