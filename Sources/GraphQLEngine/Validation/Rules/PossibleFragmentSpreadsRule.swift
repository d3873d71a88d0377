import GraphQLLanguage
import GraphQLSchema

extension ValidationRule {
    /// Something can be of the type a fragment is on where it is spread.
    ///
    /// https://spec.graphql.org/September2025/#sec-Fragment-Spread-Is-Possible
    public static let possibleFragmentSpreads = ValidationRule("PossibleFragmentSpreadsRule") { facts, report in
        let index = facts.index
        for fragment in facts.inlineFragments where fragment.type >= 0 && fragment.parent >= 0 {
            if index.overlap(fragment.type, fragment.parent) { continue }
            let types =
                "\"\(facts.typeName(fragment.parent))\" can never be of type \"\(facts.typeName(fragment.type))\"."
            report.add(
                entering: fragment.node,
                at: [facts.start(fragment.node)],
                "Fragment cannot be spread here as objects of type \(types)"
            )
        }
        report.beginPass()
        for spread in facts.spreads where spread.fragment >= 0 && spread.parent >= 0 {
            let type = facts.fragments[Int(spread.fragment)].type
            if type < 0 || index.overlap(type, spread.parent) { continue }
            let types = "\"\(facts.typeName(spread.parent))\" can never be of type \"\(facts.typeName(type))\"."
            report.add(
                entering: spread.node,
                at: [facts.start(spread.node)],
                "Fragment \"\(facts.names.string(spread.name))\" cannot be spread here as objects of type \(types)"
            )
        }
    }
}
