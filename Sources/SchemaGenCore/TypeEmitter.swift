import GraphQLSchema

/// Writes the schema's types as plain Swift: enums, inputs, arguments, object types without a model, unions.
struct TypeEmitter {
    private let schema: Schema
    private let names: SwiftNames
    private var writer = SwiftWriter()

    static func emit(_ schema: Schema, _ names: SwiftNames) -> String {
        var emitter = TypeEmitter(schema: schema, names: names)
        emitter.writer.line("// Generated from schema.graphql. Changes here are lost with the next build.")
        emitter.writer.line()
        emitter.writer.line("import GraphQLEngine")
        for (index, type) in schema.types.enumerated() where !type.origins.isEmpty {
            emitter.emit(type, TypeID(index))
        }
        return emitter.writer.text
    }

    private init(schema: Schema, names: SwiftNames) {
        self.schema = schema
        self.names = names
    }

    private mutating func emit(_ type: NamedType, _ id: TypeID) {
        switch type.kind {
        case .enum: emitEnum(type)
        case .inputObject: type.isOneOf ? emitOneOf(type) : emitStruct(type.name, type.inputFields)
        case .object:
            if !names.isBound(id) { emitObject(type) }
            for field in type.fields where !field.arguments.isEmpty {
                emitStruct(names.arguments(id, field), field.arguments)
            }
        case .interface, .union: emitAbstract(type)
        case .scalar: break
        }
    }

    private mutating func emitEnum(_ type: NamedType) {
        writer.line()
        writer.block("enum \(type.name): String, Sendable, CaseIterable") { writer in
            for value in type.values {
                writer.line("case \(SwiftNames.enumCase(value.name)) = \"\(value.name)\"")
            }
        }
    }

    private mutating func emitOneOf(_ type: NamedType) {
        let names = names
        writer.line()
        writer.block("enum \(type.name): Sendable") { writer in
            for field in type.inputFields {
                writer.line("case \(SwiftNames.identifier(field.name))(\(names.swiftType(field.type.required)))")
            }
        }
    }

    /// An input object, or the arguments of a field.
    private mutating func emitStruct(_ name: String, _ fields: [InputValueDefinition]) {
        let names = names
        writer.line()
        writer.block("struct \(name): Sendable") { writer in
            for field in fields {
                writer.line("var \(SwiftNames.identifier(field.name)): \(names.inputType(field))")
            }
        }
    }

    private mutating func emitObject(_ type: NamedType) {
        let (schema, names) = (schema, names)
        writer.line()
        let isRoot = schema.isRoot(type.name)
        writer.block("struct \(type.name): Sendable") { writer in
            for field in type.fields where !isRoot && schema.isStored(field) {
                writer.line("var \(SwiftNames.identifier(field.name)): \(names.swiftType(field.type))")
            }
        }
    }

    private mutating func emitAbstract(_ type: NamedType) {
        let (schema, names) = (schema, names)
        writer.line()
        writer.block("enum \(type.name): Sendable") { writer in
            for member in type.possibleTypes {
                writer.line("case \(schema[member].name.caseName)(\(names.value(member)))")
            }
        }
    }
}

extension Schema {
    /// Whether a type is where operations begin: it has no value, and its fields have one parent.
    func isRoot(_ name: String) -> Bool {
        let type = type(named: name)
        return type != nil && (type == queryType || type == mutationType || type == subscriptionType)
    }
}

extension String {
    /// A type's name as the case of a union: `PhysicalItem` as `physicalItem`.
    var caseName: String { SwiftNames.identifier(prefix(1).lowercased() + dropFirst()) }
}
