import GraphQLLanguage
import GraphQLSchema

extension ValidationRule {
    /// Variables have types that can be input.
    ///
    /// https://spec.graphql.org/September2025/#sec-Variables-Are-Input-Types
    public static let variablesAreInputTypes = ValidationRule("VariablesAreInputTypesRule") { facts, report in
        for variable in facts.variableDefinitions
        where variable.type.isKnown && !facts.index.isInput(variable.type.type.rawValue) {
            let name = facts.names.string(variable.name)
            report.add(
                entering: variable.node,
                at: [facts.start(variable.typeNode)],
                "Variable \"$\(name)\" cannot be non-input type \"\(facts.printed(variable.typeNode))\"."
            )
        }
    }
}
