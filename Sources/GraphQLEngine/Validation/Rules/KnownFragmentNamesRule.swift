import GraphQLLanguage
import GraphQLSchema

extension ValidationRule {
    /// Fragments that are spread exist.
    ///
    /// https://spec.graphql.org/September2025/#sec-Fragment-Spread-Target-Defined
    public static let knownFragmentNames = ValidationRule("KnownFragmentNamesRule") { facts, report in
        for spread in facts.spreads where spread.fragment < 0 {
            report.add(
                entering: spread.node,
                at: [facts.nameStart(spread.node)],
                "Unknown fragment \"\(facts.names.string(spread.name))\"."
            )
        }
    }
}
