import GraphQLLanguage

/// Adds the definitions and extensions of texts to the dense arrays of a schema, in the order of the texts.
///
/// Never fails: what cannot be represented, such as a field of an unknown type, is left out. The rules for documents
/// of the type system find every such place, so a schema whose text keeps them is complete.
struct SchemaBuilder {
    var schema: Schema
    var document = BuiltIns.document
    /// Where the document is among the schema's; nil for the built-in definitions, which have no origin.
    private var documentNumber: Int?

    /// A schema from texts that define it together.
    static func build(_ documents: [Document]) -> Schema {
        var builder = SchemaBuilder(schema: Schema())
        // All names first, so that references find types that are defined further on.
        for document in documents { builder.declareTypes(of: document, isBuiltIn: false) }
        builder.declareBuiltIns()
        builder.define(documents)
        builder.addConventionalRoots()
        return builder.finished()
    }

    /// A schema with what a text adds to it. Numbers of types stay what they are.
    static func extend(_ schema: Schema, by document: Document) -> Schema {
        var builder = SchemaBuilder(schema: schema)
        builder.declareTypes(of: document, isBuiltIn: false)
        builder.define([document])
        return builder.finished()
    }

    /// A schema that comes from no text.
    init() {
        self.init(schema: Schema())
    }

    private init(schema: Schema) {
        self.schema = schema
    }

    private mutating func define(_ documents: [Document]) {
        for document in documents {
            self.document = document
            documentNumber = schema.documents.count
            schema.documents.append(document)
            define()
        }
    }

    /// Adds the built-in types without their members, behind all types that are there.
    mutating func declareBuiltIns() {
        declareTypes(of: BuiltIns.document, isBuiltIn: true)
    }

    /// The schema with all that follows from its definitions.
    consuming func finished() -> Schema {
        if let type = schema.type(named: "__Schema"), schema[type].fields.isEmpty {
            document = BuiltIns.document
            documentNumber = nil
            define()
        }
        collectPossibleTypes()
        schema.coerceDefaults()
        return schema
    }

    func origin(_ node: Document.Index) -> SourceReference? {
        documentNumber.map { SourceReference(document: $0, node: node) }
    }

    // MARK: Names

    private mutating func declareTypes(of document: Document, isBuiltIn: Bool) {
        for definition in document.children(of: 0) {
            guard let kind = document[definition].kind.definedType else { continue }
            let name = document.text(of: definition)
            // The built-in types are what they are, whatever a text says.
            guard isBuiltIn || !BuiltIns.typeNames.contains(name), schema.typesByName[name] == nil else { continue }
            declare(NamedType(name: name, kind: kind))
        }
    }

    mutating func declare(_ type: NamedType) {
        schema.typesByName[type.name] = TypeID(schema.types.count)
        schema.types.append(type)
    }

    func type(named node: Document.Index) -> TypeID? { schema.typesByName[document.text(of: node)] }

    // MARK: Definitions

    private mutating func define() {
        for definition in document.children(of: 0) {
            switch document[definition].kind {
            case .schemaDefinition, .schemaExtension: defineSchema(definition)
            case .directiveDefinition: defineDirective(definition)
            default:
                let kind = document[definition].kind
                guard let kind = kind.definedType ?? kind.extendedType, let type = type(named: definition),
                    schema[type].kind == kind,
                    documentNumber == nil || !BuiltIns.typeNames.contains(schema[type].name)
                else { continue }
                // Taken out while it grows: a type of many extensions is not copied for each.
                var grown = NamedType(name: schema[type].name, kind: kind)
                swap(&grown, &schema.types[type.index])
                define(&grown, definition)
                swap(&grown, &schema.types[type.index])
            }
        }
    }

    private mutating func defineSchema(_ definition: Document.Index) {
        if let origin = origin(definition) { schema.origins.append(origin) }
        if let description = document.description(of: definition) { schema.description = description }
        for child in document.children(of: definition) {
            switch document[child].kind {
            case .directive: schema.appliedDirectives.append(appliedDirective(child))
            case .operationTypeDefinition:
                guard let type = document.child(.namedType, of: child).flatMap(type(named:)) else { continue }
                switch document[child].operation {
                case .query: schema.queryType = schema.queryType ?? type
                case .mutation: schema.mutationType = schema.mutationType ?? type
                case .subscription: schema.subscriptionType = schema.subscriptionType ?? type
                }
            default: continue
            }
        }
    }

    private mutating func defineDirective(_ definition: Document.Index) {
        schema.append(
            DirectiveDefinition(
                name: document.text(of: definition),
                description: document.description(of: definition),
                arguments: inputValues(of: definition),
                isRepeatable: document[definition].flags.contains(.repeatable),
                locations: document.children(of: definition)
                    .filter { document[$0].kind == .directiveLocation }
                    .compactMap { DirectiveLocation(rawValue: document.text(of: $0)) },
                origin: origin(definition)
            )
        )
    }

    // MARK: What follows from all definitions

    private mutating func collectPossibleTypes() {
        for index in schema.types.indices where schema.types[index].kind == .interface {
            schema.types[index].possibleTypes = []
        }
        for index in schema.types.indices where schema.types[index].kind == .object {
            let interfaces = schema.types[index].interfaces
            for (position, interface) in interfaces.enumerated() where schema[interface].kind == .interface {
                // One that is named twice is an error, and still one possible type.
                if interfaces[..<position].contains(interface) { continue }
                schema.types[interface.index].possibleTypes.append(TypeID(index))
            }
        }
    }

    /// Types with the usual names are where operations begin, unless the schema says itself where.
    ///
    /// https://spec.graphql.org/September2025/#sec-Root-Operation-Types.Default-Root-Operation-Type-Names
    private mutating func addConventionalRoots() {
        if schema.documents.contains(where: { $0.child(.schemaDefinition, of: 0) != nil }) { return }
        schema.queryType = schema.typesByName[OperationType.query.conventionalTypeName] ?? schema.queryType
        schema.mutationType = schema.typesByName[OperationType.mutation.conventionalTypeName] ?? schema.mutationType
        schema.subscriptionType =
            schema.typesByName[OperationType.subscription.conventionalTypeName] ?? schema.subscriptionType
    }
}

extension OperationType {
    /// https://spec.graphql.org/September2025/#sec-Root-Operation-Types.Default-Root-Operation-Type-Names
    var conventionalTypeName: String {
        switch self {
        case .query: "Query"
        case .mutation: "Mutation"
        case .subscription: "Subscription"
        }
    }
}
