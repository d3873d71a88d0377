public import GraphQLLanguage

extension Schema {
    /// Coerces a literal, in which variables are replaced by their coerced values; nil where it does not fit.
    ///
    /// https://spec.graphql.org/September2025/#sec-Input-Objects.Input-Coercion and its like for every kind of type.
    public func coerceLiteral(
        _ node: Document.Index,
        in document: Document,
        to type: TypeReference,
        variables: [Value.Field]
    ) -> Value? {
        guard let literal = document.literal(node, variables) else { return nil }
        // A variable's value has been coerced to the variable's type, which validation holds against the position.
        if document[node].kind == .variable { return literal == .null && type.isNonNull ? nil : literal }
        return coerceLiteral(literal, to: type)
    }

    /// Coerces a literal that is away from its text, such as a default.
    public func coerceLiteral(_ literal: Value, to type: TypeReference) -> Value? {
        if case .null = literal { return type.isNonNull ? nil : .null }
        if type.isList {
            guard case .list(let elements) = literal else {
                return coerceLiteral(literal, to: type.element).map { .list([$0]) }
            }
            var coerced: [Value] = []
            coerced.reserveCapacity(elements.count)
            for element in elements {
                guard let value = coerceLiteral(element, to: type.element) else { return nil }
                coerced.append(value)
            }
            return .list(coerced)
        }
        let named = self[type.type]
        guard named.kind == .inputObject else { return coerceLeafLiteral(literal, to: named) }
        guard case .object = literal else { return nil }
        var coerced: [Value.Field] = []
        for field in named.inputFields {
            if let value = literal[field.name] {
                guard let value = coerceLiteral(value, to: field.type) else { return nil }
                coerced.append(Value.Field(field.name, value))
            } else if let value = coercedDefault(of: field) {
                coerced.append(Value.Field(field.name, value))
            } else if field.type.isNonNull {
                return nil
            }
        }
        if named.isOneOf {
            guard coerced.count == 1, coerced[0].value != .null else { return nil }
        }
        return .object(coerced)
    }

    /// The default of an argument or input field as a coerced value; nil where there is none, or it does not fit.
    public func coercedDefault(of definition: InputValueDefinition) -> Value? {
        definition.defaultValue.flatMap { coerceLiteral($0, to: definition.type) }
    }

    /// Coerces the arguments of a field or directive, in the order of their definitions.
    ///
    /// https://spec.graphql.org/September2025/#CoerceArgumentValues()
    public func coerceArguments(
        _ definitions: [InputValueDefinition],
        of node: Document.Index,
        in document: Document,
        variables: [Value.Field]
    ) throws(GraphQLError) -> [Value.Field] {
        var coerced: [Value.Field] = []
        for definition in definitions {
            let argument = document.children(of: node).first {
                document[$0].kind == .argument && document.text(of: $0) == definition.name
            }
            func fault(_ what: String, at node: Document.Index) -> GraphQLError {
                GraphQLError("Argument \"\(definition.name)\" \(what)", locations: [document.location(of: node)])
            }
            let typeName = description(of: definition.type)
            guard let argument, let value = document.value(of: argument) else {
                if let value = coercedDefault(of: definition) {
                    coerced.append(Value.Field(definition.name, value))
                } else if definition.type.isNonNull {
                    throw fault("of required type \"\(typeName)\" was not provided.", at: node)
                }
                continue
            }
            var isNull = document[value].kind == .nullValue
            if document[value].kind == .variable {
                let name = document.text(of: value)
                guard let variable = variables.first(where: { $0.name == name }) else {
                    if let value = coercedDefault(of: definition) {
                        coerced.append(Value.Field(definition.name, value))
                    } else if definition.type.isNonNull {
                        throw fault(
                            "of required type \"\(typeName)\" was provided the variable \"$\(name)\" which was not "
                                + "provided a runtime value.",
                            at: value
                        )
                    }
                    continue
                }
                isNull = variable.value == .null
            }
            if isNull, definition.type.isNonNull {
                throw fault("of non-null type \"\(typeName)\" must not be null.", at: value)
            }
            guard
                let result = coerceLiteral(value, in: document, to: definition.type, variables: variables)
            else { throw fault("has invalid value \(document.printed(value)).", at: value) }
            coerced.append(Value.Field(definition.name, result))
        }
        return coerced
    }

    /// The type as it is written: `[Int!]!`.
    public func description(of type: TypeReference) -> String {
        let inner = type.isList ? "[\(description(of: type.element))]" : self[type.type].name
        return type.isNonNull ? inner + "!" : inner
    }
}

extension Document {
    /// A literal with its variables replaced. A variable without a value is null in a list, and leaves out the field it
    /// is the value of; nil when the literal itself is such a variable.
    fileprivate func literal(_ node: Index, _ variables: [Value.Field]) -> Value? {
        switch self[node].kind {
        case .variable:
            let name = text(of: node)
            return variables.first { $0.name == name }?.value
        case .listValue:
            return .list(children(of: node).map { literal($0, variables) ?? .null })
        case .objectValue:
            return .object(
                children(of: node).compactMap { field in
                    literal(field + 1, variables).map { Value.Field(text(of: field), $0) }
                }
            )
        default:
            return constantValue(node)
        }
    }
}
