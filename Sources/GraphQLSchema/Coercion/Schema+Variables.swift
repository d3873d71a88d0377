public import GraphQLLanguage

/// Everything that is wrong with the variables of a request.
public struct VariableErrors: Error, Sendable {
    public let errors: [GraphQLError]
}

extension Schema {
    /// Coerces the variables of an operation; a variable that is not given and has no default is left out.
    ///
    /// https://spec.graphql.org/September2025/#CoerceVariableValues()
    ///
    /// - Parameter given: an object; of anything else no variable is given.
    /// - Parameter errorLimit: how many faults are reported before the rest is given up.
    public func coerceVariables(
        _ given: Value,
        of operation: Document.Index,
        in document: Document,
        errorLimit: Int = 50
    ) throws(VariableErrors) -> VariableValues {
        let (values, errors) = coercedVariables(given, of: operation, in: document, errorLimit: errorLimit)
        guard errors.isEmpty else { throw VariableErrors(errors: errors) }
        return values
    }

    /// Coerces what can be coerced of the variables of an operation, and says what cannot; that is null among the values.
    public func coercedVariables(
        _ given: Value,
        of operation: Document.Index,
        in document: Document,
        errorLimit: Int = 50
    ) -> (values: VariableValues, errors: [GraphQLError]) {
        var members: [(name: String, value: Value)] = []
        if case .object(let fields) = given { members = fields.map { ($0.name, $0.value) } }
        let lookup = FieldLookup(members)
        var coerced: [Value.Field] = []
        var faults = VariableFaults(limit: errorLimit)
        for definition in document.children(of: operation) where document[definition].kind == .variableDefinition {
            guard let variable = document.child(.variable, of: definition) else { continue }
            let name = document.text(of: variable)
            let value = coerceVariable(name, definition, in: document, given: lookup[name], &faults)
            if let value { coerced.append(Value.Field(name, value)) }
            if faults.isFull { break }
        }
        return (VariableValues(coerced), faults.errors)
    }

    /// - Returns: nil where there is no value, or none that fits.
    private func coerceVariable(
        _ name: String,
        _ definition: Document.Index,
        in document: Document,
        given: Value?,
        _ faults: inout VariableFaults
    ) -> Value? {
        guard let node = document.type(of: definition) else { return nil }
        guard let type = typeReference(node, in: document), self[type.type].isInput else {
            let printed = document.printed(node)
            faults.add(
                "Variable \"$\(name)\" expected value of type \"\(printed)\" which cannot be used as an input type.",
                at: node,
                in: document
            )
            return nil
        }
        guard let given else {
            // A default that does not fit is found by validation.
            if let literal = document.value(of: definition) {
                return coerceLiteral(literal, in: document, to: type, variables: VariableValues())
            }
            if type.isNonNull {
                let written = description(of: type)
                faults.add(
                    "Variable \"$\(name)\" of required type \"\(written)\" was not provided.",
                    at: definition,
                    in: document
                )
            }
            return nil
        }
        if given == .null, type.isNonNull {
            let written = description(of: type)
            faults.add(
                "Variable \"$\(name)\" of non-null type \"\(written)\" must not be null.",
                at: definition,
                in: document
            )
            return nil
        }
        var isSecret: Bool?
        return coerceInput(given, to: type) { path, invalid, message in
            let hides = isSecret ?? isSensitive(variable: name, in: document)
            isSecret = hides
            let (invalid, message) = hides ? (.redacted, "It does not fit its type.") : (invalid, message)
            let place = path.isEmpty ? "" : " at \"\(name)\(path.accessors)\""
            faults.add(
                "Variable \"$\(name)\" got invalid value \(invalid.inspected)\(place); \(message)",
                at: definition,
                in: document
            )
            return !faults.isFull
        }
    }
}

/// The faults found so far. One too many ends the coercion.
private struct VariableFaults {
    let limit: Int
    private(set) var errors: [GraphQLError] = []
    var isFull: Bool { errors.count > limit }

    init(limit: Int) { self.limit = limit }

    /// - Parameter node: what the fault is about; finding its line takes time, which only faults are worth.
    mutating func add(_ message: String, at node: Document.Index, in document: Document) {
        if isFull { return }
        errors.append(
            errors.count < limit
                ? GraphQLError(message, locations: [document.location(of: node)])
                : GraphQLError("Too many errors processing variables, error limit reached. Execution aborted.")
        )
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
