// How leaf types take their values, with the words of graphql-js where they refuse.
// https://spec.graphql.org/September2025/#sec-Scalars and https://spec.graphql.org/September2025/#sec-Enums

/// Why a leaf type refuses a value.
public struct LeafRefusal: Error, Hashable, Sendable {
    public let message: String
}

extension Schema {
    /// Takes a JSON value for a leaf type. Scalars of the schema's own take any value as it is.
    func coerceLeafInput(_ value: Value, to type: NamedType) throws(LeafRefusal) -> Value {
        if type.kind == .enum { return try coerceEnumInput(value, to: type) }
        switch (type.name, value) {
        case ("Int", _):
            guard let number = value.wholeNumber else {
                throw LeafRefusal(message: "Int cannot represent non-integer value: \(value.inspected)")
            }
            guard let number = Int32(exactly: number) else {
                throw LeafRefusal(
                    message: "Int cannot represent non 32-bit signed integer value: \(value.inspected)"
                )
            }
            return .int(Int(number))
        case ("Float", .int(let number)): return .float(Double(number))
        case ("Float", .float(let number)) where number.isFinite: return value
        case ("Float", _):
            throw LeafRefusal(message: "Float cannot represent non numeric value: \(value.inspected)")
        case ("String", .string), ("Boolean", .boolean), ("ID", .string): return value
        case ("String", _):
            throw LeafRefusal(message: "String cannot represent a non string value: \(value.inspected)")
        case ("Boolean", _):
            throw LeafRefusal(message: "Boolean cannot represent a non boolean value: \(value.inspected)")
        case ("ID", .int(let number)): return .string(String(number))
        case ("ID", .float(let number)) where number == number.rounded() && number.isFinite:
            return .string(number.javaScriptText)
        case ("ID", _):
            throw LeafRefusal(message: "ID cannot represent value: \(value.inspected)")
        default: return value
        }
    }

    private func coerceEnumInput(_ value: Value, to type: NamedType) throws(LeafRefusal) -> Value {
        let names = type.values.map(\.name)
        guard case .string(let name) = value else {
            throw LeafRefusal(
                message: "Enum \"\(type.name)\" cannot represent non-string value: \(value.inspected)."
                    + Suggestions.sentence(for: value.inspected, among: names, what: "the enum value")
            )
        }
        guard names.contains(name) else {
            throw LeafRefusal(
                message: "Value \"\(name)\" does not exist in \"\(type.name)\" enum."
                    + Suggestions.sentence(for: name, among: names, what: "the enum value")
            )
        }
        return .enum(name)
    }

    /// Takes a literal for a leaf type; nil where the type refuses it.
    func coerceLeafLiteral(_ value: Value, to type: NamedType) -> Value? {
        if type.kind == .enum {
            guard case .enum(let name) = value, type.values.contains(where: { $0.name == name }) else { return nil }
            return value
        }
        switch (type.name, value) {
        case ("Int", .int(let number)): return Int32(exactly: number).map { .int(Int($0)) }
        case ("Float", .int(let number)): return .float(Double(number))
        case ("Float", .float(let number)): return number.isFinite ? value : nil
        case ("String", .string), ("Boolean", .boolean), ("ID", .string): return value
        case ("ID", .int(let number)): return .string(String(number))
        case ("Int", _), ("Float", _), ("String", _), ("Boolean", _), ("ID", _): return nil
        case (_, .enum(let name)): return .string(name)
        default: return value
        }
    }

    /// Turns what a resolver answered into the value of a leaf type.
    public func coerceResult(_ value: Value, to id: TypeID) throws(LeafRefusal) -> Value {
        let type = self[id]
        if type.kind == .enum {
            switch value {
            case .string(let name), .enum(let name):
                if type.values.contains(where: { $0.name == name }) { return .enum(name) }
            default: break
            }
            throw LeafRefusal(message: "Enum \"\(type.name)\" cannot represent value: \(value.inspected)")
        }
        switch (type.name, value) {
        case ("Int", _):
            guard let number = value.asNumber?.wholeNumber else {
                throw LeafRefusal(message: "Int cannot represent non-integer value: \(value.inspected)")
            }
            guard let number = Int32(exactly: number) else {
                throw LeafRefusal(
                    message: "Int cannot represent non 32-bit signed integer value: \(value.inspected)"
                )
            }
            return .int(Int(number))
        case ("Float", _):
            guard let number = value.asNumber, number.isFinite else {
                throw LeafRefusal(message: "Float cannot represent non numeric value: \(value.inspected)")
            }
            return number
        case ("String", .string), ("Boolean", .boolean), ("ID", .string): return value
        case ("String", .boolean(let flag)): return .string(flag ? "true" : "false")
        case ("String", .int), ("String", .float): return .string(value.inspected)
        case ("String", _):
            throw LeafRefusal(message: "String cannot represent value: \(value.inspected)")
        case ("Boolean", .int(let number)): return .boolean(number != 0)
        case ("Boolean", .float(let number)) where number.isFinite: return .boolean(number != 0)
        case ("Boolean", _):
            throw LeafRefusal(message: "Boolean cannot represent a non boolean value: \(value.inspected)")
        case ("ID", .int(let number)): return .string(String(number))
        case ("ID", .float(let number)) where number == number.rounded() && number.isFinite:
            return .string(number.javaScriptText)
        case ("ID", _):
            throw LeafRefusal(message: "ID cannot represent value: \(value.inspected)")
        default: return value
        }
    }
}

extension Value {
    /// The whole number a numeric value is, where it fits a machine word; beyond that none fits an `Int` anyway.
    fileprivate var wholeNumber: Int? {
        switch self {
        case .int(let number): number
        case .float(let number) where number == number.rounded() && number.isFinite:
            Int(exactly: number) ?? (number < 0 ? .min : .max)
        default: nil
        }
    }

    /// Numbers, and what JavaScript would read as one.
    fileprivate var asNumber: Value? {
        switch self {
        case .int, .float: return self
        case .boolean(let flag): return .int(flag ? 1 : 0)
        case .string(let text) where !text.isEmpty:
            let trimmed = text.drop { $0.isWhitespace }
            return Int(trimmed).map(Value.int) ?? Double(trimmed).map(Value.float)
        default: return nil
        }
    }

    fileprivate var isFinite: Bool {
        guard case .float(let number) = self else { return true }
        return number.isFinite
    }
}
