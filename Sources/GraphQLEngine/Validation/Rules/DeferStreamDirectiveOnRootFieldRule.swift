import GraphQLLanguage
import GraphQLSchema

extension ValidationRule {
    /// The root fields of mutations and subscriptions come at once: no `@defer`, no `@stream` there.
    public static let deferStreamDirectiveOnRootField = ValidationRule("DeferStreamDirectiveOnRootFieldRule") {
        facts,
        report in
        let schema = facts.index.schema
        for directive in facts.directives where directive.parent >= 0 && facts.isIncremental(directive) {
            let name = facts.names.symbol(directive.name) == WellKnownSymbol.defer ? "Defer" : "Stream"
            for (root, operation) in [(schema.mutationType, "mutation"), (schema.subscriptionType, "subscription")]
            where root?.rawValue == directive.parent {
                report.add(
                    entering: directive.node,
                    at: [facts.start(directive.node)],
                    "\(name) directive cannot be used on root \(operation) type \"\(facts.typeName(directive.parent))\"."
                )
            }
        }
    }
}
