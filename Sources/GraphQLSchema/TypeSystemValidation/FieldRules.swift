/// The fields of objects and interfaces.
///
/// https://spec.graphql.org/September2025/#sec-Objects.Type-Validation and
/// https://spec.graphql.org/September2025/#sec-Interfaces.Type-Validation
enum FieldRules {
    static func check(_ type: NamedType, in schema: Schema, _ report: inout TypeSystemReport) {
        if type.fields.isEmpty {
            report.add("Type \(type.name) must define one or more fields.", at: type.origins)
        }
        for field in type.fields {
            NameRules.check(field.name, at: field.origin, &report)
            if !schema[field.type.type].isOutput {
                report.add(
                    "The type of \(type.name).\(field.name) must be Output Type but got: "
                        + "\(schema.description(of: field.type)).",
                    at: report.type(of: field.origin)
                )
            }
            for argument in field.arguments {
                check(argument, of: field, of: type, in: schema, &report)
            }
        }
    }

    private static func check(
        _ argument: InputValueDefinition,
        of field: FieldDefinition,
        of type: NamedType,
        in schema: Schema,
        _ report: inout TypeSystemReport
    ) {
        NameRules.check(argument.name, at: argument.origin, &report)
        if !schema[argument.type.type].isInput {
            report.add(
                "The type of \(type.name).\(field.name)(\(argument.name):) must be Input Type but got: "
                    + "\(schema.description(of: argument.type)).",
                at: report.type(of: argument.origin)
            )
        }
        if argument.isRequired, argument.deprecationReason != nil {
            report.add(
                "Required argument \(type.name).\(field.name)(\(argument.name):) cannot be deprecated.",
                at: [report.deprecation(of: argument.origin), report.type(of: argument.origin)]
            )
        }
    }
}
