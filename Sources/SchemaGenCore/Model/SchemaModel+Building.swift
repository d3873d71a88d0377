import GraphQLLanguage
import GraphQLSchema

extension SchemaModel {
    init(_ source: SchemaSource, _ sections: Sections, _ options: BindingOptions) {
        let builder = ModelBuilder(source: source, sections: sections)
        self.init(
            options: options,
            modules: [nil] + sections.modules.map(Optional.some),
            sdl: EmbeddedSDL.text(of: source)
        )
        for (number, type) in source.schema.types.enumerated() where !type.origins.isEmpty {
            let module = sections.module(of: type.origins.first, in: source.document)
            switch type.kind {
            case .scalar:
                guard let swift = type.appliedDirectives["swift"], let name = swift.string("type") else { continue }
                scalars.append(
                    ScalarModel(name: type.name, swiftType: name, imported: swift.string("import"), module: module)
                )
            case .enum:
                let cases = type.values.map { (name: SwiftNames.enumCase($0.name), value: $0.name) }
                enums.append(EnumModel(name: type.name, module: module, cases: cases))
            case .inputObject: inputs.append(builder.input(type, TypeID(number), module))
            case .object:
                if type.hasTypedID(in: source.schema) { ids.append(IDModel(type: type.name, module: module)) }
                objects.append(builder.object(type, number, module))
                failures += builder.failures(of: type)
            case .interface, .union: abstracts.append(builder.abstract(type, module))
            }
        }
        arguments = builder.arguments()
        for set in arguments {
            argumentStructNames[set.name] = set.name
            for alias in set.aliases { argumentStructNames[alias.name] = set.name }
        }
    }
}

/// Decides the Swift side of each thing of a schema.
struct ModelBuilder {
    let source: SchemaSource
    let sections: Sections
    let types: SwiftTypes
    private let recursiveInputs: RecursiveInputs
    private var schema: Schema { source.schema }

    init(source: SchemaSource, sections: Sections) {
        self.source = source
        self.sections = sections
        types = SwiftTypes(source.schema)
        recursiveInputs = RecursiveInputs(source.schema)
    }

    private func module(of origin: SourceReference?) -> String? { sections.module(of: origin, in: source.document) }

    // MARK: Input

    func input(_ type: NamedType, _ number: TypeID, _ module: String?) -> InputModel {
        let use = InputUse.input(tellsOmittedFromNull: types.tellsOmittedFromNull(number), isOneOf: type.isOneOf)
        return InputModel(
            name: type.name,
            module: module,
            isOneOf: type.isOneOf,
            fields: type.inputFields.map { field in
                var model = inputField(field, use)
                model.isBoxed = !field.type.isList && recursiveInputs.contains(number, with: field.type.type)
                return model
            }
        )
    }

    private func inputField(_ value: InputValueDefinition, _ use: InputUse) -> InputFieldModel {
        InputFieldModel(
            name: value.name,
            swiftType: types.input(value, in: use),
            defaultValue: types.defaultValue(value, in: use),
            constraint: value.appliedDirectives["constraint"].flatMap(ConstraintLiteral.expression)
        )
    }

    private func arguments(of field: FieldDefinition, in type: NamedType) -> [InputFieldModel] {
        let isMutation = schema.mutationType.map { schema[$0].name } == type.name
        let use = InputUse.argument(ofMutation: isMutation, answering: field.type.type)
        return field.arguments.map { inputField($0, use) }
    }

    /// The arguments of all fields of object types; fields that take the same share one struct.
    func arguments() -> [ArgumentsModel] {
        var order: [String] = []
        var uses: [String: [(name: String, module: String?)]] = [:]
        var fieldsByIdentity: [String: [InputFieldModel]] = [:]
        for type in schema.types where type.kind == .object && !type.origins.isEmpty {
            for field in type.fields where !field.arguments.isEmpty {
                let fields = arguments(of: field, in: type)
                let identity = fields.map(\.identity).joined(separator: "\n")
                if fieldsByIdentity.updateValue(fields, forKey: identity) == nil { order.append(identity) }
                uses[identity, default: []].append((argumentsName(field, type), module(of: field.origin)))
            }
        }
        return order.compactMap { identity in
            guard let fields = fieldsByIdentity[identity], let aliases = uses[identity] else { return nil }
            if aliases.count == 1 {
                return ArgumentsModel(name: aliases[0].name, module: aliases[0].module, fields: fields)
            }
            let modules = aliases.map(\.module)
            let shared = modules.allSatisfy { $0 == modules[0] } ? modules[0] : nil
            let words = fields.prefix(4).map { SwiftNames.capitalized($0.name) }.joined()
            let name = "\(words)Arguments_\(Fingerprint.short(identity))"
            return ArgumentsModel(name: name, module: shared, fields: fields, aliases: aliases)
        }
    }

    private func argumentsName(_ field: FieldDefinition, _ type: NamedType) -> String {
        "\(type.name)\(SwiftNames.capitalized(field.name))Arguments"
    }

    func failures(of type: NamedType) -> [FailureModel] {
        guard let codes = schema.codesOfMayFail else { return [] }
        return type.fields.compactMap { field in
            guard let directive = field.appliedDirectives["mayFail"] else { return nil }
            return FailureModel(
                name: SwiftNames.capitalized(field.name) + "Failure",
                type: type.name,
                field: field.name,
                module: module(of: field.origin),
                codes: schema[codes].name,
                cases: directive.names("with").map(SwiftNames.enumCase)
            )
        }
    }

    // MARK: Output

    func object(_ type: NamedType, _ number: Int, _ module: String?) -> ObjectModel {
        let operation = OperationType.allCases.first { schema.rootType(for: $0) == TypeID(number) }
        let origin: ObjectOrigin
        if let operation {
            origin = .root(operation: operation.rawValue)
        } else {
            origin = type.appliedDirectives.has("model") ? .model : .value
        }
        return ObjectModel(
            name: type.name,
            number: number,
            module: module,
            swiftType: types.value(of: type),
            origin: origin,
            fields: type.fields.enumerated().map { field($1, number: $0, of: type, origin) },
            isPlural: operation == nil
                || schema.types.contains { type in
                    type.kind == .object && type.fields.contains { schema.canAnswer($0, TypeID(number)) }
                }
        )
    }

    private func field(
        _ field: FieldDefinition,
        number: Int,
        of type: NamedType,
        _ origin: ObjectOrigin
    ) -> FieldModel {
        let idOf = field.appliedDirectives["idOf"]
        let swiftType = types.output(field.type, idOf: idOf, field: field, of: type)
        let leaf = types.output(TypeReference(field.type.type).required, idOf: idOf, field: field, of: type)
        return FieldModel(
            name: field.name,
            coordinate: "\(type.name).\(field.name)",
            number: number,
            module: module(of: field.origin),
            kind: kind(of: field, in: type, origin),
            swiftType: swiftType,
            shape: types.shape(field.type, leaf: leaf),
            arguments: field.arguments.isEmpty ? nil : argumentsName(field, type),
            argumentNames: field.arguments.map(\.name),
            hasFailableEvents: origin == .root(operation: "subscription") && field.appliedDirectives.has("resolver"),
            mayBeUnrepresentable: schema[field.type.type].name == "Float"
        )
    }

    private func kind(of field: FieldDefinition, in type: NamedType, _ origin: ObjectOrigin) -> FieldKind {
        if case .root = origin { return .resolved }
        if schema.isStored(field) { return .stored }
        if !field.arguments.isEmpty || field.appliedDirectives.has("resolver") { return .resolved }
        let answered = schema[field.type.type]
        if origin == .value { return isNodesOfEdges(field, of: type) ? .nodesOfEdges : .embedded }
        let isEmbedded = field.appliedDirectives.has("embedded") || answered.appliedDirectives.has("embedded")
        return isEmbedded && answered.isComposite ? .embedded : .resolved
    }

    /// Whether a field is the `nodes` of a connection that has `edges` with a `node` each.
    private func isNodesOfEdges(_ field: FieldDefinition, of type: NamedType) -> Bool {
        guard field.name == "nodes", type.name.hasSuffix("Connection"), field.type.listDepth == 1, field.type.isNonNull,
            let edges = type.fields.first(where: { $0.name == "edges" && $0.arguments.isEmpty })?.type,
            edges.listDepth == 1, edges.isNonNull, edges.element.isNonNull,
            !schema[edges.type].appliedDirectives.has("model"),
            let node = schema[edges.type].fields.first(where: { $0.name == "node" && $0.arguments.isEmpty })
        else { return false }
        return node.type == field.type.element && !node.appliedDirectives.has("resolver")
    }

    func abstract(_ type: NamedType, _ module: String?) -> AbstractModel {
        AbstractModel(
            name: type.name,
            module: module,
            members: type.possibleTypes.map { member in
                let named = schema[member]
                return (named.name, types.value(of: named), named.name + "Binding")
            }
        )
    }
}
