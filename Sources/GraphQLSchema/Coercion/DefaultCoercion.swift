extension Schema {
    /// Coerces the defaults of all arguments and input fields, once for the life of the schema.
    ///
    /// One that does not fit its type stays nil, and one that contains itself ends where it begins again: schemas that
    /// keep the rules have neither.
    mutating func coerceDefaults() {
        var coercion = DefaultCoercion(schema: self)
        for type in types.indices {
            for field in types[type].inputFields.indices { coercion.coerceDefault(of: field, in: TypeID(type)) }
        }
        // What is read is a copy: a type that is written to must not be shared with it more than once.
        let schema = coercion.schema
        self = schema
        for type in types.indices {
            for field in types[type].fields.indices {
                schema.coerceDefaults(of: &types[type].fields[field].arguments)
            }
        }
        for directive in directives.indices { schema.coerceDefaults(of: &directives[directive].arguments) }
    }

    private func coerceDefaults(of arguments: inout [InputValueDefinition]) {
        for index in arguments.indices where arguments[index].defaultValue != nil {
            arguments[index].coercedDefault = coercedDefault(of: arguments[index])
        }
    }

    private func coercedDefault(of definition: InputValueDefinition) -> Value? {
        definition.defaultValue.flatMap { coerceLiteral($0, to: definition.type) }
    }

    /// Coerces input fields' defaults, each after those it takes its own missing fields from.
    private struct DefaultCoercion {
        var schema: Schema
        private var visited: Set<Place> = []

        private struct Place: Hashable {
            let type: TypeID
            let field: Int
        }

        init(schema: Schema) { self.schema = schema }

        mutating func coerceDefault(of field: Int, in type: TypeID) {
            let definition = schema[type].inputFields[field]
            guard let literal = definition.defaultValue, visited.insert(Place(type: type, field: field)).inserted
            else { return }
            coerceDefaultsNeeded(by: literal, of: definition.type.type)
            schema.types[type.index].inputFields[field].coercedDefault = schema.coercedDefault(of: definition)
        }

        private mutating func coerceDefaultsNeeded(by literal: Value, of type: TypeID) {
            switch literal {
            case .list(let elements):
                for element in elements { coerceDefaultsNeeded(by: element, of: type) }
            case .object(let fields) where schema[type].kind == .inputObject:
                let given = FieldLookup(fields.map { ($0.name, $0.value) })
                for (number, definition) in schema[type].inputFields.enumerated() {
                    if let value = given[definition.name] {
                        coerceDefaultsNeeded(by: value, of: definition.type.type)
                    } else {
                        coerceDefault(of: number, in: type)
                    }
                }
            default: break
            }
        }
    }
}
