import GraphQLLanguage
import GraphQLSchema

extension ValidationRule {
    /// Operations with a name have a name of their own.
    ///
    /// https://spec.graphql.org/September2025/#sec-Operation-Name-Uniqueness
    public static let uniqueOperationNames = ValidationRule("UniqueOperationNamesRule") { facts, report in
        guard facts.operations.count > 1 else { return }
        var first = [Int32](repeating: -1, count: facts.names.count)
        for operation in facts.operations where operation.name >= 0 {
            let known = first[Int(operation.name)]
            guard known >= 0 else {
                first[Int(operation.name)] = operation.node
                continue
            }
            report.add(
                entering: operation.node,
                at: [facts.nameStart(known), facts.nameStart(operation.node)],
                "There can be only one operation named \"\(facts.names.string(operation.name))\"."
            )
        }
    }
}
