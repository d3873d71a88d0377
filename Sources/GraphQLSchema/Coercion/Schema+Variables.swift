public import GraphQLLanguage

/// Everything that is wrong with the variables of a request.
public struct VariableErrors: Error, Sendable {
    public let errors: [GraphQLError]
}

extension Schema {
    /// Coerces the variables of an operation; a variable that is not given and has no default is left out.
    ///
    /// https://spec.graphql.org/September2025/#CoerceVariableValues()
    public func coerceVariables(
        _ given: Value,
        of operation: Document.Index,
        in document: Document,
        errorLimit: Int = 50
    ) throws(VariableErrors) -> [Value.Field] {
        var coerced: [Value.Field] = []
        var faults = Faults(limit: errorLimit)
        for definition in document.children(of: operation) where document[definition].kind == .variableDefinition {
            guard let variable = document.child(.variable, of: definition),
                let typeNode = document.type(of: definition)
            else { continue }
            let name = document.text(of: variable)
            guard let type = typeReference(typeNode, in: document), self[type.type].isInput else {
                faults.add(
                    GraphQLError(
                        "Variable \"$\(name)\" expected value of type \"\(document.printed(typeNode))\" which cannot "
                            + "be used as an input type.",
                        locations: [document.location(of: typeNode)]
                    )
                )
                continue
            }
            func fault(_ what: String) -> GraphQLError {
                GraphQLError("Variable \"$\(name)\" \(what)", locations: [document.location(of: definition)])
            }
            guard let value = given[name] else {
                if let node = document.value(of: definition) {
                    // A default that does not fit is found by validation.
                    if let value = coerceLiteral(node, in: document, to: type, variables: []) {
                        coerced.append(Value.Field(name, value))
                    }
                } else if type.isNonNull {
                    faults.add(fault("of required type \"\(description(of: type))\" was not provided."))
                }
                continue
            }
            if value == .null, type.isNonNull {
                faults.add(fault("of non-null type \"\(description(of: type))\" must not be null."))
                continue
            }
            let result = coerceInput(value, to: type) { path, invalid, message in
                let place = path.isEmpty ? "" : " at \"\(name)\(path.accessors)\""
                return faults.add(fault("got invalid value \(invalid.inspected)\(place); \(message)"))
            }
            if let result { coerced.append(Value.Field(name, result)) }
            if faults.isFull { break }
        }
        guard faults.errors.isEmpty else { throw VariableErrors(errors: faults.errors) }
        return coerced
    }

    /// The type that a node of a document names; nil where the schema has none of that name.
    public func typeReference(_ node: Document.Index, in document: Document) -> TypeReference? {
        var named = node
        var isNonNull: [Bool] = []
        while document[named].kind == .listType {
            isNonNull.append(document[named].flags.contains(.nonNull))
            named += 1
        }
        guard isNonNull.count <= TypeReference.maximumListDepth, let type = type(named: document.text(of: named))
        else { return nil }
        var reference = TypeReference(type)
        if document[named].flags.contains(.nonNull) { reference = reference.required }
        for isRequired in isNonNull.reversed() {
            reference = isRequired ? reference.list.required : reference.list
        }
        return reference
    }

    private struct Faults {
        let limit: Int
        private(set) var errors: [GraphQLError] = []
        private(set) var isFull = false

        init(limit: Int) { self.limit = limit }

        /// Says whether more faults are wanted.
        @discardableResult
        mutating func add(_ error: GraphQLError) -> Bool {
            if isFull { return false }
            if errors.count >= limit {
                errors.append(
                    GraphQLError(
                        "Too many errors processing variables, error limit reached. Execution aborted."
                    )
                )
                isFull = true
                return false
            }
            errors.append(error)
            return true
        }
    }
}

extension Schema {
    /// Coerces a JSON value to an input type, in the order of the schema's fields.
    ///
    /// - Parameter report: gets each fault, with the path into the value, and says whether to go on.
    /// - Returns: the value as far as it fits, or nil.
    @discardableResult
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

/// https://spec.graphql.org/September2025/#sec-Input-Values, for values that come as JSON.
private struct InputCoercion {
    let schema: Schema
    let report: ([GraphQLError.PathElement], Value, String) -> Bool
    private var path: [GraphQLError.PathElement] = []
    private var goesOn = true

    init(schema: Schema, report: @escaping ([GraphQLError.PathElement], Value, String) -> Bool) {
        self.schema = schema
        self.report = report
    }

    /// The value, or nil where it does not fit.
    mutating func coerce(_ value: Value, to type: TypeReference) -> Value? {
        if value == .null {
            guard type.isNonNull else { return .null }
            return fault(
                value,
                "Expected non-nullable type \"\(schema.description(of: type))\" not to be null."
            )
        }
        if type.isList {
            guard case .list(let elements) = value else {
                return coerce(value, to: type.element).map { .list([$0]) }
            }
            var coerced: [Value] = []
            coerced.reserveCapacity(elements.count)
            for (position, element) in elements.enumerated() {
                guard goesOn else { break }
                path.append(.index(position))
                if let value = coerce(element, to: type.element) { coerced.append(value) }
                path.removeLast()
            }
            return .list(coerced)
        }
        let named = schema[type.type]
        if named.kind == .inputObject { return coerceObject(value, to: named) }
        do {
            return try schema.coerceLeafInput(value, to: named)
        } catch {
            return fault(value, error.message)
        }
    }

    private mutating func coerceObject(_ value: Value, to type: NamedType) -> Value? {
        guard case .object(let given) = value else {
            return fault(value, "Expected type \"\(type.name)\" to be an object.")
        }
        // Objects are small or the limits on JSON refuse them; a dictionary keeps hostile ones linear.
        let members = Dictionary(given.map { ($0.name, $0.value) }) { _, last in last }
        var coerced: [Value.Field] = []
        /// The fields that are given, the ones that do not fit among them.
        var present: [String] = []
        for field in type.inputFields {
            guard goesOn else { break }
            if let value = members[field.name] {
                present.append(field.name)
                path.append(.key(field.name))
                if let value = coerce(value, to: field.type) { coerced.append(Value.Field(field.name, value)) }
                path.removeLast()
            } else if let value = schema.coercedDefault(of: field) {
                present.append(field.name)
                coerced.append(Value.Field(field.name, value))
            } else if field.type.isNonNull {
                fault(
                    value,
                    "Field \"\(field.name)\" of required type \"\(schema.description(of: field.type))\" was not "
                        + "provided."
                )
            }
        }
        let names = Set(type.inputFields.map(\.name))
        for member in given where goesOn && !names.contains(member.name) {
            let sentence = Suggestions.sentence(for: member.name, among: type.inputFields.map(\.name))
            fault(value, "Field \"\(member.name)\" is not defined by type \"\(type.name)\".\(sentence)")
        }
        if type.isOneOf {
            if present.count != 1 {
                fault(value, "Exactly one key must be specified for OneOf type \"\(type.name)\".")
            }
            if let first = coerced.first, first.name == present.first, first.value == .null {
                path.append(.key(first.name))
                fault(.null, "Field \"\(first.name)\" must be non-null.")
                path.removeLast()
            }
        }
        return .object(coerced)
    }

    /// Reports what does not fit, and is what that coerces to.
    @discardableResult
    private mutating func fault(_ value: Value, _ message: String) -> Value? {
        if goesOn { goesOn = report(path, value, message) }
        return nil
    }
}

extension [GraphQLError.PathElement] {
    /// The path as code would walk it: `.items[0].name`.
    fileprivate var accessors: String {
        map { element in
            switch element {
            case .key(let key): ".\(key)"
            case .index(let index): "[\(index)]"
            }
        }.joined()
    }
}
