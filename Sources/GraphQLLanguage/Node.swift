/// One node of a parsed document: what it is, where its text lies, and where its subtree ends.
///
/// A document's nodes lie in one array in the order of the text, the children of a node right behind it. So a walk
/// over a subtree is a loop over a range, and a document of any size costs one allocation.
@frozen public struct Node: Sendable {
    public let kind: Kind
    public internal(set) var flags: Flags
    /// Offset of the first byte of the node.
    public let start: UInt32
    /// The node's own text: the name of whatever has one, the token of a value; empty for anything else.
    public internal(set) var textStart: UInt32
    public internal(set) var textEnd: UInt32
    /// Index of the first node behind this node's subtree.
    public internal(set) var next: UInt32

    /// What a node is. The comment lists its children in order; the node's text is its name unless said otherwise.
    public enum Kind: UInt8, Sendable {
        /// definitions
        case document

        /// description?, variableDefinition*, directive*, selectionSet
        case operationDefinition
        /// description?, variable, type, value?, directive*
        case variableDefinition
        /// description?, namedType, directive*, selectionSet
        case fragmentDefinition
        /// field | fragmentSpread | inlineFragment, at least one
        case selectionSet
        /// alias?, argument*, directive*, selectionSet?
        case field
        case alias
        /// value
        case argument
        /// directive*
        case fragmentSpread
        /// namedType?, directive*, selectionSet
        case inlineFragment
        /// argument*
        case directive

        case variable
        /// The text is the number.
        case intValue
        case floatValue
        /// The text is the token with its quotes: see ``Document/stringValue(of:)``.
        case stringValue
        case booleanValue
        case nullValue
        case enumValue
        /// value*
        case listValue
        /// objectField*
        case objectValue
        /// value
        case objectField

        case namedType
        /// type
        case listType

        /// The text is the string token with its quotes.
        case description

        /// description?, directive*, operationTypeDefinition*
        case schemaDefinition, schemaExtension
        /// namedType
        case operationTypeDefinition
        /// description?, directive*
        case scalarTypeDefinition, scalarTypeExtension
        /// description?, namedType* (interfaces), directive*, fieldDefinition*
        case objectTypeDefinition, objectTypeExtension
        case interfaceTypeDefinition, interfaceTypeExtension
        /// description?, directive*, namedType* (members)
        case unionTypeDefinition, unionTypeExtension
        /// description?, directive*, enumValueDefinition*
        case enumTypeDefinition, enumTypeExtension
        /// description?, directive*, inputValueDefinition*
        case inputObjectTypeDefinition, inputObjectTypeExtension
        /// description?, inputValueDefinition* (arguments), type, directive*
        case fieldDefinition
        /// description?, type, value?, directive*
        case inputValueDefinition
        /// description?, directive*
        case enumValueDefinition
        /// description?, inputValueDefinition* (arguments), directiveLocation*
        case directiveDefinition
        case directiveLocation
    }

    @frozen public struct Flags: OptionSet, Sendable {
        public let rawValue: UInt8
        public init(rawValue: UInt8) { self.rawValue = rawValue }

        /// On a type: it carries `!`. A non-null type has no node of its own.
        public static let nonNull = Flags(rawValue: 1)
        /// On a directive definition.
        public static let repeatable = Flags(rawValue: 2)
        /// On strings and descriptions: a block string.
        public static let block = Flags(rawValue: 4)
        /// On strings and descriptions: the token holds escape sequences.
        public static let escapes = Flags(rawValue: 8)
        /// On operation definitions and operation types; neither means query.
        public static let mutation = Flags(rawValue: 16)
        public static let subscription = Flags(rawValue: 32)
        /// On a Boolean value: it is `true`.
        public static let isTrue = Flags(rawValue: 64)
    }

    /// Whether the node has text of its own. An operation without a name has none.
    public var hasText: Bool { textEnd > textStart }
}

public enum OperationType: String, Sendable, CaseIterable {
    case query, mutation, subscription
}

extension Node {
    /// The operation an operation definition or an operation type of the schema stands for.
    public var operation: OperationType {
        if flags.contains(.mutation) { return .mutation }
        return flags.contains(.subscription) ? .subscription : .query
    }
}

extension Node.Kind {
    public var isValue: Bool {
        switch self {
        case .variable, .intValue, .floatValue, .stringValue, .booleanValue, .nullValue, .enumValue, .listValue,
            .objectValue:
            true
        default: false
        }
    }

    public var isType: Bool { self == .namedType || self == .listType }
}
