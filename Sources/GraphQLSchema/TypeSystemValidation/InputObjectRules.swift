/// https://spec.graphql.org/September2025/#sec-Input-Objects.Type-Validation
enum InputObjectRules {
    static func check(_ type: NamedType, in schema: Schema, _ report: inout TypeSystemReport) {
        if type.inputFields.isEmpty {
            report.add("Input Object type \(type.name) must define one or more fields.", at: type.origins)
        }
        for field in type.inputFields {
            let name = "\(type.name).\(field.name)"
            NameRules.check(field.name, at: field.origin, &report)
            if !schema[field.type.type].isInput {
                report.add(
                    "The type of \(name) must be Input Type but got: \(schema.description(of: field.type)).",
                    at: report.type(of: field.origin)
                )
            }
            if field.isRequired, field.deprecationReason != nil {
                report.add(
                    "Required input field \(name) cannot be deprecated.",
                    at: [report.deprecation(of: field.origin), report.type(of: field.origin)]
                )
            }
            if type.isOneOf { checkOneOf(field, name, &report) }
        }
    }

    private static func checkOneOf(
        _ field: InputValueDefinition,
        _ name: String,
        _ report: inout TypeSystemReport
    ) {
        if field.type.isNonNull {
            report.add("OneOf input field \(name) must be nullable.", at: report.type(of: field.origin))
        }
        if field.defaultValue != nil {
            report.add("OneOf input field \(name) cannot have a default value.", at: field.origin)
        }
    }
}
