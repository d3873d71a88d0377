extension Schema {
    /// The default of an argument or input field as a literal, as introspection and printed schemas show it.
    public func printedDefault(of definition: InputValueDefinition) -> String? {
        guard definition.defaultValue != nil else { return nil }
        // A default that does not fit its type is shown as it is written.
        return (definition.coercedDefault ?? definition.defaultValue).map { literal($0, type: definition.type) }
    }

    private func literal(_ value: Value, type: TypeReference) -> String {
        switch value {
        case .list(let values) where type.isList:
            return "[" + values.map { literal($0, type: type.element) }.joined(separator: ", ") + "]"
        case .object(let fields):
            let definitions = self[type.type].inputFields
            let members = fields.map { field in
                let type = definitions.first { $0.name == field.name }?.type ?? type
                return "\(field.name): \(literal(field.value, type: type))"
            }
            return members.isEmpty ? "{}" : "{" + members.joined(separator: ", ") + "}"
        case .list(let values):
            return "[" + values.map { literal($0, type: type) }.joined(separator: ", ") + "]"
        case .string(let text):
            // An id that is a whole number is written as one.
            if self[type.type].name == "ID", let number = Int(text), String(number) == text { return text }
            return text.quotedAsJSON
        case .enum(let name): return name
        case .null, .int, .float, .boolean: return value.inspected
        }
    }
}
