import GraphQLLanguage
import GraphQLSchema

/// The directives the generator gives a meaning. A schema need not define them; one that does may add arguments.
enum GeneratorDirectives {
    private static let all: [(name: String, definition: String)] = [
        (
            "model",
            """
            "The Swift type that answers the object type; without it the generator makes a struct of the stored fields."
            directive @model(type: String!) on OBJECT
            """
        ),
        (
            "resolver",
            """
            "A leaf field that is resolved for all parents at once, in place of being a property of each."
            directive @resolver on FIELD_DEFINITION
            """
        ),
        (
            "swift",
            """
            "The Swift type a scalar is bound to; without it, String."
            directive @swift(type: String!) on SCALAR
            """
        ),
        (
            "constraint",
            """
            "Bounds that are checked before any resolver runs, all of a request together."
            directive @constraint(minLength: Int, maxLength: Int, min: Int, max: Int, minItems: Int, maxItems: Int) on ARGUMENT_DEFINITION | INPUT_FIELD_DEFINITION
            """
        ),
    ]

    /// The definitions a document does not have itself.
    static func definitions(missingIn document: Document) -> String {
        let defined = Set(
            document.children(of: 0)
                .filter { document[$0].kind == .directiveDefinition }.map { document.text(of: $0) }
        )
        return all.filter { !defined.contains($0.name) }.map { "\n\($0.definition)" }.joined()
    }
}

/// Finds directives where they do nothing: better no build than one that promises more than it does.
enum DirectiveCheck {
    static func diagnostics(_ schema: Schema, file: String) -> [Diagnostic] {
        var check = Check(schema: schema, file: file)
        for type in schema.types where !type.origins.isEmpty {
            for field in type.fields {
                let coordinate = "\(type.name).\(field.name)"
                check.resolver(field, coordinate)
                for argument in field.arguments { check.constraint(argument, "\(coordinate)(\(argument.name):)") }
            }
            for field in type.inputFields { check.constraint(field, "\(type.name).\(field.name)") }
        }
        return check.diagnostics
    }

    private struct Check {
        let schema: Schema
        let file: String
        var diagnostics: [Diagnostic] = []

        mutating func resolver(_ field: FieldDefinition, _ coordinate: String) {
            guard let directive = field.appliedDirectives.first(where: { $0.name == "resolver" }) else { return }
            if !schema[field.type.type].isLeaf || !field.arguments.isEmpty {
                report(directive, "@resolver has no effect on \(coordinate): the field is resolved anyway.")
            }
        }

        mutating func constraint(_ definition: InputValueDefinition, _ coordinate: String) {
            guard let directive = definition.appliedDirectives.first(where: { $0.name == "constraint" }) else { return }
            let kind = ConstraintKind(definition.type, in: schema)
            for argument in directive.arguments where !(kind?.bounds.contains(argument.name) ?? false) {
                report(directive, "@constraint(\(argument.name):) has no effect on \(coordinate).")
            }
        }

        private mutating func report(_ directive: AppliedDirective, _ message: String) {
            guard let origin = directive.origin else { return }
            let location = schema.documents[origin.document].location(of: origin.node)
            diagnostics.append(Diagnostic(file: file, location: location, message: message))
        }
    }
}

/// What `@constraint` can bound on values of a type.
enum ConstraintKind {
    case text, number, list

    init?(_ type: TypeReference, in schema: Schema) {
        switch (type.listDepth, schema[type.type].name) {
        case (1..., _): self = .list
        case (_, "String"), (_, "ID"): self = .text
        case (_, "Int"): self = .number
        default: return nil
        }
    }

    var bounds: [String] {
        switch self {
        case .text: ["minLength", "maxLength"]
        case .number: ["min", "max"]
        case .list: ["minItems", "maxItems"]
        }
    }
}
