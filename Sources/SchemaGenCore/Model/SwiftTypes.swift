import GraphQLSchema

/// Which Swift types stand for types of the schema.
struct SwiftTypes {
    let schema: Schema
    /// Input types that a mutation can be given: there omitted and null are not the same.
    private let written: Set<TypeID>

    init(_ schema: Schema) {
        self.schema = schema
        written = Self.inputsOfMutations(schema)
    }

    // MARK: Output

    func output(_ type: TypeReference, idOf: AppliedDirective?, field: FieldDefinition, of owner: NamedType) -> String {
        wrap(type, around: leafOrObject(type.type, id: typedID(of: field, in: owner, idOf)))
    }

    /// How the engine takes a value apart.
    func shape(_ type: TypeReference, leaf: String) -> String {
        if !type.isNonNull { return "Maybe<\(shape(type.required, leaf: leaf))>" }
        if type.isList { return "ListOf<\(shape(type.element, leaf: leaf))>" }
        let named = schema[type.type]
        return named.isLeaf ? "Leaf<\(leaf)>" : "Object<\(named.name)Binding>"
    }

    func leafOrObject(_ type: TypeID, id: String) -> String {
        let named = schema[type]
        switch named.kind {
        case .scalar: return scalar(named, id: id)
        case .object: return value(of: named)
        default: return named.name
        }
    }

    /// The Swift type of the values of an object type.
    func value(of type: NamedType) -> String { type.appliedDirectives["model"]?.string("type") ?? type.name }

    private func typedID(of field: FieldDefinition, in owner: NamedType, _ directive: AppliedDirective?) -> String {
        if field.name == "id", owner.hasTypedID(in: schema) { return owner.name + "ID" }
        return id(named: field.name, directive)
    }

    // MARK: Input

    func input(_ value: InputValueDefinition, in use: InputUse) -> String {
        let leaf = leaf(of: value, in: use)
        if use.isOneOf { return wrap(value.type.required, around: leaf) }
        guard !value.type.isNonNull, value.defaultValue == nil, use.tellsOmittedFromNull else {
            return wrap(value.type, around: leaf)
        }
        return "InputValue<\(wrap(value.type.required, around: leaf))>"
    }

    private func leaf(of value: InputValueDefinition, in use: InputUse) -> String {
        let id = id(named: value.name, value.appliedDirectives["idOf"], answering: use.answeredType)
        let named = schema[value.type.type]
        return named.kind == .scalar ? scalar(named, id: id) : named.name
    }

    /// The default as a Swift expression; nil where there is none that can be written.
    func defaultValue(_ value: InputValueDefinition, in use: InputUse) -> String? {
        if use.isOneOf { return nil }
        guard let written = value.defaultValue else {
            if value.type.isNonNull { return nil }
            return use.tellsOmittedFromNull ? ".absent" : "nil"
        }
        return literal(written, of: value.type, leaf(of: value, in: use))
    }

    /// - Parameter leaf: the Swift type of what the value is, or its lists hold.
    private func literal(_ value: Value, of type: TypeReference, _ leaf: String) -> String? {
        if case .null = value { return "nil" }
        if type.isList {
            // One value stands for a list of it.
            guard case .list(let elements) = value else {
                return literal(value, of: type.element, leaf).map { "[\($0)]" }
            }
            let literals = elements.compactMap { literal($0, of: type.element, leaf) }
            return literals.count == elements.count ? "[\(literals.joined(separator: ", "))]" : nil
        }
        let named = schema[type.type]
        switch (named.kind, named.name, value) {
        // With the type's name, because `.none` would be the lack of a value.
        case (.enum, _, .enum(let name)): return "\(leaf).\(SwiftNames.enumCase(name))"
        case (.scalar, "Int", .int(let number)), (.scalar, "Float", .int(let number)): return String(number)
        case (.scalar, "Float", .float(let number)): return String(number)
        case (.scalar, "Boolean", .boolean(let truth)): return String(truth)
        case (.scalar, "ID", .string(let id)): return "\(leaf)(rawValue: \(SwiftNames.literal(id)))"
        case (.scalar, "ID", .int(let id)): return "\(leaf)(rawValue: \"\(id)\")"
        case (.scalar, _, .string(let text)): return leaf == "String" ? SwiftNames.literal(text) : nil
        case (.inputObject, _, .object(let fields)): return literal(fields, of: type.type)
        default: return nil
        }
    }

    private func literal(_ given: [Value.Field], of type: TypeID) -> String? {
        let named = schema[type]
        let use = InputUse.input(tellsOmittedFromNull: tellsOmittedFromNull(type), isOneOf: named.isOneOf)
        var arguments: [String] = []
        for field in named.inputFields {
            guard let value = given.first(where: { $0.name == field.name })?.value else {
                // What is left out must have a default that Swift knows.
                if named.isOneOf || defaultValue(field, in: use) != nil { continue }
                return nil
            }
            guard let written = literal(value, of: field.type, leaf(of: field, in: use)) else { return nil }
            if named.isOneOf { return "\(named.name).\(SwiftNames.member(field.name))(\(written))" }
            let isState = input(field, in: use).hasPrefix("InputValue<")
            let argument = isState ? (written == "nil" ? ".null" : ".value(\(written))") : written
            arguments.append("\(SwiftNames.label(field.name)): \(argument)")
        }
        return "\(named.name)(\(arguments.joined(separator: ", ")))"
    }

    func tellsOmittedFromNull(_ input: TypeID) -> Bool { written.contains(input) }

    private static func inputsOfMutations(_ schema: Schema) -> Set<TypeID> {
        guard let mutation = schema.mutationType else { return [] }
        var found: Set<TypeID> = []
        var open = schema[mutation].fields.flatMap { $0.arguments.map(\.type.type) }
        while let type = open.popLast() {
            guard schema[type].kind == .inputObject, found.insert(type).inserted else { continue }
            open += schema[type].inputFields.map(\.type.type)
        }
        return found
    }

    // MARK: Leaves

    private func scalar(_ type: NamedType, id: String) -> String {
        switch type.name {
        case "ID": id
        case "Int": "Int32"
        case "Float": "Double"
        case "Boolean": "Bool"
        case "String": "String"
        default: type.appliedDirectives["swift"]?.string("type") ?? "String"
        }
    }

    /// The type of an id: what `@idOf` says, else what the name says (`teamId`, `teamIds`; `id` and `ids` are ids of
    /// what the field answers), else any id.
    private func id(named name: String, _ directive: AppliedDirective?, answering: TypeID? = nil) -> String {
        if let directive { return directive.string("type").map { $0 + "ID" } ?? "ID" }
        if name == "id" || name == "ids", let answering, schema[answering].hasTypedID(in: schema) {
            return schema[answering].name + "ID"
        }
        for suffix in ["Ids", "Id"] where name.hasSuffix(suffix) {
            let stem = SwiftNames.capitalized(name.dropLast(suffix.count))
            guard let type = schema.type(named: stem), schema[type].hasTypedID(in: schema) else { break }
            return stem + "ID"
        }
        return "ID"
    }

    private func wrap(_ type: TypeReference, around leaf: String) -> String {
        if !type.isNonNull { return wrap(type.required, around: leaf) + "?" }
        return type.isList ? "[\(wrap(type.element, around: leaf))]" : leaf
    }
}

/// Where an input value is declared, as far as its Swift type depends on it.
enum InputUse {
    case input(tellsOmittedFromNull: Bool, isOneOf: Bool)
    case argument(ofMutation: Bool, answering: TypeID)

    var tellsOmittedFromNull: Bool {
        switch self {
        case .input(let tells, _): tells
        case .argument(let ofMutation, _): ofMutation
        }
    }

    var isOneOf: Bool {
        if case .input(_, true) = self { true } else { false }
    }

    var answeredType: TypeID? {
        if case .argument(_, let type) = self { type } else { nil }
    }
}
