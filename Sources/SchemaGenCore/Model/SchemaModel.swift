import GraphQLSchema

/// Everything that is generated, decided: names, types, places. Emission only writes it down.
struct SchemaModel {
    let options: BindingOptions
    /// The modules in their order; nil stands for what belongs to none.
    let modules: [String?]
    var scalars: [ScalarModel] = []
    var ids: [IDModel] = []
    var enums: [EnumModel] = []
    var inputs: [InputModel] = []
    var arguments: [ArgumentsModel] = []
    /// The struct behind each name that fields call their arguments by.
    var argumentStructNames: [String: String] = [:]
    var failures: [FailureModel] = []
    var objects: [ObjectModel] = []
    var abstracts: [AbstractModel] = []
    /// The schema as the engine gets it.
    let sdl: String
}

/// A scalar of the schema that a Swift type of the program answers.
struct ScalarModel {
    let name: String
    let swiftType: String
    /// Where the Swift type comes from.
    let imported: String?
    let module: String?
    /// The alias by which the compiler checks the type.
    var check: String { name + "ScalarCheck" }
}

/// The type of the ids of one object type.
struct IDModel {
    let type: String
    let module: String?
    var name: String { type + "ID" }
    var tag: String { type + "Tag" }
}

struct EnumModel {
    let name: String
    let module: String?
    let cases: [(name: String, value: String)]
}

/// A property of an input or of arguments.
struct InputFieldModel {
    let name: String
    let swiftType: String
    /// The default as a Swift expression.
    let defaultValue: String?
    let constraint: String?
    /// Whether it may hold the input it is in, and so has to be kept elsewhere.
    var isBoxed = false
    /// What stands in two sets of arguments that are equal.
    var identity: String { "\(name):\(swiftType)=\(defaultValue ?? "")|\(constraint ?? "")" }
}

struct InputModel {
    let name: String
    let module: String?
    let isOneOf: Bool
    let fields: [InputFieldModel]
}

/// The arguments of a field, or of several fields that take the same.
struct ArgumentsModel {
    let name: String
    let module: String?
    let fields: [InputFieldModel]
    /// The names by which the fields call it, where there are several: each with its module.
    var aliases: [(name: String, module: String?)] = []
}

/// The user errors that a mutation may answer.
struct FailureModel {
    let name: String
    /// The mutation type.
    let type: String
    let field: String
    let module: String?
    /// The enum of all codes.
    let codes: String
    let cases: [String]
    var coordinate: String { "\(type).\(field)" }
}

struct ObjectModel {
    let name: String
    /// The number of the type in its schema.
    let number: Int
    let module: String?
    /// The Swift type of its values.
    let swiftType: String
    let origin: ObjectOrigin
    let fields: [FieldModel]
    /// Whether there may be several at once. Of a root there is one, unless a field answers the root type.
    let isPlural: Bool

    var binding: String { name + "Binding" }

    /// The protocol of what the program has to have for the fields of a section.
    func protocolName(of part: String?) -> String { "\(name)\(part == module ? "" : part ?? "")Object" }

    /// The fields of a section that the program answers.
    func requiredFields(of part: String?) -> [FieldModel] {
        fields.filter { $0.module == part && (origin != .value || $0.kind == .resolved) }
    }

    /// The modules whose sections give the type fields, its own first.
    func modules() -> [String?] {
        var modules = [module]
        for field in fields where !modules.contains(field.module) { modules.append(field.module) }
        return modules
    }
}

enum ObjectOrigin: Equatable {
    /// A type of the program.
    case model
    /// A generated struct.
    case value
    /// The one parent of the root fields.
    case root(operation: String)
}

struct FieldModel {
    let name: String
    let coordinate: String
    let number: Int
    let module: String?
    let kind: FieldKind
    /// The Swift type of its value.
    let swiftType: String
    /// The shape of its value, as the engine takes it apart.
    let shape: String
    let arguments: String?
    let argumentNames: [String]
    /// The type of the events of a subscription's field.
    var events: String { SwiftNames.capitalized(name) + "Events" }
    /// Whether events of a subscription's field may fail each by itself.
    let hasFailableEvents: Bool
    /// Whether some values have no JSON form.
    let mayBeUnrepresentable: Bool
}

enum FieldKind: Equatable {
    /// A leaf that the value has as a property.
    case stored
    /// An object that the value has as a property.
    case embedded
    /// The nodes of a connection, which its edges hold.
    case nodesOfEdges
    case resolved
}

/// An interface or union.
struct AbstractModel {
    let name: String
    let module: String?
    let members: [(name: String, type: String, binding: String)]
    var binding: String { name + "Binding" }
}
