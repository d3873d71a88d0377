import GraphQLLanguage
import GraphQLSchema

extension ValidationRule {
    /// Fragments are on types that have fields.
    ///
    /// https://spec.graphql.org/September2025/#sec-Fragments-on-Object-Interface-or-Union-Types
    public static let fragmentsOnCompositeTypes = ValidationRule("FragmentsOnCompositeTypesRule") { facts, report in
        for fragment in facts.inlineFragments where fragment.conditionType >= 0 && fragment.type < 0 {
            report.add(
                entering: fragment.node,
                at: [facts.start(fragment.condition)],
                "Fragment cannot condition on non composite type \"\(facts.typeName(fragment.conditionType))\"."
            )
        }
        report.beginPass()
        for fragment in facts.fragments where fragment.conditionType >= 0 && fragment.type < 0 {
            let name = facts.names.string(fragment.name)
            report.add(
                entering: fragment.node,
                at: [facts.start(fragment.condition)],
                "Fragment \"\(name)\" cannot condition on non composite type \"\(facts.typeName(fragment.conditionType))\"."
            )
        }
    }
}
