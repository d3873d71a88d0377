import GraphQLSchema

/// The bounds that `@constraint` sets on a value. On a list all but the number of items bound its elements.
public struct InputConstraint: Sendable {
    var trim: Bool
    var minLength: Int?
    var maxLength: Int?
    var pattern: String?
    var format: TextFormat?
    var min: Double?
    var max: Double?
    var minItems: Int?
    var maxItems: Int?

    public init(
        trim: Bool = false,
        minLength: Int? = nil,
        maxLength: Int? = nil,
        pattern: String? = nil,
        format: String? = nil,
        min: Double? = nil,
        max: Double? = nil,
        minItems: Int? = nil,
        maxItems: Int? = nil
    ) {
        self.trim = trim
        self.minLength = minLength
        self.maxLength = maxLength
        self.pattern = pattern
        self.format = format.flatMap { TextFormat(rawValue: $0) }
        self.min = min
        self.max = max
        self.minItems = minItems
        self.maxItems = maxItems
    }

    /// Reports what the value breaks.
    ///
    /// - Returns: the value, trimmed if it is to be.
    func check(_ value: InputItem, _ decoder: inout InputDecoder) -> InputItem {
        switch value {
        case .list(let items):
            checkCount(items.count, &decoder)
            return .list(items.enumerated().map { index, item in decoder.at(index) { check(item, &$0) } })
        case .string(let text):
            let text = trim ? text.trimmed : text
            check(text, &decoder)
            return .string(text)
        case .int(let number): check(Double(number), &decoder)
        case .float(let number): check(number, &decoder)
        case .null, .boolean, .enum, .object: break
        }
        return value
    }

    private func checkCount(_ count: Int, _ decoder: inout InputDecoder) {
        if let minItems, count < minItems { decoder.report("minItems", "Must have at least \(minItems) items.") }
        if let maxItems, count > maxItems { decoder.report("maxItems", "Must have at most \(maxItems) items.") }
    }

    private func check(_ text: String, _ decoder: inout InputDecoder) {
        // As databases count: grapheme clusters have no bound in bytes.
        let length = text.unicodeScalars.count
        if let minLength, length < minLength {
            decoder.report("minLength", "Must be at least \(minLength) characters long.")
        }
        if let maxLength, length > maxLength {
            // Nothing else is worth looking at in a text of any length.
            return decoder.report("maxLength", "Must be at most \(maxLength) characters long.")
        }
        if let pattern, !PatternCache.isFound(pattern, in: text) {
            decoder.report("pattern", "Must match \(pattern).")
        }
        if let format, !format.accepts(text) { decoder.report("format", "Must be \(format.description).") }
    }

    private func check(_ number: Double, _ decoder: inout InputDecoder) {
        func shown(_ bound: Double) -> String { Int(exactly: bound).map(String.init) ?? String(bound) }
        if let min, number < min { decoder.report("min", "Must be at least \(shown(min)).") }
        if let max, number > max { decoder.report("max", "Must be at most \(shown(max)).") }
    }
}

extension String {
    fileprivate var trimmed: String {
        let scalars = unicodeScalars
        guard let first = scalars.firstIndex(where: { !$0.properties.isWhitespace }),
            let last = scalars.lastIndex(where: { !$0.properties.isWhitespace })
        else { return "" }
        return String(scalars[first...last])
    }
}
