import GraphQLSchema

extension LintRule {
    static let descriptions = LintRule(
        "descriptions",
        "Every type, field, argument, enum value and directive has a description."
    ) { schema, report in
        for type in schema.ownTypes {
            if type.description.isBlank { report.add(type.name, at: type.origins.first, message) }
            for value in type.values where value.description.isBlank {
                report.add("\(type.name).\(value.name)", at: value.origin, message)
            }
        }
        for (_, field, coordinate) in schema.outputFields where field.description.isBlank {
            report.add(coordinate, at: field.origin, message)
        }
        for (input, coordinate) in schema.inputs where input.description.isBlank {
            report.add(coordinate, at: input.origin, message)
        }
        for directive in schema.ownDirectives where directive.description.isBlank {
            report.add("@\(directive.name)", at: directive.origin, message)
        }
    }

    private static let message = "has no description"
}

extension String? {
    fileprivate var isBlank: Bool { self?.allSatisfy(\.isWhitespace) ?? true }
}
