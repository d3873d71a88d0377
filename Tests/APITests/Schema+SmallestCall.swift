import GraphQLSchema

extension Schema {
    /// The text that selects a field with all that it must be told and nothing else; nil where that is a file, which no
    /// text can be.
    func smallestCall(of field: FieldDefinition) -> String? {
        var arguments: [String] = []
        for argument in field.arguments where argument.isRequired {
            guard let value = smallestValue(for: argument) else { return nil }
            arguments.append("\(argument.name): \(value)")
        }
        let list = arguments.isEmpty ? "" : "(\(arguments.joined(separator: ", ")))"
        return field.name + list + (self[field.type.type].isLeaf ? "" : " { __typename }")
    }

    /// With an element where a list must have one.
    private func smallestValue(for input: InputValueDefinition) -> String? {
        let constraint = input.appliedDirectives.first { $0.name == "constraint" }
        if case .int(let length)? = constraint?["minLength"], self[input.type.type].name == "String" {
            return "\"\(String(repeating: "x", count: max(1, length)))\""
        }
        guard input.type.isList,
            case .int(let count)? = constraint?.arguments.first(where: { $0.name == "minItems" })?.value, count > 0
        else {
            return smallestValue(of: input.type)
        }
        return smallestValue(of: input.type.element).map { "[\($0)]" }
    }

    private func smallestValue(of type: TypeReference) -> String? {
        if type.isList { return "[]" }
        let named = self[type.type]
        switch named.name {
        case "ID": return #""usr_00000000000000000000000000""#
        case "Int", "Float", "BigInt": return "1"
        case "Boolean": return "true"
        case "Upload": return nil
        case "DateTime": return #""2026-01-01T00:00:00.000Z""#
        default: break
        }
        switch named.kind {
        case .enum: return named.values.first?.name
        case .inputObject:
            let fields = named.isOneOf ? Array(named.inputFields.prefix(1)) : named.inputFields.filter(\.isRequired)
            var members: [String] = []
            for field in fields {
                guard let value = smallestValue(for: field) else { return nil }
                members.append("\(field.name): \(value)")
            }
            return "{\(members.joined(separator: ", "))}"
        default: return #""x""#
        }
    }
}
