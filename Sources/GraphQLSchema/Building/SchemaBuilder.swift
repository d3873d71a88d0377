import GraphQLLanguage

/// Makes the dense arrays of a schema from the nodes of its texts, definitions and extensions in the order of the text.
///
/// Never fails: what cannot be represented, such as a field of an unknown type, is left out. The rules for documents
/// of the type system find every such place, so a schema whose text keeps them is complete.
struct SchemaBuilder {
    private var schema: Schema
    private var document: Document
    private var documentNumber = 0

    static func build(_ documents: [Document]) -> Schema {
        var builder = SchemaBuilder()
        let all = documents + [BuiltIns.document]
        // All names first, so that references find types that are defined further on.
        for document in documents { builder.declareTypes(of: document, isBuiltIn: false) }
        builder.declareTypes(of: BuiltIns.document, isBuiltIn: true)
        for (number, document) in all.enumerated() {
            builder.document = document
            builder.documentNumber = number
            builder.define(isBuiltIn: number == documents.count)
        }
        builder.schema.documents = documents
        builder.addPossibleTypes()
        builder.addConventionalRoots()
        return builder.schema
    }

    private init() {
        schema = Schema()
        document = BuiltIns.document
    }

    // MARK: Names

    private mutating func declareTypes(of document: Document, isBuiltIn: Bool) {
        for definition in document.children(of: 0) {
            guard let kind = document[definition].kind.definedType else { continue }
            let name = document.text(of: definition)
            // The built-in types are what they are, whatever a text says.
            guard schema.typesByName[name] == nil, isBuiltIn || !BuiltIns.typeNames.contains(name) else { continue }
            schema.typesByName[name] = TypeID(schema.types.count)
            schema.types.append(NamedType(name: name, kind: kind))
        }
    }

    // MARK: Definitions

    private mutating func define(isBuiltIn: Bool) {
        for definition in document.children(of: 0) {
            switch document[definition].kind {
            case .schemaDefinition, .schemaExtension: defineSchema(definition)
            case .directiveDefinition: defineDirective(definition, isBuiltIn: isBuiltIn)
            default:
                let kind = document[definition].kind
                let name = document.text(of: definition)
                guard let kind = kind.definedType ?? kind.extendedType, let type = schema.typesByName[name],
                    schema[type].kind == kind, isBuiltIn || !BuiltIns.typeNames.contains(name)
                else { continue }
                defineType(type, definition, isBuiltIn: isBuiltIn)
            }
        }
    }

    private mutating func defineSchema(_ definition: Document.Index) {
        schema.origins.append(origin(definition))
        if let description = document.description(of: definition) { schema.description = description }
        for child in document.children(of: definition) {
            switch document[child].kind {
            case .directive: schema.appliedDirectives.append(appliedDirective(child))
            case .operationTypeDefinition:
                guard let name = document.child(.namedType, of: child),
                    let type = schema.typesByName[document.text(of: name)]
                else { continue }
                switch document[child].operation {
                case .query: schema.queryType = schema.queryType ?? type
                case .mutation: schema.mutationType = schema.mutationType ?? type
                case .subscription: schema.subscriptionType = schema.subscriptionType ?? type
                }
            default: continue
            }
        }
    }

    private mutating func defineDirective(_ definition: Document.Index, isBuiltIn: Bool) {
        let name = document.text(of: definition)
        guard !schema.directives.contains(where: { $0.name == name }) else { return }
        schema.directives.append(
            DirectiveDefinition(
                name: name,
                description: document.description(of: definition),
                arguments: inputValues(of: definition),
                isRepeatable: document[definition].flags.contains(.repeatable),
                locations: document.children(of: definition)
                    .filter { document[$0].kind == .directiveLocation }
                    .compactMap { DirectiveLocation(rawValue: document.text(of: $0)) },
                origin: isBuiltIn ? nil : origin(definition)
            )
        )
    }

    private mutating func defineType(_ id: TypeID, _ definition: Document.Index, isBuiltIn: Bool) {
        var type = schema[id]
        if !isBuiltIn { type.origins.append(origin(definition)) }
        for child in document.children(of: definition) {
            switch document[child].kind {
            case .description: type.description = document.stringValue(of: child)
            case .directive:
                let directive = appliedDirective(child)
                switch directive.name {
                case "specifiedBy": type.specifiedByURL = directive["url"]?.text
                case "oneOf": type.isOneOf = type.kind == .inputObject
                default: break
                }
                type.appliedDirectives.append(directive)
            case .namedType:
                guard let named = schema.typesByName[document.text(of: child)] else { continue }
                if type.kind == .union { type.possibleTypes.append(named) } else { type.interfaces.append(named) }
            case .fieldDefinition:
                if let field = field(child) { type.fields.append(field) }
            case .inputValueDefinition:
                if let field = inputValue(child) { type.inputFields.append(field) }
            case .enumValueDefinition:
                let directives = appliedDirectives(of: child)
                type.values.append(
                    EnumValueDefinition(
                        name: document.text(of: child),
                        description: document.description(of: child),
                        deprecationReason: Self.deprecationReason(directives),
                        appliedDirectives: directives,
                        origin: origin(child)
                    )
                )
            default: continue
            }
        }
        schema.types[id.index] = type
    }

    private func field(_ definition: Document.Index) -> FieldDefinition? {
        guard let type = document.type(of: definition).flatMap(typeReference) else { return nil }
        let directives = appliedDirectives(of: definition)
        return FieldDefinition(
            name: document.text(of: definition),
            description: document.description(of: definition),
            arguments: inputValues(of: definition),
            type: type,
            deprecationReason: Self.deprecationReason(directives),
            appliedDirectives: directives,
            origin: origin(definition)
        )
    }

    private func inputValues(of definition: Document.Index) -> [InputValueDefinition] {
        document.children(of: definition).filter { document[$0].kind == .inputValueDefinition }.compactMap(inputValue)
    }

    private func inputValue(_ definition: Document.Index) -> InputValueDefinition? {
        guard let type = document.type(of: definition).flatMap(typeReference) else { return nil }
        let directives = appliedDirectives(of: definition)
        return InputValueDefinition(
            name: document.text(of: definition),
            description: document.description(of: definition),
            type: type,
            defaultValue: document.value(of: definition).map(document.constantValue),
            deprecationReason: Self.deprecationReason(directives),
            appliedDirectives: directives,
            origin: origin(definition)
        )
    }

    private func typeReference(_ node: Document.Index) -> TypeReference? {
        var named = node
        var isNonNull: [Bool] = []
        while document[named].kind == .listType {
            isNonNull.append(document[named].flags.contains(.nonNull))
            named += 1
        }
        guard isNonNull.count <= TypeReference.maximumListDepth,
            let type = schema.typesByName[document.text(of: named)]
        else { return nil }
        var reference = TypeReference(type)
        if document[named].flags.contains(.nonNull) { reference = reference.required }
        for isRequired in isNonNull.reversed() {
            reference = isRequired ? reference.list.required : reference.list
        }
        return reference
    }

    // MARK: Directives

    private func appliedDirectives(of definition: Document.Index) -> [AppliedDirective] {
        document.children(of: definition).filter { document[$0].kind == .directive }.map(appliedDirective)
    }

    private func appliedDirective(_ node: Document.Index) -> AppliedDirective {
        let arguments = document.children(of: node).compactMap { argument in
            document.value(of: argument).map {
                Value.Field(document.text(of: argument), document.constantValue($0))
            }
        }
        return AppliedDirective(name: document.text(of: node), arguments: arguments, origin: origin(node))
    }

    private static func deprecationReason(_ directives: [AppliedDirective]) -> String? {
        guard let deprecated = directives.first(where: { $0.name == "deprecated" }) else { return nil }
        guard let reason = deprecated["reason"] else { return "No longer supported" }
        return reason.text
    }

    private func origin(_ node: Document.Index) -> SourceReference {
        SourceReference(document: documentNumber, node: node)
    }

    // MARK: What follows from all definitions

    private mutating func addPossibleTypes() {
        for (index, type) in schema.types.enumerated() where type.kind == .object {
            for interface in type.interfaces where schema[interface].kind == .interface {
                schema.types[interface.index].possibleTypes.append(TypeID(index))
            }
        }
    }

    /// https://spec.graphql.org/September2025/#sec-Root-Operation-Types.Default-Root-Operation-Type-Names
    private mutating func addConventionalRoots() {
        let hasDefinition = schema.documents.contains { document in
            document.child(.schemaDefinition, of: 0) != nil
        }
        guard !hasDefinition else { return }
        schema.queryType = schema.queryType ?? schema.typesByName["Query"]
        schema.mutationType = schema.mutationType ?? schema.typesByName["Mutation"]
        schema.subscriptionType = schema.subscriptionType ?? schema.typesByName["Subscription"]
    }
}

extension AppliedDirective {
    /// The argument of a name, as it is written.
    public subscript(name: String) -> Value? { arguments.first { $0.name == name }?.value }
}

extension Value {
    /// The text of a string.
    fileprivate var text: String? {
        guard case .string(let text) = self else { return nil }
        return text
    }
}

extension Node.Kind {
    /// The kind of type a definition defines.
    var definedType: NamedType.Kind? {
        switch self {
        case .scalarTypeDefinition: .scalar
        case .objectTypeDefinition: .object
        case .interfaceTypeDefinition: .interface
        case .unionTypeDefinition: .union
        case .enumTypeDefinition: .enum
        case .inputObjectTypeDefinition: .inputObject
        default: nil
        }
    }

    /// The kind of type an extension extends.
    var extendedType: NamedType.Kind? {
        switch self {
        case .scalarTypeExtension: .scalar
        case .objectTypeExtension: .object
        case .interfaceTypeExtension: .interface
        case .unionTypeExtension: .union
        case .enumTypeExtension: .enum
        case .inputObjectTypeExtension: .inputObject
        default: nil
        }
    }
}
