import GraphQLLanguage
import GraphQLSchema

extension ValidationRule {
    /// An operation defines a variable once.
    ///
    /// https://spec.graphql.org/September2025/#sec-Variable-Uniqueness
    public static let uniqueVariableNames = ValidationRule("UniqueVariableNamesRule") { facts, report in
        guard facts.variableDefinitions.count > 1 else { return }
        var groups = NameGroups(facts.names.count)
        for operation in facts.operations where operation.variables.count > 1 && !report.isFull {
            for (name, nodes) in groups.repeated(facts.variableDefinitions(of: operation), \.name, \.node) {
                report.add(
                    entering: operation.node,
                    // The variable is the node behind the definition, or behind its description.
                    at: nodes.map { facts.variableNameStart($0) },
                    "There can be only one variable named \"$\(facts.names.string(name))\"."
                )
            }
        }
    }
}

extension Facts {
    fileprivate func variableNameStart(_ definition: Int32) -> Int32 {
        nameStart(nodes[Int(definition) + 1].kind == .variable ? definition + 1 : definition + 2)
    }
}
