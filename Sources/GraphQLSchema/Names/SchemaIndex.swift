/// The number of a field definition in a ``SchemaIndex``; negative for none.
public typealias FieldID = Int32
/// The number of an argument or input field in a ``SchemaIndex``; negative for none.
public typealias InputID = Int32

/// A schema prepared for look-ups by name: everything that has a name is found by numbers, without a `String`.
///
/// Built once per schema and shared: looking something up changes nothing.
public final class SchemaIndex: Sendable {
    public let schema: Schema
    public let names: NameTable
    /// All fields of all types, then the three meta-fields: a ``FieldID`` is a position here.
    public let fields: [Field]
    /// All arguments of fields and directives and all input fields: an ``InputID`` is a position here.
    public let inputs: [Input]
    /// What stands at the same position in ``inputs``, in words.
    public let inputDefinitions: [InputValueDefinition]
    public let kinds: [NamedType.Kind]
    /// By type: which one of the scalars that the specification defines it is.
    public let builtInScalars: [BuiltInScalar?]
    /// By type: whether it is an input object of which exactly one field is given.
    public let isOneOf: [Bool]
    public let typenameField: FieldID

    /// Where the arguments of each directive lie in ``inputs``.
    @usableFromInline let directiveArguments: [Range<Int32>]
    /// Where the input fields of each type lie in ``inputs``.
    @usableFromInline let inputFields: [Range<Int32>]
    @usableFromInline let typesBySymbol: [Int32]
    @usableFromInline let directivesBySymbol: [Int32]
    @usableFromInline let fieldTable: PairTable
    @usableFromInline let fieldArgumentTable: PairTable
    @usableFromInline let directiveArgumentTable: PairTable
    @usableFromInline let inputFieldTable: PairTable
    @usableFromInline let enumValueTable: PairTable
    @usableFromInline let possibleTypes: PossibleTypes

    public init(_ schema: Schema) {
        self.schema = schema
        kinds = schema.types.map(\.kind)
        builtInScalars = schema.types.map { $0.kind == .scalar ? BuiltInScalar(rawValue: $0.name) : nil }
        isOneOf = schema.types.map(\.isOneOf)
        possibleTypes = PossibleTypes(schema)
        let builder = SchemaIndexBuilder(schema)
        names = builder.names
        fields = builder.fields
        inputs = builder.inputs
        inputDefinitions = builder.inputDefinitions
        typenameField = builder.typenameField
        directiveArguments = builder.directiveArguments
        inputFields = builder.inputFields
        typesBySymbol = builder.typesBySymbol
        directivesBySymbol = builder.directivesBySymbol
        fieldTable = builder.fieldTable
        fieldArgumentTable = builder.fieldArgumentTable
        directiveArgumentTable = builder.directiveArgumentTable
        inputFieldTable = builder.inputFieldTable
        enumValueTable = builder.enumValueTable
    }
}

/// https://spec.graphql.org/September2025/#sec-Scalars.Built-in-Scalars
public enum BuiltInScalar: String, Sendable {
    case int = "Int"
    case float = "Float"
    case string = "String"
    case boolean = "Boolean"
    case id = "ID"
}

extension SchemaIndex {
    /// What the engine has to know of a field definition, without its texts.
    @frozen public struct Field: Sendable {
        public let type: TypeReference
        /// The number of the type that has the field; negative for meta-fields, which are in no list of fields.
        public let parent: Int32
        /// Its position among the fields of its type.
        public let position: Int32
        /// Where its arguments lie in ``SchemaIndex/inputs``.
        public let firstArgument: InputID
        public let endOfArguments: InputID
        public let hasRequiredArguments: Bool

        @inlinable public var isMetaField: Bool { parent < 0 }
    }

    /// What the engine has to know of an argument or input field, without its texts.
    @frozen public struct Input: Sendable {
        public let type: TypeReference
        public let symbol: Symbol
        public let hasDefault: Bool
        public let isRequired: Bool
        public let isDeprecated: Bool
    }
}

extension SchemaIndex {
    /// The number of a type in the schema, or -1.
    @inlinable @inline(__always)
    public func type(_ symbol: Symbol) -> Int32 { symbol < 0 ? -1 : typesBySymbol[Int(symbol)] }

    /// The number of a directive in the schema, or -1.
    @inlinable @inline(__always)
    public func directive(_ symbol: Symbol) -> Int32 { symbol < 0 ? -1 : directivesBySymbol[Int(symbol)] }

    /// A field of a type; the meta-fields count where the specification has them.
    @inlinable @inline(__always)
    public func field(_ symbol: Symbol, of type: Int32) -> FieldID { fieldTable.value(type, symbol) }

    @inlinable @inline(__always)
    public func argument(_ symbol: Symbol, of field: FieldID) -> InputID { fieldArgumentTable.value(field, symbol) }

    @inlinable @inline(__always)
    public func argument(_ symbol: Symbol, ofDirective directive: Int32) -> InputID {
        directiveArgumentTable.value(directive, symbol)
    }

    @inlinable @inline(__always)
    public func inputField(_ symbol: Symbol, of type: Int32) -> InputID { inputFieldTable.value(type, symbol) }

    /// The position of a value among the values of an enum, or -1.
    @inlinable @inline(__always)
    public func enumValue(_ symbol: Symbol, of type: Int32) -> Int32 { enumValueTable.value(type, symbol) }

    @inlinable public func arguments(ofDirective directive: Int32) -> Range<Int32> {
        directiveArguments[Int(directive)]
    }

    @inlinable public func inputFields(of type: Int32) -> Range<Int32> { inputFields[Int(type)] }

    /// Whether a value can be of both types; each must be an object, interface or union.
    @inlinable public func overlap(_ left: Int32, _ right: Int32) -> Bool {
        left == right || possibleTypes.overlap(Int(left), Int(right))
    }

    /// Whether an object type is a possible type of an interface or union.
    @inlinable public func isPossible(_ object: Int32, of abstract: Int32) -> Bool {
        possibleTypes.contains(Int(object), of: Int(abstract))
    }

    /// The definition behind a field's number; meta-fields have none.
    public func definition(of field: FieldID) -> FieldDefinition? {
        let field = fields[Int(field)]
        return field.isMetaField ? nil : schema.types[Int(field.parent)].fields[Int(field.position)]
    }
}
