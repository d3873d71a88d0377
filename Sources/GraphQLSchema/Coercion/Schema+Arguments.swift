public import GraphQLLanguage

extension Schema {
    /// Coerces the arguments of a field or directive, in the order of their definitions.
    ///
    /// https://spec.graphql.org/September2025/#CoerceArgumentValues()
    public func coerceArguments(
        _ definitions: [InputValueDefinition],
        of node: Document.Index,
        in document: Document,
        variables: VariableValues
    ) throws(GraphQLError) -> [Value.Field] {
        var coerced: [Value.Field] = []
        coerced.reserveCapacity(definitions.count)
        for definition in definitions {
            let argument = document.children(of: node).first {
                document[$0].kind == .argument && document.text(of: $0) == definition.name
            }
            let literal = argument.flatMap(document.value(of:))
            let value = try coerceArgument(definition, literal, of: node, in: document, variables)
            if let value { coerced.append(Value.Field(definition.name, value)) }
        }
        return coerced
    }

    /// - Returns: nil where neither a value is given nor one needed.
    private func coerceArgument(
        _ definition: InputValueDefinition,
        _ literal: Document.Index?,
        of node: Document.Index,
        in document: Document,
        _ variables: VariableValues
    ) throws(GraphQLError) -> Value? {
        let type = definition.type
        func fault(_ what: String, at node: Document.Index) -> GraphQLError {
            GraphQLError("Argument \"\(definition.name)\" \(what)", locations: [document.location(of: node)])
        }
        guard let literal else {
            if !type.isNonNull || definition.coercedDefault != nil { return definition.coercedDefault }
            throw fault("of required type \"\(description(of: type))\" was not provided.", at: node)
        }
        var isNull = document[literal].kind == .nullValue
        if document[literal].kind == .variable {
            let name = document.text(of: literal)
            guard let value = variables[name] else {
                if !type.isNonNull || definition.coercedDefault != nil { return definition.coercedDefault }
                throw fault(
                    "of required type \"\(description(of: type))\" was provided the variable \"$\(name)\" which was "
                        + "not provided a runtime value.",
                    at: literal
                )
            }
            isNull = value == .null
        }
        if isNull, type.isNonNull {
            throw fault("of non-null type \"\(description(of: type))\" must not be null.", at: literal)
        }
        guard let value = coerceLiteral(literal, in: document, to: type, variables: variables) else {
            throw fault("has invalid value \(document.printed(literal)).", at: literal)
        }
        return value
    }
}
