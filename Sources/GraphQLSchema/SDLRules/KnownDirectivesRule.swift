import GraphQLLanguage

extension SDLRule {
    /// Directives are defined, and stand where their definition allows.
    ///
    /// https://spec.graphql.org/September2025/#sec-Directives-Are-Defined
    static let knownDirectives = SDLRule("KnownDirectivesRule") { text, report in
        for use in text.uses {
            let name = text.document.text(of: use.node)
            if let directive = text.directives[name] {
                if directive.locations.contains(use.location) { continue }
                report.add(
                    entering: use.node,
                    at: text.start(use.node),
                    message: "Directive \"@\(name)\" may not be used on \(use.location.rawValue)."
                )
            } else {
                report.add(
                    entering: use.node,
                    at: text.start(use.node),
                    message: "Unknown directive \"@\(name)\"."
                )
            }
        }
    }
}
