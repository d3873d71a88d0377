import GraphQLSchema

extension LintRule {
    static let boundedLists = LintRule(
        "bounded-lists",
        "A field that answers a list of objects says how long it is by @listSize, or is excepted as bounded by nature."
    ) { schema, report in
        for (type, field, coordinate) in schema.outputFields {
            guard field.type.isList, schema[field.type.type].isComposite,
                !field.appliedDirectives.contains("listSize")
            else { continue }
            // Connections are as long as their field's arguments say; errors are as many as there are inputs.
            if type.name.hasSuffix("Connection") || field.name == "userErrors" { continue }
            report.add(
                coordinate,
                at: field.origin,
                "is a list of any length: add @listSize(assumedSize:) or a connection"
            )
        }
    }
}
