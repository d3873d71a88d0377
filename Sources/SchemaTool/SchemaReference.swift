import GraphQLLanguage
import GraphQLSchema

/// A schema as Markdown: what can be asked first, then the types, each member with what is said of it.
struct SchemaReference {
    private let schema: Schema
    private let linked: Set<TypeID>
    private(set) var text = ""

    init(_ schema: Schema) {
        self.schema = schema
        let roots = OperationType.allCases.compactMap { schema.rootType(for: $0) }
        let own = schema.ownTypes.compactMap { schema.type(named: $0.name) }.filter { !roots.contains($0) }
        linked = Set(own)
        text = "# Reference\n\nWritten from the schema by `atrium-schema reference`: change the descriptions there."
        for (title, operation) in [
            ("Queries", OperationType.query), ("Mutations", .mutation), ("Subscriptions", .subscription),
        ] {
            guard let root = schema.rootType(for: operation) else { continue }
            text += "\n\n## \(title)"
            for field in schema[root].fields { write(field) }
        }
        for (title, kind) in [
            ("Objects", NamedType.Kind.object), ("Interfaces", .interface), ("Unions", .union), ("Enums", .enum),
            ("Inputs", .inputObject), ("Scalars", .scalar),
        ] {
            let types = own.filter { schema[$0].kind == kind }
            if types.isEmpty { continue }
            text += "\n\n## \(title)"
            for type in types { write(schema[type]) }
        }
    }

    private mutating func write(_ field: FieldDefinition) {
        text += "\n\n### `\(field.name)`: \(reference(field.type))"
        write(notes(field.appliedDirectives, field.deprecationReason))
        write(field.description)
        table("argument", field.arguments.map { row($0) })
    }

    private mutating func write(_ type: NamedType) {
        text += "\n\n### \(type.name)"
        if type.isOneOf { write("Exactly one of the fields is given.") }
        write(type.description)
        if let url = type.specifiedByURL { write("Specified by <\(url)>.") }
        if !type.interfaces.isEmpty { write("Implements \(names(type.interfaces)).") }
        if !type.possibleTypes.isEmpty {
            write("\(type.kind == .union ? "One of" : "Implemented by") \(names(type.possibleTypes)).")
        }
        table("field", type.fields.map { row($0) })
        table("field", type.inputFields.map { row($0) })
        if type.values.isEmpty { return }
        text += "\n\n| value | |\n|---|---|"
        for value in type.values {
            text += "\n| `\(value.name)` | \(cell(nil, value.description, value.deprecationReason)) |"
        }
    }

    private mutating func write(_ paragraph: String?) {
        guard let paragraph, !paragraph.isEmpty else { return }
        text += "\n\n\(paragraph)"
    }

    private mutating func table(_ title: String, _ rows: [[String]]) {
        if rows.isEmpty { return }
        text += "\n\n| \(title) | type | |\n|---|---|---|"
        for row in rows { text += "\n| \(row.joined(separator: " | ")) |" }
    }

    private func row(_ field: FieldDefinition) -> [String] {
        let arguments = field.arguments.map { "\($0.name): \(schema.description(of: $0.type))" }
        let name = arguments.isEmpty ? field.name : "\(field.name)(\(arguments.joined(separator: ", ")))"
        let described = cell(notes(field.appliedDirectives, nil), field.description, field.deprecationReason)
        return ["`\(name)`", reference(field.type), described]
    }

    private func row(_ input: InputValueDefinition) -> [String] {
        let standard = schema.printedDefault(of: input).map { "Standard: `\($0)`." }
        let described = [input.description, standard].compactMap(\.self).joined(separator: " ")
        return ["`\(input.name)`", reference(input.type), cell(nil, described, input.deprecationReason)]
    }

    /// Text that stays in its cell.
    private func cell(_ notes: String?, _ description: String?, _ deprecation: String?) -> String {
        [notes, description, deprecation.map { "**Deprecated:** \($0)" }].compactMap(\.self)
            .filter { !$0.isEmpty }.joined(separator: " ")
            .split(whereSeparator: \.isNewline).joined(separator: " ").replacing("|", with: "\\|")
    }

    /// The directives that say who may and what it costs.
    private func notes(_ directives: [AppliedDirective], _ deprecation: String?) -> String {
        let applied = directives.filter { $0.name != "deprecated" }.map { directive in
            let arguments = directive.arguments.map { "\($0.name): \($0.value.literal())" }.joined(separator: ", ")
            return arguments.isEmpty ? "`@\(directive.name)`" : "`@\(directive.name)(\(arguments))`"
        }
        return (applied + [deprecation.map { "**Deprecated:** \($0)" }].compactMap(\.self)).joined(separator: " ")
    }

    private func names(_ types: [TypeID]) -> String {
        types.map { link($0) }.joined(separator: ", ")
    }

    /// A type as it is written, its name a link to what is said of it.
    private func reference(_ type: TypeReference) -> String {
        let name = schema[type.type].name
        let written = schema.description(of: type)
        guard linked.contains(type.type), let place = written.firstRange(of: name) else { return "`\(written)`" }
        let brackets = written[..<place.lowerBound].replacing("[", with: "\\[")
        return brackets + link(type.type) + written[place.upperBound...].replacing("]", with: "\\]")
    }

    private func link(_ type: TypeID) -> String {
        let name = schema[type].name
        return linked.contains(type) ? "[\(name)](#\(name.lowercased()))" : "`\(name)`"
    }
}
