import GraphQLLanguage
import GraphQLSchema

extension ValidationRule {
    /// Directives exist and stand where they may.
    ///
    /// https://spec.graphql.org/September2025/#sec-Directives-Are-Defined and
    /// https://spec.graphql.org/September2025/#sec-Directives-Are-in-Valid-Locations
    public static let knownDirectives = ValidationRule("KnownDirectivesRule") { facts, report in
        guard !facts.directives.isEmpty else { return }
        let own = facts.directivesDefinedByDocument
        for directive in facts.directives {
            if report.isFull { return }
            let locations: [DirectiveLocation]
            if let definition = own[directive.name] {
                locations = facts.locations(of: definition)
            } else if directive.definition >= 0 {
                locations = facts.index.schema.directives[Int(directive.definition)].locations
            } else {
                let name = facts.names.string(directive.name)
                report.add(
                    entering: directive.node,
                    at: [facts.start(directive.node)],
                    "Unknown directive \"@\(name)\"."
                )
                continue
            }
            if locations.contains(directive.location) { continue }
            let name = facts.names.string(directive.name)
            report.add(
                entering: directive.node,
                at: [facts.start(directive.node)],
                "Directive \"@\(name)\" may not be used on \(directive.location.rawValue)."
            )
        }
    }
}
