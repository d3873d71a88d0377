import GraphQLSchema

extension LintRule {
    static let refusalsCostOneField = LintRule(
        "refusals-cost-one-field",
        "Fields with @auth, and root query fields that are not @public, are nullable: a refusal costs only the field."
    ) { schema, report in
        for (_, field, coordinate) in schema.outputFields
        where field.type.isNonNull && field.appliedDirectives.contains("auth") && !isRoot(field, schema) {
            report.add(coordinate, at: field.origin, "can be refused (@auth) and is not nullable")
        }
        for (field, coordinate) in schema.rootFields(schema.queryType)
        where field.type.isNonNull && !field.appliedDirectives.contains("public") {
            report.add(coordinate, at: field.origin, "can be refused (it is not @public) and is not nullable")
        }
    }

    /// Whether a field is at the root of queries, which has a rule of its own, or of subscriptions, where nothing stands
    /// beside it.
    private static func isRoot(_ field: FieldDefinition, _ schema: Schema) -> Bool {
        [schema.queryType, schema.subscriptionType].contains { root in
            schema.rootFields(root).contains { $0.field.origin == field.origin }
        }
    }
}
