import GraphQLSchema

/// The directive by which a schema says who sees a part of it: `@visible(to: [STAFF])` on a type, field, argument, input
/// field or enum value. What has none is seen by everybody.
public struct VisibilityRule: Sendable {
    public var directive: String
    /// The argument that names the classes of requests that see the part.
    public var argument: String

    public init(directive: String = "visible", argument: String = "to") {
        self.directive = directive
        self.argument = argument
    }

    /// The classes that see a part; nil where everybody does.
    func classes(_ directives: [AppliedDirective]) -> [String]? {
        guard let applied = directives.first(where: { $0.name == directive }) else { return nil }
        switch applied.arguments.first(where: { $0.name == argument })?.value {
        case .list(let values)?: return values.compactMap(\.name)
        case let value?: return [value].compactMap(\.name)
        case nil: return []
        }
    }
}

/// The schema as requests of one class see it: what their documents are held against, and what introspection shows.
/// Plans are made with the whole schema, in which everything that is seen has the same name.
final class SchemaView: Sendable {
    /// Part of the key of a document.
    let number: Int
    let schema: Schema
    let introspected: IntrospectedSchema
    let validator: DocumentValidator

    init(number: Int, _ schema: Schema, _ introspected: IntrospectedSchema) {
        self.number = number
        self.schema = schema
        self.introspected = introspected
        validator = DocumentValidator(schema)
    }
}

/// The views of a schema, made once: one for each class that it names, and one for all other requests.
struct SchemaViews: Sendable {
    let standard: SchemaView
    private let classes: [String: SchemaView]

    init(_ planned: PlannableSchema, _ rule: VisibilityRule?) {
        let schema = planned.schema
        guard let rule else {
            standard = SchemaView(number: 0, schema, planned.introspected)
            classes = [:]
            return
        }
        func view(_ number: Int, _ name: String?) -> SchemaView {
            let seen = schema.hiding { directives in
                guard let classes = rule.classes(directives) else { return false }
                return !classes.contains { $0 == name }
            }
            return SchemaView(number: number, seen, IntrospectedSchema(seen))
        }
        standard = view(0, nil)
        var classes: [String: SchemaView] = [:]
        for (index, name) in Self.names(schema, rule).enumerated() { classes[name] = view(index + 1, name) }
        self.classes = classes
    }

    /// What a request of a class sees; one of which the schema does not speak sees what everybody does.
    func view(of visibility: String?) -> SchemaView { visibility.flatMap { classes[$0] } ?? standard }

    private static func names(_ schema: Schema, _ rule: VisibilityRule) -> [String] {
        var names: Set<String> = []
        func read(_ directives: [AppliedDirective]) { names.formUnion(rule.classes(directives) ?? []) }
        for type in schema.types {
            read(type.appliedDirectives)
            type.values.forEach { read($0.appliedDirectives) }
            type.inputFields.forEach { read($0.appliedDirectives) }
            for field in type.fields {
                read(field.appliedDirectives)
                field.arguments.forEach { read($0.appliedDirectives) }
            }
        }
        return names.sorted()
    }
}

extension Value {
    /// The name of a class, as an enum value or a string.
    fileprivate var name: String? {
        switch self {
        case .enum(let name), .string(let name): name
        default: nil
        }
    }
}
