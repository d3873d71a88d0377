public import GraphQLLanguage

extension Schema {
    /// Coerces a literal of a document, in which variables stand for their coerced values; nil where it does not fit.
    ///
    /// https://spec.graphql.org/September2025/#sec-Input-Objects.Input-Coercion and its like for every kind of type.
    public func coerceLiteral(
        _ node: Document.Index,
        in document: Document,
        to type: TypeReference,
        variables: VariableValues
    ) -> Value? {
        coerce(DocumentLiteral(document: document, node: node, variables: variables), to: type)
    }

    /// Coerces a literal that is away from its text, such as a default; nil where it does not fit.
    public func coerceLiteral(_ literal: Value, to type: TypeReference) -> Value? {
        coerce(literal, to: type)
    }

    private func coerce(_ literal: some Literal, to type: TypeReference) -> Value? {
        switch literal.shape {
        case .variable(let value):
            // Its value was coerced to the variable's type, which validation holds against the position.
            return value == .null && type.isNonNull ? nil : value
        case .null:
            return type.isNonNull ? nil : .null
        case .list(let elements) where type.isList:
            return coerce(elements, to: type.element)
        case _ where type.isList:
            return coerce(literal, to: type.element).map { .list([$0]) }
        case .object(let fields) where self[type.type].kind == .inputObject:
            return coerce(fields, to: self[type.type])
        case .leaf(let value) where self[type.type].isLeaf:
            if case .enum = value, self[type.type].kind == .scalar { break }
            return coerceLeafLiteral(value, to: self[type.type])
        case .list, .object, .leaf:
            break
        }
        // What is left fits nothing but a scalar of the schema's own.
        guard self[type.type].isCustomScalar else { return nil }
        return literal.plainValue.flatMap { coerceLeafLiteral($0, to: self[type.type]) }
    }

    private func coerce(_ elements: [some Literal], to type: TypeReference) -> Value? {
        var coerced: [Value] = []
        coerced.reserveCapacity(elements.count)
        for element in elements {
            if case .variable(nil) = element.shape, !type.isNonNull {
                coerced.append(.null)
            } else if let value = coerce(element, to: type) {
                coerced.append(value)
            } else {
                return nil
            }
        }
        return .list(coerced)
    }

    private func coerce(_ fields: [(name: String, value: some Literal)], to type: NamedType) -> Value? {
        let given = FieldLookup(fields)
        var coerced: [Value.Field] = []
        for definition in type.inputFields {
            var literal = given[definition.name]
            if case .variable(nil)? = literal?.shape { literal = nil }
            if let literal {
                guard let value = coerce(literal, to: definition.type) else { return nil }
                coerced.append(Value.Field(definition.name, value))
            } else if let value = definition.coercedDefault {
                coerced.append(Value.Field(definition.name, value))
            } else if definition.type.isNonNull {
                return nil
            }
        }
        if type.isOneOf, coerced.count != 1 || coerced[0].value == .null { return nil }
        return .object(coerced)
    }
}

extension NamedType {
    /// Whether the type is a scalar that the specification does not define.
    var isCustomScalar: Bool {
        kind == .scalar && !["Int", "Float", "String", "Boolean", "ID"].contains(name)
    }
}
