import GraphQLSchema

/// What things of the schema are called in Swift.
struct SwiftNames {
    private let schema: Schema
    private let models: [TypeID: String]

    init(_ schema: Schema) {
        self.schema = schema
        var models: [TypeID: String] = [:]
        for (index, type) in schema.types.enumerated() {
            let directive = type.kind == .scalar ? "swift" : "model"
            if case .string(let name)? = type.appliedDirectives.first(where: { $0.name == directive })?["type"] {
                models[TypeID(index)] = name
            }
        }
        self.models = models
    }

    /// Whether the developer has the type, and the generator makes none.
    func isBound(_ type: TypeID) -> Bool { models[type] != nil }

    /// The Swift type of a named type's values.
    func value(_ type: TypeID) -> String {
        if let model = models[type] { return model }
        let named = schema[type]
        switch named.name {
        case "Int": return "Int32"
        case "Float": return "Double"
        case "Boolean": return "Bool"
        case "String", "ID": return "String"
        default: return named.kind == .scalar ? "String" : named.name
        }
    }

    func binding(_ type: TypeID) -> String { "\(schema[type].name)Binding" }
    func requirements(_ type: TypeID) -> String { "\(schema[type].name)Object" }

    func arguments(_ type: TypeID, _ field: FieldDefinition) -> String {
        "\(schema[type].name)\(Self.capitalized(field.name))Arguments"
    }

    /// The Swift type of a reference: `[Post?]` for `[Post]!`.
    func swiftType(_ reference: TypeReference) -> String {
        let inner = reference.isList ? "[\(swiftType(reference.element))]" : value(reference.type)
        return reference.isNonNull ? inner : inner + "?"
    }

    /// The shape of a resolver's result: `ListOf<Maybe<Object<PostBinding>>>` for `[Post]!`.
    func shape(_ reference: TypeReference) -> String {
        let inner: String
        if reference.isList {
            inner = "ListOf<\(shape(reference.element))>"
        } else if schema[reference.type].isLeaf {
            inner = "Leaf<\(value(reference.type))>"
        } else {
            inner = "Object<\(binding(reference.type))>"
        }
        return reference.isNonNull ? inner : "Maybe<\(inner)>"
    }

    /// The Swift type of an argument or input field: one that may be left out is told apart from null.
    func inputType(_ definition: InputValueDefinition) -> String {
        if definition.type.isNonNull || definition.defaultValue != nil { return swiftType(definition.type) }
        return "InputValue<\(swiftType(definition.type.required))>"
    }

    /// `ROUND_TRIP` as `roundTrip`; names that are no constants stay as they are.
    static func enumCase(_ name: String) -> String {
        guard name.allSatisfy({ $0.isUppercase || $0.isNumber || $0 == "_" }) else { return identifier(name) }
        let words = name.lowercased().split(separator: "_")
        guard let first = words.first else { return identifier(name) }
        return identifier(String(first) + words.dropFirst().map { capitalized(String($0)) }.joined())
    }

    /// A name as Swift can have it where a name is declared.
    static func identifier(_ name: String) -> String { keywords.contains(name) ? "`\(name)`" : name }

    static func capitalized(_ name: String) -> String { name.prefix(1).uppercased() + name.dropFirst() }

    private static let keywords: Set<String> = [
        "as", "associatedtype", "break", "case", "catch", "class", "continue", "default", "defer", "deinit", "do",
        "else",
        "enum", "extension", "fallthrough", "false", "fileprivate", "for", "func", "guard", "if", "import", "in",
        "init",
        "inout", "internal", "is", "let", "nil", "operator", "precedencegroup", "private", "protocol", "public",
        "repeat",
        "rethrows", "return", "self", "Self", "static", "struct", "subscript", "super", "switch", "throw", "throws",
        "true", "try", "typealias", "var", "where", "while",
    ]
}
