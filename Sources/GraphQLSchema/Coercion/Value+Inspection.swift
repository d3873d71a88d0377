extension Value {
    /// The value as messages show it: as JavaScript would print it, cut where it becomes too much.
    public var inspected: String {
        var inspection = Inspection()
        inspection.append(self, depth: 0)
        return inspection.text
    }
}

/// Writes a value until the text is long enough for a message: a client must not get its megabyte back fifty times.
private struct Inspection {
    private(set) var text = ""
    private var isFull = false
    private static let mostBytes = 4_000
    private static let mostElements = 10

    mutating func append(_ value: Value, depth: Int) {
        switch value {
        case .null: append("null")
        case .int(let value): append(value.magnitude < 1 << 53 ? String(value) : Double(value).javaScriptText)
        case .float(let value): append(value.javaScriptText)
        case .boolean(let value): append(value ? "true" : "false")
        case .string(let value), .enum(let value): append(value.quotedAsJSON)
        case .list([]): append("[]")
        case .object([]): append("{}")
        case .list(_) where depth > 1: append("[Array]")
        case .object(_) where depth > 1: append("[Object]")
        case .list(let values): append(values, depth: depth)
        case .object(let fields):
            append("{ ")
            for (number, field) in fields.enumerated() where !isFull {
                append("\(number > 0 ? ", " : "")\(field.name): ")
                append(field.value, depth: depth + 1)
            }
            append(" }")
        }
    }

    private mutating func append(_ values: [Value], depth: Int) {
        append("[")
        for (number, value) in values.prefix(Self.mostElements).enumerated() where !isFull {
            if number > 0 { append(", ") }
            append(value, depth: depth + 1)
        }
        let rest = values.count - Self.mostElements
        if rest > 0 { append(", ... \(rest) more item\(rest == 1 ? "" : "s")") }
        append("]")
    }

    private mutating func append(_ piece: String) {
        if isFull { return }
        if text.utf8.count + piece.utf8.count <= Self.mostBytes {
            text += piece
        } else {
            isFull = true
            // Whole characters only: a cut through one would not be UTF-8.
            text.unicodeScalars += piece.unicodeScalars.prefix(Self.mostBytes - text.utf8.count)
            text += "…"
        }
    }
}
