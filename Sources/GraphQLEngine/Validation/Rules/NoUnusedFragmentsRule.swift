import GraphQLLanguage
import GraphQLSchema

extension ValidationRule {
    /// Every fragment is reached from an operation.
    ///
    /// https://spec.graphql.org/September2025/#sec-Fragments-Must-Be-Used
    public static let noUnusedFragments = ValidationRule("NoUnusedFragmentsRule") { facts, report in
        guard !facts.fragments.isEmpty else { return }
        var isUsed = [Bool](repeating: false, count: facts.names.count)
        var pending = facts.operations.map(\.spreads)
        while let spreads = pending.popLast() {
            for spread in facts.spreads[Int(spreads.lowerBound)..<Int(spreads.upperBound)]
            where spread.fragment >= 0 && !isUsed[Int(spread.name)] {
                isUsed[Int(spread.name)] = true
                pending.append(facts.fragments[Int(spread.fragment)].spreads)
            }
        }
        for fragment in facts.fragments where !isUsed[Int(fragment.name)] {
            report.add(
                leaving: 0,
                facts,
                at: [facts.start(fragment.node)],
                "Fragment \"\(facts.names.string(fragment.name))\" is never used."
            )
        }
    }
}
