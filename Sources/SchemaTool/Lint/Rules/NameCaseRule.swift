import GraphQLSchema

extension LintRule {
    static let nameCase = LintRule(
        "name-case",
        "Types are PascalCase, fields, arguments and directives camelCase, enum values SCREAMING_SNAKE."
    ) { schema, report in
        for type in schema.ownTypes {
            if !type.name.isPascalCase { report.add(type.name, at: type.origins.first, "is not PascalCase") }
            for value in type.values where !value.name.isScreamingSnake {
                report.add("\(type.name).\(value.name)", at: value.origin, "is not SCREAMING_SNAKE_CASE")
            }
        }
        for (_, field, coordinate) in schema.outputFields where !field.name.isCamelCase {
            report.add(coordinate, at: field.origin, "is not camelCase")
        }
        for (input, coordinate) in schema.inputs where !input.name.isCamelCase {
            report.add(coordinate, at: input.origin, "is not camelCase")
        }
        for directive in schema.ownDirectives where !directive.name.isCamelCase {
            report.add("@\(directive.name)", at: directive.origin, "is not camelCase")
        }
    }
}

extension String {
    fileprivate var isPascalCase: Bool { first?.isUppercase == true && !utf8.contains(UInt8(ascii: "_")) }

    fileprivate var isCamelCase: Bool { first?.isLowercase == true && !utf8.contains(UInt8(ascii: "_")) }

    fileprivate var isScreamingSnake: Bool {
        !contains(where: \.isLowercase) && first?.isUppercase == true && !hasSuffix("_") && !contains("__")
    }
}
