import GraphQLSchema

/// Writes what joins the schema to the developer's code: for each object type a protocol of what it must have, its
/// conformance and its dispatch, and for the schema the entry the engine is made from.
struct BindingEmitter {
    private let schema: Schema
    private let names: SwiftNames
    private var writer = SwiftWriter()

    static func emit(_ schema: Schema, _ names: SwiftNames, sdl: String) -> String {
        var emitter = BindingEmitter(schema: schema, names: names)
        emitter.writer.line("// Generated from schema.graphql. Changes here are lost with the next build.")
        emitter.writer.line()
        emitter.writer.line("import GraphQLEngine")
        emitter.writer.line("import GraphQLLanguage")
        emitter.writer.line("import GraphQLSchema")
        for (index, type) in schema.types.enumerated() where !type.origins.isEmpty {
            switch type.kind {
            case .object: emitter.emitObject(type, TypeID(index))
            case .interface, .union: emitter.emitAbstract(type, TypeID(index))
            case .enum: emitter.emitEnum(type)
            case .inputObject: type.isOneOf ? emitter.emitOneOf(type) : emitter.emitDecoder(type.name, type.inputFields)
            case .scalar: break
            }
        }
        emitter.emitSchema(sdl)
        return emitter.writer.text
    }

    private init(schema: Schema, names: SwiftNames) {
        self.schema = schema
        self.names = names
    }

    // MARK: Objects

    private mutating func emitObject(_ type: NamedType, _ id: TypeID) {
        let isRoot = schema.isRoot(type.name)
        emitRequirements(type, id, isRoot: isRoot)
        writer.line()
        writer.line("extension \(names.value(id)): \(names.requirements(id)) {}")
        for field in type.fields where !field.arguments.isEmpty {
            emitDecoder(names.arguments(id, field), field.arguments)
        }
        let (schema, names) = (schema, names)
        let stored = type.fields.enumerated().filter { !isRoot && schema.isStored($0.element) }
        let resolved = type.fields.enumerated().filter { isRoot || !schema.isStored($0.element) }
        let value = names.value(id)
        writer.line()
        writer.block("enum \(names.binding(id)): ObjectBinding") { writer in
            writer.line("typealias Value = \(value)")
            writer.line("static var typeName: String { \"\(type.name)\" }")
            writer.block("static func write(_ field: Int, of value: \(value), to buffer: inout ResponseBuffer)") {
                writer in
                writer.block("switch field") { writer in
                    for (number, field) in stored {
                        writer.line("case \(number): value.\(SwiftNames.identifier(field.name)).write(to: &buffer)")
                    }
                    writer.line("default: preconditionFailure(\"\(type.name) has no stored field \\(field)\")")
                }
            }
            let floats = stored.filter { schema[$0.element.type.type].name == "Float" }
            if !floats.isEmpty {
                writer.block("static func isRepresentable(_ field: Int, of value: \(value)) -> Bool") { writer in
                    writer.block("switch field") { writer in
                        for (number, field) in floats {
                            writer.line("case \(number): value.\(SwiftNames.identifier(field.name)).isRepresentable")
                        }
                        writer.line("default: true")
                    }
                }
            }
            let signature =
                "static func resolve(_ field: Int, of parents: Batch<\(value)>, _ call: ResolverCall) async throws -> FieldColumn"
            writer.block(signature) { writer in
                let isSubscription = schema.subscriptionType == id
                let answered = isSubscription ? [] : resolved
                if !answered.isEmpty { writer.line("let context = call.context(as: RequestContext.self)") }
                writer.block("switch field") { writer in
                    for (number, field) in answered {
                        let call = Self.call(field, on: value, id, names, parents: isRoot ? nil : "parents")
                        writer.line(
                            "case \(number): return FieldColumn(try await \(call), as: \(names.shape(field.type)).self)"
                        )
                    }
                    writer.line("default: preconditionFailure(\"\(type.name) has no resolved field \\(field)\")")
                }
            }
        }
    }

    /// `PostRow.comments(of: parents, call.arguments(…), in: context)`
    private static func call(
        _ field: FieldDefinition,
        on value: String,
        _ id: TypeID,
        _ names: SwiftNames,
        parents: String?
    ) -> String {
        var arguments: [String] = []
        if let parents { arguments.append("of: \(parents)") }
        if !field.arguments.isEmpty { arguments.append("call.arguments(as: \(names.arguments(id, field)).self)") }
        arguments.append("in: context")
        return "\(value).\(SwiftNames.identifier(field.name))(\(arguments.joined(separator: ", ")))"
    }

    /// The protocol whose requirements are what the developer writes. The comment behind each is the coordinate that
    /// the compiler shows when it is missing.
    private mutating func emitRequirements(_ type: NamedType, _ id: TypeID, isRoot: Bool) {
        let (schema, names) = (schema, names)
        let isSubscription = schema.subscriptionType == id
        writer.line()
        writer.block("protocol \(names.requirements(id)): Sendable") { writer in
            for field in type.fields {
                let coordinate = "// \(type.name).\(field.name)"
                let name = SwiftNames.identifier(field.name)
                if !isRoot, schema.isStored(field) {
                    writer.line("var \(name): \(names.swiftType(field.type)) { get }  \(coordinate)")
                    continue
                }
                var parameters: [String] = []
                if !isRoot { parameters.append("of parents: Batch<Self>") }
                if !field.arguments.isEmpty { parameters.append("_ arguments: \(names.arguments(id, field))") }
                parameters.append("in context: RequestContext")
                let result = names.swiftType(field.type)
                var answer = isRoot ? result : "Results<\(result)>"
                if isSubscription {
                    answer = "\(SwiftNames.capitalized(field.name))Events"
                    writer.line("associatedtype \(answer): AsyncSequence where \(answer).Element == \(result)")
                }
                writer.line(
                    "static func \(name)(\(parameters.joined(separator: ", "))) async throws -> \(answer)  \(coordinate)"
                )
            }
        }
    }

    private mutating func emitAbstract(_ type: NamedType, _ id: TypeID) {
        let (schema, names) = (schema, names)
        writer.line()
        writer.block("enum \(names.binding(id)): CompositeBinding") { writer in
            writer.line("typealias Value = \(type.name)")
            writer.block("struct Storage") { writer in
                for member in type.possibleTypes {
                    writer.line("var \(schema[member].name.caseName): [\(names.value(member))] = []")
                }
            }
            writer.line("static func makeStorage() -> Storage { Storage() }")
            writer.block("static func append(_ value: \(type.name), to storage: inout Storage) -> CompositeIndex") {
                writer in
                writer.block("switch value") { writer in
                    for (partition, member) in type.possibleTypes.enumerated() {
                        let name = schema[member].name.caseName
                        writer.line("case .\(name)(let value):")
                        writer.line("    storage.\(name).append(value)")
                        writer.line(
                            "    return CompositeIndex(partition: \(partition), row: Int32(storage.\(name).count - 1))"
                        )
                    }
                }
            }
            let columns = type.possibleTypes.map {
                "Objects<\(names.binding($0))>(storage.\(schema[$0].name.caseName))"
            }
            writer.line(
                "static func columns(_ storage: Storage) -> [ObjectColumn] { [\(columns.joined(separator: ", "))] }"
            )
        }
    }

    // MARK: Leaves and inputs

    private mutating func emitEnum(_ type: NamedType) {
        writer.line()
        writer.block("extension \(type.name): OutputLeaf, InputDecodable") { writer in
            writer.line("func write(to buffer: inout ResponseBuffer) { buffer.write(rawValue) }")
            writer.block("static func decode(_ value: Value, _ decoder: inout InputDecoder) -> \(type.name)?") {
                writer in
                writer.line("String.decode(value, &decoder).flatMap(\(type.name).init(rawValue:))")
            }
        }
    }

    private mutating func emitOneOf(_ type: NamedType) {
        writer.line()
        writer.block("extension \(type.name): InputDecodable") { writer in
            writer.block("static func decode(_ value: Value, _ decoder: inout InputDecoder) -> \(type.name)?") {
                writer in
                for field in type.inputFields {
                    let name = SwiftNames.identifier(field.name)
                    writer.block("if value[\"\(field.name)\"] != nil") { writer in
                        writer.line("return decoder.field(\"\(field.name)\", of: value).map { .\(name)($0) }")
                    }
                }
                writer.line("return decoder.refuse(\"one of the fields of \(type.name)\")")
            }
        }
    }

    /// Decodes an input object or the arguments of a field, all faults of all fields at once.
    private mutating func emitDecoder(_ name: String, _ fields: [InputValueDefinition]) {
        let (schema, names) = (schema, names)
        writer.line()
        writer.block("extension \(name): InputDecodable") { writer in
            writer.block("static func decode(_ value: Value, _ decoder: inout InputDecoder) -> \(name)?") { writer in
                for field in fields {
                    let local = SwiftNames.identifier(field.name)
                    writer.line(
                        "let \(local): \(names.inputType(field))? = decoder.field(\"\(field.name)\", of: value)"
                    )
                    if let bounds = Self.bounds(of: field, in: schema) {
                        writer.line(
                            "decoder.constrain(\"\(field.name)\", \(local)\(field.isDoublyOptional ? " ?? nil" : ""), \(bounds))"
                        )
                    }
                }
                let locals = fields.map { "let \(SwiftNames.identifier($0.name))" }
                writer.line("guard \(locals.joined(separator: ", ")) else { return nil }")
                let members = fields.map { "\($0.name): \(SwiftNames.identifier($0.name))" }
                writer.line("return \(name)(\(members.joined(separator: ", ")))")
            }
        }
    }

    /// `minLength: 1, maxLength: 80`
    private static func bounds(of field: InputValueDefinition, in schema: Schema) -> String? {
        guard let directive = field.appliedDirectives.first(where: { $0.name == "constraint" }),
            let kind = ConstraintKind(field.type, in: schema)
        else { return nil }
        let bounds = kind.bounds.compactMap { name -> String? in
            guard case .int(let bound)? = directive[name] else { return nil }
            return "\(name): \(bound)"
        }
        return bounds.isEmpty ? nil : bounds.joined(separator: ", ")
    }

    // MARK: Schema

    private mutating func emitSchema(_ sdl: String) {
        let (schema, names) = (schema, names)
        writer.line()
        writer.block("enum GeneratedSchema: SchemaBinding") { writer in
            writer.line("static var sdl: StaticString { \(SwiftWriter.literal(sdl)) }")
            writer.block("static func root(_ operation: OperationType) -> ObjectColumn") { writer in
                writer.block("switch operation") { writer in
                    for (operation, type) in [
                        ("query", schema.queryType), ("mutation", schema.mutationType),
                        ("subscription", schema.subscriptionType),
                    ] {
                        guard let type else { continue }
                        writer.line("case .\(operation): Objects<\(names.binding(type))>([\(names.value(type))()])")
                    }
                    if schema.mutationType == nil || schema.subscriptionType == nil {
                        writer.line("default: preconditionFailure(\"the schema has no \\(operation) type\")")
                    }
                }
            }
            let signature =
                "static func decodeArguments(type: Int, field: Int, _ arguments: [Value.Field], _ decoder: inout InputDecoder) -> DecodedArguments?"
            writer.block(signature) { writer in
                writer.line("let arguments = Value.object(arguments)")
                writer.block("switch (type, field)") { writer in
                    for (index, type) in schema.types.enumerated() where type.kind == .object && !type.origins.isEmpty {
                        for (number, field) in type.fields.enumerated() where !field.arguments.isEmpty {
                            let name = names.arguments(TypeID(index), field)
                            writer.line(
                                "case (\(index), \(number)): return \(name).decode(arguments, &decoder).map { DecodedArguments($0) }"
                            )
                        }
                    }
                    writer.line("default: return nil")
                }
            }
            writer.block("static func subscribe(_ field: Int, _ call: ResolverCall) async throws -> EventStream") {
                writer in
                Self.emitSubscribe(schema, names, &writer)
            }
        }
    }

    private static func emitSubscribe(_ schema: Schema, _ names: SwiftNames, _ writer: inout SwiftWriter) {
        guard let id = schema.subscriptionType else {
            writer.line("preconditionFailure(\"the schema has no subscriptions\")")
            return
        }
        writer.line("let context = call.context(as: RequestContext.self)")
        writer.block("switch field") { writer in
            for (number, field) in schema[id].fields.enumerated() {
                let call = Self.call(field, on: names.value(id), id, names, parents: nil)
                writer.line(
                    "case \(number): return EventStream(try await \(call), as: \(names.shape(field.type)).self)"
                )
            }
            writer.line("default: preconditionFailure(\"\(schema[id].name) has no field \\(field)\")")
        }
    }
}

extension InputValueDefinition {
    /// Whether decoding gives an optional of an optional: the field may be null, and may be refused.
    fileprivate var isDoublyOptional: Bool { !type.isNonNull && defaultValue != nil }
}
