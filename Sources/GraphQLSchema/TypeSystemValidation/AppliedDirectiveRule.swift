import GraphQLLanguage

/// Directives in a schema are given arguments of the types they ask for.
///
/// https://spec.graphql.org/September2025/#sec-Values-of-Correct-Type
enum AppliedDirectiveRule {
    static func check(_ schema: Schema, _ report: inout TypeSystemReport) {
        check(schema.appliedDirectives, schema, &report)
        for directive in schema.directives { check(directive.arguments, schema, &report) }
        for type in schema.types {
            check(type.appliedDirectives, schema, &report)
            for field in type.fields {
                check(field.appliedDirectives, schema, &report)
                check(field.arguments, schema, &report)
            }
            for value in type.values { check(value.appliedDirectives, schema, &report) }
            check(type.inputFields, schema, &report)
        }
    }

    private static func check(
        _ inputs: [InputValueDefinition],
        _ schema: Schema,
        _ report: inout TypeSystemReport
    ) {
        for input in inputs { check(input.appliedDirectives, schema, &report) }
    }

    private static func check(_ applied: [AppliedDirective], _ schema: Schema, _ report: inout TypeSystemReport) {
        for use in applied where !use.arguments.isEmpty {
            guard let directive = schema.directive(named: use.name), let origin = use.origin else { continue }
            let document = schema.documents[origin.document]
            for argument in document.children(of: origin.node) {
                let name = document.text(of: argument)
                guard let definition = directive.arguments.first(where: { $0.name == name }),
                    let value = document.value(of: argument)
                else { continue }
                LiteralRule(schema, origin.document).check(value, definition.type, &report)
            }
        }
    }
}
