import GraphQLSchema

extension LintRule {
    static let nullablePayloads = LintRule(
        "nullable-payloads",
        "Mutations answer nullable payloads: the error of one does not erase what others have answered."
    ) { schema, report in
        for (field, coordinate) in schema.rootFields(schema.mutationType)
        where field.type.isNonNull && schema[field.type.type].isComposite {
            report.add(coordinate, at: field.origin, "is not nullable")
        }
    }
}
