import GraphQLSchema

extension Schema {
    /// The text that selects a field with all that it must be told and nothing else; nil where that is a file, which no
    /// text can be.
    func smallestCall(of field: FieldDefinition) -> String? {
        var arguments: [String] = []
        for argument in field.arguments where argument.isRequired {
            guard let value = smallestValue(of: argument.type) else { return nil }
            arguments.append("\(argument.name): \(value)")
        }
        let list = arguments.isEmpty ? "" : "(\(arguments.joined(separator: ", ")))"
        return field.name + list + (self[field.type.type].isLeaf ? "" : " { __typename }")
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
                guard let value = smallestValue(of: field.type) else { return nil }
                members.append("\(field.name): \(value)")
            }
            return "{\(members.joined(separator: ", "))}"
        default: return #""x""#
        }
    }
}
