import GraphQLLanguage
import GraphQLSchema

extension ValidationRule {
    /// Variables are used where their type fits.
    ///
    /// https://spec.graphql.org/September2025/#sec-All-Variable-Usages-Are-Allowed
    public static let variablesInAllowedPosition = ValidationRule("VariablesInAllowedPositionRule") { facts, report in
        for number in facts.variables.operations(with: .misplaced) {
            if report.isFull { return }
            let operation = facts.operations[number]
            let definitions = Dictionary(
                facts.variableDefinitions(of: operation).map { ($0.name, $0) },
                uniquingKeysWith: { _, last in last }
            )
            for use in facts.recursiveUses(of: operation) {
                guard let variable = definitions[use.name] else { continue }
                let name = facts.names.string(use.name)
                let type = { (facts: borrowing Facts) in facts.printed(variable.typeNode) }
                if !facts.isAllowed(use, variable) {
                    report.add(
                        leaving: operation.node,
                        facts,
                        at: [facts.start(variable.node), facts.start(use.node)],
                        "Variable \"$\(name)\" of type \"\(type(facts))\" used in position expecting type"
                            + " \"\(facts.text(use.type))\"."
                    )
                }
                if facts.isNullableInOneOf(use, variable) {
                    report.add(
                        leaving: operation.node,
                        facts,
                        at: [facts.start(variable.node), facts.start(use.node)],
                        "Variable \"$\(name)\" is of type \"\(type(facts))\" but must be non-nullable to be used for"
                            + " OneOf Input Object \"\(facts.typeName(use.parent.type.rawValue))\"."
                    )
                }
            }
        }
    }
}
