import GraphQLSchema

/// Finds directives that are used where they have no effect.
enum DirectivePlaces {
    static func faults(in source: SchemaSource) -> [Diagnostic] {
        let schema = source.schema
        var check = Check(source: source, inert: schema.appliedDirectives["binding"]?.strings("inert") ?? [])
        check(schema.appliedDirectives, at: .schema)
        for type in schema.types where !type.origins.isEmpty {
            check(type.appliedDirectives, at: .type(type))
            for field in type.fields {
                check(field.appliedDirectives, at: .field(field, of: type))
                for argument in field.arguments {
                    check(argument.appliedDirectives, at: .argument(argument, of: field, type))
                }
            }
            for field in type.inputFields { check(field.appliedDirectives, at: .inputField(field, of: type)) }
            for value in type.values { check(value.appliedDirectives, at: .enumValue(value, of: type)) }
        }
        for directive in schema.directives where directive.origin.map(source.isOwn) ?? false {
            for argument in directive.arguments {
                check(argument.appliedDirectives, at: .directiveArgument(argument, of: directive))
            }
        }
        return check.faults
    }

    private struct Check {
        let source: SchemaSource
        let inert: [String]
        var faults: [Diagnostic] = []

        mutating func callAsFunction(_ directives: [AppliedDirective], at use: DirectiveUse) {
            for directive in directives {
                guard let objection = use.objection(to: directive, in: source.schema, inert: inert) else { continue }
                let message = "@\(directive.name) has no effect here: \(objection)."
                faults.append(source.fault(at: directive.origin, use.coordinate, message))
            }
        }
    }
}
