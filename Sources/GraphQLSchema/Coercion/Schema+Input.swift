extension Schema {
    /// Coerces a JSON value to an input type, in the order of the schema's fields.
    ///
    /// https://spec.graphql.org/September2025/#sec-Input-Values
    ///
    /// - Parameter report: gets each fault, with the path into the value, and says whether to go on.
    /// - Returns: the value, with null in place of each part that does not fit; nil where it does not fit as a whole.
    public func coerceInput(
        _ value: Value,
        to type: TypeReference,
        report: ([GraphQLError.PathElement], Value, String) -> Bool
    ) -> Value? {
        withoutActuallyEscaping(report) { report in
            var coercion = InputCoercion(schema: self, report: report)
            return coercion.coerce(value, to: type)
        }
    }
}

private struct InputCoercion {
    let schema: Schema
    let report: ([GraphQLError.PathElement], Value, String) -> Bool
    private var path: [GraphQLError.PathElement] = []
    private var goesOn = true
    /// Whether what is looked at is within something sensitive.
    private var isSecret = false

    init(schema: Schema, report: @escaping ([GraphQLError.PathElement], Value, String) -> Bool) {
        self.schema = schema
        self.report = report
    }

    /// - Returns: nil where the value as a whole does not fit.
    mutating func coerce(_ value: Value, to type: TypeReference) -> Value? {
        if value == .null {
            guard type.isNonNull else { return .null }
            return fault(value, "Expected non-nullable type \"\(schema.description(of: type))\" not to be null.")
        }
        if type.isList {
            guard case .list(let elements) = value else {
                return coerce(value, to: type.element).map { .list([$0]) }
            }
            return coerce(elements, to: type.element)
        }
        let named = schema[type.type]
        if named.kind == .inputObject {
            guard case .object(let members) = value else {
                return fault(schema.shown(value, of: type), "Expected type \"\(named.name)\" to be an object.")
            }
            return coerce(members, of: schema.shown(value, of: type), to: named)
        }
        do throws(LeafRefusal) {
            return try schema.coerceLeafInput(value, to: named)
        } catch {
            return fault(value, error.message)
        }
    }

    private mutating func coerce(_ elements: [Value], to type: TypeReference) -> Value {
        var coerced: [Value] = []
        coerced.reserveCapacity(elements.count)
        for (position, element) in elements.enumerated() where goesOn {
            coerced.append(at(.index(position)) { $0.coerce(element, to: type) } ?? .null)
        }
        return .list(coerced)
    }

    private mutating func coerce(_ members: [Value.Field], of object: Value, to type: NamedType) -> Value {
        let given = FieldLookup(members.map { ($0.name, $0.value) })
        var coerced: [(name: String, value: Value?)] = []
        for definition in type.inputFields where goesOn {
            if let value = given[definition.name] {
                let value = at(.key(definition.name), isSecret: definition.isSensitive) {
                    $0.coerce(value, to: definition.type)
                }
                coerced.append((definition.name, value))
            } else if let value = definition.coercedDefault {
                coerced.append((definition.name, value))
            } else if definition.type.isNonNull {
                let written = schema.description(of: definition.type)
                fault(object, "Field \"\(definition.name)\" of required type \"\(written)\" was not provided.")
            }
        }
        refuseUnknown(members, of: object, type)
        if type.isOneOf { checkOneOf(coerced, of: object, type) }
        return .object(coerced.map { Value.Field($0.name, $0.value ?? .null) })
    }

    private mutating func refuseUnknown(_ members: [Value.Field], of object: Value, _ type: NamedType) {
        let known = FieldLookup(type.inputFields.map { ($0.name, ()) })
        for member in members where goesOn && known[member.name] == nil {
            let sentence = Suggestions.sentence(for: member.name, among: type.inputFields.map(\.name))
            fault(object, "Field \"\(member.name)\" is not defined by type \"\(type.name)\".\(sentence)")
        }
    }

    /// https://spec.graphql.org/September2025/#sec-OneOf-Input-Objects
    private mutating func checkOneOf(
        _ coerced: [(name: String, value: Value?)],
        of object: Value,
        _ type: NamedType
    ) {
        if coerced.count != 1 {
            fault(object, "Exactly one key must be specified for OneOf type \"\(type.name)\".")
        }
        if let first = coerced.first, first.value == .null {
            at(.key(first.name)) { _ = $0.fault(.null, "Field \"\(first.name)\" must be non-null.") }
        }
    }

    private mutating func at<Result>(
        _ element: GraphQLError.PathElement,
        isSecret: Bool = false,
        _ body: (inout InputCoercion) -> Result
    ) -> Result {
        path.append(element)
        let wasSecret = self.isSecret
        self.isSecret = wasSecret || isSecret
        defer {
            path.removeLast()
            self.isSecret = wasSecret
        }
        return body(&self)
    }

    @discardableResult
    private mutating func fault(_ value: Value, _ message: String) -> Value? {
        // A message may repeat the value.
        let (value, message) = isSecret ? (.redacted, "It does not fit its type.") : (value, message)
        if goesOn { goesOn = report(path, value, message) }
        return nil
    }
}
