public import GraphQLLanguage

/// A type system as dense arrays: types, fields, arguments and values are found by number, in the order of the text.
///
/// A schema may break the rules of the type system: ``Schema/problems(_:)`` tells. Everything else in the engine takes
/// schemas that keep them.
public struct Schema: Sendable {
    public internal(set) var description: String?
    public internal(set) var types: [NamedType] = []
    public internal(set) var directives: [DirectiveDefinition] = []
    public internal(set) var queryType: TypeID?
    public internal(set) var mutationType: TypeID?
    public internal(set) var subscriptionType: TypeID?
    /// Directives on the schema definition and its extensions.
    public internal(set) var appliedDirectives: [AppliedDirective] = []
    /// The schema definition and its extensions, where the text has any.
    public internal(set) var origins: [SourceReference] = []
    /// The texts the schema was built from: origins point into them.
    public internal(set) var documents: [Document] = []
    public internal(set) var typesByName: [String: TypeID] = [:]
    /// Takes the values of scalars that the specification does not define; without it they are taken as they are.
    public var scalarInput: ScalarInput? {
        didSet { coerceDefaults() }
    }
    /// Where in ``directives`` each one is.
    private var directiveNumbers: [String: Int] = [:]

    @inlinable public subscript(type: TypeID) -> NamedType {
        _read { yield types[type.index] }
    }

    public func type(named name: String) -> TypeID? { typesByName[name] }

    public func rootType(for operation: OperationType) -> TypeID? {
        switch operation {
        case .query: queryType
        case .mutation: mutationType
        case .subscription: subscriptionType
        }
    }

    public func directive(named name: String) -> DirectiveDefinition? {
        directiveNumbers[name].map { directives[$0] }
    }

    /// Adds a directive, unless there is one of that name: the first counts.
    mutating func append(_ directive: DirectiveDefinition) {
        guard directiveNumbers[directive.name] == nil else { return }
        directiveNumbers[directive.name] = directives.count
        directives.append(directive)
    }

    /// Takes definitions of directives away. Where they are used they still are.
    public mutating func removeDirectives(_ names: Set<String>) {
        let kept = directives.filter { !names.contains($0.name) }
        directives = []
        directiveNumbers = [:]
        for directive in kept { append(directive) }
    }
}

/// Where in the texts of a schema something is written: the number of a document and of a node in it.
public struct SourceReference: Hashable, Sendable {
    public let document: Int
    public let node: Document.Index

    public init(document: Int, node: Document.Index) {
        self.document = document
        self.node = node
    }
}

/// A type with a name: what `type`, `interface`, `union`, `enum`, `input` and `scalar` define.
public struct NamedType: Sendable {
    public enum Kind: UInt8, Sendable {
        case scalar, object, interface, union, `enum`, inputObject
    }

    public let name: String
    public let kind: Kind
    public internal(set) var description: String?
    /// Of scalars: the argument of `@specifiedBy`.
    public internal(set) var specifiedByURL: String?
    /// Of input objects: exactly one field has to be given.
    public internal(set) var isOneOf = false
    /// Of objects and interfaces.
    public internal(set) var fields: [FieldDefinition] = []
    /// Of objects and interfaces: what they implement.
    public internal(set) var interfaces: [TypeID] = []
    /// Of unions: their members. Of interfaces: the object types that implement them.
    public internal(set) var possibleTypes: [TypeID] = []
    public internal(set) var values: [EnumValueDefinition] = []
    public internal(set) var inputFields: [InputValueDefinition] = []
    public internal(set) var appliedDirectives: [AppliedDirective] = []
    /// The definition, then its extensions; none for built-in types.
    public internal(set) var origins: [SourceReference] = []

    public var isLeaf: Bool { kind == .scalar || kind == .enum }
    public var isComposite: Bool { kind == .object || kind == .interface || kind == .union }
    public var isAbstract: Bool { kind == .interface || kind == .union }
    public var isInput: Bool { kind == .scalar || kind == .enum || kind == .inputObject }
    public var isOutput: Bool { kind != .inputObject }
}

public struct FieldDefinition: Sendable {
    public let name: String
    public internal(set) var description: String?
    public internal(set) var arguments: [InputValueDefinition]
    public internal(set) var type: TypeReference
    public internal(set) var deprecationReason: String?
    public internal(set) var appliedDirectives: [AppliedDirective]
    public internal(set) var origin: SourceReference?
}

/// An argument or a field of an input object.
public struct InputValueDefinition: Sendable {
    public let name: String
    public internal(set) var description: String?
    public internal(set) var type: TypeReference
    /// The default as it is written, before coercion.
    public internal(set) var defaultValue: Value?
    /// The default as a value of the type; nil where there is none, or it does not fit.
    public internal(set) var coercedDefault: Value?
    public internal(set) var deprecationReason: String?
    public internal(set) var appliedDirectives: [AppliedDirective]
    public internal(set) var origin: SourceReference?

    /// Whether a value has to be given.
    public var isRequired: Bool { type.isNonNull && defaultValue == nil }
}

public struct EnumValueDefinition: Sendable {
    public let name: String
    public internal(set) var description: String?
    public internal(set) var deprecationReason: String?
    public internal(set) var appliedDirectives: [AppliedDirective]
    public internal(set) var origin: SourceReference?
}

public struct DirectiveDefinition: Sendable {
    public let name: String
    public internal(set) var description: String?
    public internal(set) var arguments: [InputValueDefinition]
    public internal(set) var isRepeatable: Bool
    public internal(set) var locations: [DirectiveLocation]
    public internal(set) var origin: SourceReference?
}

/// A directive where a schema uses it, with the arguments as they are written.
public struct AppliedDirective: Sendable {
    public let name: String
    public internal(set) var arguments: [Value.Field]
    public internal(set) var origin: SourceReference?
}
