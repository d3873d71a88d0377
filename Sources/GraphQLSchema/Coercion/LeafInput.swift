// https://spec.graphql.org/September2025/#sec-Scalars and https://spec.graphql.org/September2025/#sec-Enums

extension Schema {
    /// How a program takes values for scalars of its own; without it they take any value as it is.
    public typealias ScalarInput = @Sendable (NamedType, Value) throws(LeafRefusal) -> Value

    /// Takes a JSON value for a leaf type.
    func coerceLeafInput(_ value: Value, to type: NamedType) throws(LeafRefusal) -> Value {
        if type.kind == .enum { return try coerceEnumInput(value, to: type) }
        switch (type.name, value) {
        case ("Int", _): return .int(try intInput(value))
        case ("Float", .int(let number)): return .float(Double(number))
        case ("Float", .float(let number)) where number.isFinite: return value
        case ("Float", _): throw LeafRefusal("Float cannot represent non numeric value: \(value.inspected)")
        case ("String", .string), ("Boolean", .boolean), ("ID", .string): return value
        case ("String", _): throw LeafRefusal("String cannot represent a non string value: \(value.inspected)")
        case ("Boolean", _): throw LeafRefusal("Boolean cannot represent a non boolean value: \(value.inspected)")
        case ("ID", .int(let number)): return .string(String(number))
        case ("ID", .float(let number)) where number == number.rounded() && number.isFinite:
            return .string(number.javaScriptText)
        case ("ID", _): throw LeafRefusal("ID cannot represent value: \(value.inspected)")
        default:
            guard let scalarInput else { return value }
            do throws(LeafRefusal) { return try scalarInput(type, value) } catch {
                throw LeafRefusal("Expected type \"\(type.name)\". \(error.message)")
            }
        }
    }

    private func intInput(_ value: Value) throws(LeafRefusal) -> Int {
        guard let number = value.wholeNumber else {
            throw LeafRefusal("Int cannot represent non-integer value: \(value.inspected)")
        }
        guard let number = Int32(exactly: number) else {
            throw LeafRefusal("Int cannot represent non 32-bit signed integer value: \(value.inspected)")
        }
        return Int(number)
    }

    private func coerceEnumInput(_ value: Value, to type: NamedType) throws(LeafRefusal) -> Value {
        let names = type.values.map(\.name)
        guard case .string(let name) = value else {
            let text = value.inspected
            throw LeafRefusal(
                "Enum \"\(type.name)\" cannot represent non-string value: \(text)."
                    + Suggestions.sentence(for: text, among: names, what: "the enum value")
            )
        }
        guard names.contains(name) else {
            throw LeafRefusal(
                "Value \"\(name)\" does not exist in \"\(type.name)\" enum."
                    + Suggestions.sentence(for: name, among: names, what: "the enum value")
            )
        }
        return .enum(name)
    }

    /// Takes a literal for a leaf type; nil where the type refuses it. Literals of a scalar of the schema's own come as
    /// the JSON value they stand for.
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
        default:
            guard let scalarInput else { return value }
            return try? scalarInput(type, value)
        }
    }
}

extension Value {
    /// The whole number a numeric value is, where it fits a machine word; beyond that none fits an `Int` anyway.
    var wholeNumber: Int? {
        switch self {
        case .int(let number): number
        case .float(let number) where number == number.rounded() && number.isFinite:
            Int(exactly: number) ?? (number < 0 ? .min : .max)
        default: nil
        }
    }
}
