import GraphQLSchema

extension LintRule {
    static let auditedMutations = LintRule(
        "audited-mutations",
        "Mutations have @audit, or are excepted as private chatter (read state, drafts, typing, reactions)."
    ) { schema, report in
        for (field, coordinate) in schema.rootFields(schema.mutationType) {
            // What answers no object changes none.
            if field.appliedDirectives.contains("audit") || schema[field.type.type].isLeaf { continue }
            report.add(coordinate, at: field.origin, "has no @audit")
        }
    }
}
