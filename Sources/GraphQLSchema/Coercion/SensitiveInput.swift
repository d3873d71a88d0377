import GraphQLLanguage

// What `@sensitive` says must not be told in messages.

extension InputValueDefinition {
    var isSensitive: Bool { appliedDirectives.contains { $0.name == "sensitive" } }
}

extension Value {
    static let redacted = Value.string("[redacted]")
}

extension Schema {
    /// The value as messages may show it. Of an object with something sensitive, members that nobody knows are left out too:
    /// they may be a secret under a name that is almost right.
    func shown(_ value: Value, of type: TypeReference) -> Value {
        let named = self[type.type]
        guard named.kind == .inputObject else { return value }
        switch value {
        case .list(let elements): return .list(elements.map { shown($0, of: type) })
        case .object(let members):
            let hasSecrets = named.inputFields.contains(where: \.isSensitive)
            return .object(
                members.map { member in
                    guard let field = named.inputFields.first(where: { $0.name == member.name }) else {
                        return hasSecrets ? Value.Field(member.name, .redacted) : member
                    }
                    return Value.Field(
                        member.name,
                        field.isSensitive ? .redacted : shown(member.value, of: field.type)
                    )
                }
            )
        default: return named.inputFields.contains(where: \.isSensitive) ? .redacted : value
        }
    }

    /// Whether a variable is given to an argument that has the name of a sensitive one. Asked only where it does not fit.
    func isSensitive(variable name: String, in document: Document) -> Bool {
        var names: Set<String> = []
        for type in types {
            for field in type.fields {
                for argument in field.arguments where argument.isSensitive { names.insert(argument.name) }
            }
            for field in type.inputFields where field.isSensitive { names.insert(field.name) }
        }
        guard !names.isEmpty else { return false }
        return document.nodes.indices.contains { index in
            guard [.argument, .objectField].contains(document[index].kind), names.contains(document.text(of: index)),
                let value = document.value(of: index), document[value].kind == .variable
            else { return false }
            return document.text(of: value) == name
        }
    }
}
