import GraphQLLanguage
import GraphQLSchema

extension ValidationRule {
    /// Variables that are used are defined by every operation that reaches the use.
    ///
    /// https://spec.graphql.org/September2025/#sec-All-Variable-Uses-Defined
    public static let noUndefinedVariables = ValidationRule("NoUndefinedVariablesRule") { facts, report in
        for number in facts.variables.operations(with: .undefined) {
            if report.isFull { return }
            let operation = facts.operations[number]
            let defined = Set(facts.variableDefinitions(of: operation).map(\.name))
            let place = facts.operationName(operation).map { " by operation \"\($0)\"" } ?? ""
            for use in facts.recursiveUses(of: operation) where !defined.contains(use.name) {
                report.add(
                    leaving: operation.node,
                    facts,
                    at: [facts.start(use.node), facts.start(operation.node)],
                    "Variable \"$\(facts.names.string(use.name))\" is not defined\(place)."
                )
            }
        }
    }
}
