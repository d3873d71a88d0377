import GraphQLLanguage
import GraphQLSchema

extension ValidationRule {
    /// The schema has a root type for each operation.
    ///
    /// https://spec.graphql.org/September2025/#sec-Operation-Type-Existence
    public static let knownOperationTypes = ValidationRule("KnownOperationTypesRule") { facts, report in
        for operation in facts.operations where operation.type < 0 {
            report.add(
                entering: operation.node,
                at: [facts.start(operation.node)],
                "The \(operation.kind.rawValue) operation is not supported by the schema."
            )
        }
    }
}
