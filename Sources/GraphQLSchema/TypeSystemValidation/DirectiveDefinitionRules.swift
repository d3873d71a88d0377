/// https://spec.graphql.org/September2025/#sec-Type-System.Directives.Type-Validation
enum DirectiveDefinitionRules {
    static func check(_ schema: Schema, _ report: inout TypeSystemReport) {
        for directive in schema.directives {
            NameRules.check(directive.name, at: directive.origin, &report)
            for argument in directive.arguments {
                NameRules.check(argument.name, at: argument.origin, &report)
                let name = "@\(directive.name)(\(argument.name):)"
                if !schema[argument.type.type].isInput {
                    report.add(
                        "The type of \(name) must be Input Type but got: \(schema.description(of: argument.type)).",
                        at: argument.origin
                    )
                }
                if argument.isRequired, argument.deprecationReason != nil {
                    report.add(
                        "Required argument \(name) cannot be deprecated.",
                        at: [report.deprecation(of: argument.origin), report.type(of: argument.origin)]
                    )
                }
            }
        }
    }
}
