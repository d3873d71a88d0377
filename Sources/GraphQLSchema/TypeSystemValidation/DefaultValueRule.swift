/// Defaults are values of the type they stand for.
///
/// https://spec.graphql.org/September2025/#sec-Input-Objects.Type-Validation
enum DefaultValueRule {
    static func check(_ schema: Schema, _ report: inout TypeSystemReport) {
        for directive in schema.directives {
            for argument in directive.arguments {
                check(argument, { "@\(directive.name)(\(argument.name):)" }, schema, &report)
            }
        }
        for type in schema.types {
            for field in type.fields {
                for argument in field.arguments {
                    check(argument, { "\(type.name).\(field.name)(\(argument.name):)" }, schema, &report)
                }
            }
            for field in type.inputFields { check(field, { "\(type.name).\(field.name)" }, schema, &report) }
        }
    }

    private static func check(
        _ definition: InputValueDefinition,
        _ name: () -> String,
        _ schema: Schema,
        _ report: inout TypeSystemReport
    ) {
        guard let value = definition.defaultValue else { return }
        var size = DefaultSize(schema)
        guard size.add(value, definition.type) else {
            let message =
                "\(name()) has a default value that is larger than \(DefaultSize.mostValues) values or deeper than "
                + "\(DefaultSize.mostLevels) levels, with the default values it leads to."
            return report.add(message, at: report.defaultValue(of: definition.origin))
        }
        if let place = report.defaultValue(of: definition.origin) {
            LiteralRule(schema, place.document, "\(name()) has invalid default value: ")
                .check(place.node, definition.type, &report)
        } else if definition.coercedDefault == nil {
            report.add("\(name()) has invalid default value: \(value.inspected)", at: nil)
        }
    }
}
