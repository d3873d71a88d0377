import GraphQLLanguage

/// A literal in one of its two forms: in a document, where variables may stand in it, or away from any text.
protocol Literal {
    var shape: LiteralShape<Self> { get }
}

/// What a literal is made of.
enum LiteralShape<Part> {
    case null
    /// A number, a string, a Boolean value or the name of an enum value.
    case leaf(Value)
    case list([Part])
    case object([(name: String, value: Part)])
    /// A variable with the value it was coerced to, if it has one.
    case variable(Value?)
}

extension Value: Literal {
    var shape: LiteralShape<Value> {
        switch self {
        case .null: .null
        case .list(let elements): .list(elements)
        case .object(let fields): .object(fields.map { ($0.name, $0.value) })
        default: .leaf(self)
        }
    }
}

/// A literal of a document.
struct DocumentLiteral: Literal {
    let document: Document
    let node: Document.Index
    let variables: VariableValues

    var shape: LiteralShape<DocumentLiteral> {
        switch document[node].kind {
        case .variable: .variable(variables[document.text(of: node)])
        case .nullValue: .null
        case .listValue: .list(document.children(of: node).map(part))
        case .objectValue:
            .object(document.children(of: node).map { (document.text(of: $0), part($0 + 1)) })
        default: .leaf(document.constantValue(node))
        }
    }

    private func part(_ node: Document.Index) -> DocumentLiteral {
        DocumentLiteral(document: document, node: node, variables: variables)
    }
}

extension Literal {
    /// The JSON value a literal stands for where no type says more: names of enum values are strings. Variables without
    /// a value are null in lists and leave out the field of an object; nil when the literal itself is one.
    var plainValue: Value? {
        switch shape {
        case .null: .null
        case .leaf(.enum(let name)): .string(name)
        case .leaf(let value): value
        case .list(let elements): .list(elements.map { $0.plainValue ?? .null })
        case .object(let fields):
            .object(fields.compactMap { field in field.value.plainValue.map { Value.Field(field.name, $0) } })
        case .variable(let value): value
        }
    }
}
