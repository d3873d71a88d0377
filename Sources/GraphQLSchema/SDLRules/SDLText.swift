import GraphQLLanguage

/// What the rules ask of a text: found once, used by all.
struct SDLText: Sendable {
    let document: Document
    let schema: Schema?
    let definitions: [Document.Index]
    /// The definitions of types by name; of several with one name the last.
    let typeDefinitions: [String: Document.Index]
    /// The directives that the text may use: its own before those of the schema.
    let directives: [String: Directive]
    let uses: [DirectiveUse]

    struct Directive: Sendable {
        let isRepeatable: Bool
        let locations: [DirectiveLocation]
        /// With their types as text.
        let requiredArguments: [(name: String, type: String)]
        let argumentNames: [String]
    }

    /// A directive at a place.
    struct DirectiveUse: Sendable {
        let node: Document.Index
        /// The node the directive stands on.
        let holder: Document.Index
        let location: DirectiveLocation
    }

    init(_ document: Document, extending schema: Schema?) {
        self.document = document
        self.schema = schema
        definitions = Array(document.children(of: 0))
        var typeDefinitions: [String: Document.Index] = [:]
        var directives: [String: Directive] = [:]
        let known = schema ?? BuiltIns.schema
        for directive in known.directives { directives[directive.name] = Directive(directive, in: known) }
        for definition in definitions {
            if document[definition].kind.definedType != nil {
                typeDefinitions[document.text(of: definition)] = definition
            } else if document[definition].kind == .directiveDefinition {
                directives[document.text(of: definition)] = Directive(definition, in: document)
            }
        }
        self.typeDefinitions = typeDefinitions
        self.directives = directives
        uses = DirectiveUse.all(in: document)
    }

    /// The existing type that a definition or extension speaks of.
    func existingType(_ definition: Document.Index) -> NamedType? {
        guard let schema, let type = schema.type(named: document.text(of: definition)) else { return nil }
        return schema[type]
    }

    func start(_ node: Document.Index) -> UInt32 { document[node].start }

    func nameStart(_ node: Document.Index) -> UInt32 { document[node].textStart }

    func children(_ kind: Node.Kind, of node: Document.Index) -> some Sequence<Document.Index> {
        document.children(of: node).lazy.filter { document[$0].kind == kind }
    }
}

extension SDLText.Directive {
    fileprivate init(_ directive: DirectiveDefinition, in schema: Schema) {
        isRepeatable = directive.isRepeatable
        locations = directive.locations
        argumentNames = directive.arguments.map(\.name)
        requiredArguments = directive.arguments.filter(\.isRequired).map { ($0.name, schema.description(of: $0.type)) }
    }

    fileprivate init(_ definition: Document.Index, in document: Document) {
        let arguments = document.children(of: definition).filter { document[$0].kind == .inputValueDefinition }
        isRepeatable = document[definition].flags.contains(.repeatable)
        locations = document.children(of: definition)
            .filter { document[$0].kind == .directiveLocation }
            .compactMap { DirectiveLocation(rawValue: document.text(of: $0)) }
        argumentNames = arguments.map(document.text(of:))
        requiredArguments = arguments.compactMap { argument in
            guard let type = document.type(of: argument), document[type].flags.contains(.nonNull),
                document.value(of: argument) == nil
            else { return nil }
            return (document.text(of: argument), document.printed(type))
        }
    }
}

extension SDLText.DirectiveUse {
    fileprivate static func all(in document: Document) -> [Self] {
        var uses: [Self] = []
        var isInputObject = false
        for holder in document.nodes.indices {
            let node = document[holder]
            if node.kind == .inputObjectTypeDefinition || node.kind == .inputObjectTypeExtension {
                isInputObject = true
            } else if node.kind.isDefinition {
                isInputObject = false
            }
            guard let location = node.directiveLocation(isInputObject: isInputObject) else { continue }
            for child in document.children(of: holder) where document[child].kind == .directive {
                uses.append(Self(node: child, holder: holder, location: location))
            }
        }
        return uses
    }
}

extension Node.Kind {
    /// Whether the node is a definition or extension that stands in a document.
    fileprivate var isDefinition: Bool {
        switch self {
        case .operationDefinition, .fragmentDefinition, .schemaDefinition, .schemaExtension, .directiveDefinition: true
        default: definedType != nil || extendedType != nil
        }
    }
}

extension Node {
    /// The location that a directive on the node is at; nil for nodes that carry none.
    fileprivate func directiveLocation(isInputObject: Bool) -> DirectiveLocation? {
        switch kind {
        case .operationDefinition:
            switch operation {
            case .query: .query
            case .mutation: .mutation
            case .subscription: .subscription
            }
        case .field: .field
        case .fragmentSpread: .fragmentSpread
        case .inlineFragment: .inlineFragment
        case .fragmentDefinition: .fragmentDefinition
        case .variableDefinition: .variableDefinition
        case .schemaDefinition, .schemaExtension: .schema
        case .scalarTypeDefinition, .scalarTypeExtension: .scalar
        case .objectTypeDefinition, .objectTypeExtension: .object
        case .interfaceTypeDefinition, .interfaceTypeExtension: .interface
        case .unionTypeDefinition, .unionTypeExtension: .union
        case .enumTypeDefinition, .enumTypeExtension: .enum
        case .inputObjectTypeDefinition, .inputObjectTypeExtension: .inputObject
        case .fieldDefinition: .fieldDefinition
        case .enumValueDefinition: .enumValue
        case .inputValueDefinition: isInputObject ? .inputFieldDefinition : .argumentDefinition
        default: nil
        }
    }
}
