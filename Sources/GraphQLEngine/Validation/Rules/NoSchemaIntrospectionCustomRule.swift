import GraphQLLanguage
import GraphQLSchema

extension ValidationRule {
    /// Nothing asks for the schema. Not a rule of the specification: it is for servers that do not tell theirs.
    public static let noSchemaIntrospection = ValidationRule("NoSchemaIntrospectionCustomRule") { facts, report in
        for field in facts.fields where field.definition >= 0 && !report.isFull {
            let type = facts.index.fields[Int(field.definition)].type.type
            guard facts.typeName(type.rawValue).hasPrefix("__") else { continue }
            report.add(
                entering: field.node,
                at: [facts.start(field.node)],
                "GraphQL introspection has been disabled, but the requested query contained the field"
                    + " \"\(facts.names.string(field.name))\"."
            )
        }
    }
}
