import GraphQLLanguage

extension Schema {
    /// The default of an argument or input field as a literal, as introspection and printed schemas show it: coerced,
    /// with the defaults of fields that it leaves out.
    ///
    /// - Parameter sortsFields: whether the fields of input objects come by name and not as their types define them.
    public func printedDefault(of definition: InputValueDefinition, sortsFields: Bool = false) -> String? {
        guard let written = definition.defaultValue else { return nil }
        var size = DefaultSize(self)
        // Such a default would fill the memory, or have no end: only schemas that were not checked have it.
        guard size.add(written, definition.type) else { return written.literal() }
        // A default that does not fit its type is none.
        guard let value = definition.coercedDefault else { return nil }
        return literal(value, type: definition.type, sortsFields: sortsFields)
    }

    private func literal(_ value: Value, type: TypeReference, sortsFields: Bool) -> String {
        let named = self[type.type]
        switch value {
        case .list(let values) where type.isList:
            let elements = values.map { literal($0, type: type.element, sortsFields: sortsFields) }
            return "[" + elements.joined(separator: ", ") + "]"
        case .object(var fields) where named.kind == .inputObject:
            if sortsFields { fields.sort { Suggestions.isNaturallyLess($0.name, $1.name) } }
            let types = Dictionary(named.inputFields.map { ($0.name, $0.type) }) { first, _ in first }
            let members = fields.map { field in
                let fieldType = types[field.name] ?? type
                return "\(field.name): \(literal(field.value, type: fieldType, sortsFields: sortsFields))"
            }
            return "{" + members.joined(separator: ", ") + "}"
        // An id that is a whole number is written as one.
        case .string(let text) where named.name == "ID" && text.isWholeNumber: return text
        default: return value.literal()
        }
    }
}

/// Counts what a default becomes when the defaults of the fields that it leaves out are filled in, up to a limit.
struct DefaultSize {
    static let mostValues = 10_000
    static let mostLevels = 200

    private let schema: Schema
    private(set) var values = 0
    private var level = 0

    init(_ schema: Schema) {
        self.schema = schema
    }

    /// Says whether the count is within the limits.
    mutating func add(_ value: Value, _ type: TypeReference) -> Bool {
        values += 1
        level += 1
        defer { level -= 1 }
        guard values <= Self.mostValues, level <= Self.mostLevels else { return false }
        switch value {
        case .list(let elements):
            let element = type.isList ? type.element : type
            return elements.allSatisfy { add($0, element) }
        case .object(let given):
            let named = schema[type.type]
            if given.count > Self.mostValues { return false }
            let given = Dictionary(given.map { ($0.name, $0.value) }) { first, _ in first }
            return named.inputFields.allSatisfy { field in
                (given[field.name] ?? field.defaultValue).map { add($0, field.type) } ?? true
            }
        default: return true
        }
    }
}

extension String {
    /// Whether the text is an `IntValue` of the language.
    fileprivate var isWholeNumber: Bool {
        let digits = hasPrefix("-") ? utf8.dropFirst() : utf8[...]
        guard let first = digits.first, digits.allSatisfy({ $0 &- UInt8(ascii: "0") < 10 }) else { return false }
        return first != UInt8(ascii: "0") || digits.count == 1
    }
}
