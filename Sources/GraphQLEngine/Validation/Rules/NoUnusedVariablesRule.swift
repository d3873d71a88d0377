import GraphQLLanguage
import GraphQLSchema

extension ValidationRule {
    /// Variables that an operation defines are used, by itself or by a fragment it reaches.
    ///
    /// https://spec.graphql.org/September2025/#sec-All-Variables-Used
    public static let noUnusedVariables = ValidationRule("NoUnusedVariablesRule") { facts, report in
        for number in facts.variables.operations(with: .unused) {
            if report.isFull { return }
            let operation = facts.operations[number]
            let used = Set(facts.recursiveUses(of: operation).map(\.name))
            let place = facts.operationName(operation).map { " in operation \"\($0)\"" } ?? ""
            for variable in facts.variableDefinitions(of: operation) where !used.contains(variable.name) {
                report.add(
                    leaving: operation.node,
                    facts,
                    at: [facts.start(variable.node)],
                    "Variable \"$\(facts.names.string(variable.name))\" is never used\(place)."
                )
            }
        }
    }
}
