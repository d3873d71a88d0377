import GraphQLLanguage
import GraphQLSchema

extension ValidationRule {
    /// Fragments have names of their own.
    ///
    /// https://spec.graphql.org/September2025/#sec-Fragment-Name-Uniqueness
    public static let uniqueFragmentNames = ValidationRule("UniqueFragmentNamesRule") { facts, report in
        guard facts.fragments.count > 1 else { return }
        var first = [Int32](repeating: -1, count: facts.names.count)
        for fragment in facts.fragments {
            let known = first[Int(fragment.name)]
            guard known >= 0 else {
                first[Int(fragment.name)] = fragment.node
                continue
            }
            report.add(
                entering: fragment.node,
                at: [facts.nameStart(known), facts.nameStart(fragment.node)],
                "There can be only one fragment named \"\(facts.names.string(fragment.name))\"."
            )
        }
    }
}
