import GraphQLLanguage

extension SDLRule {
    /// The arguments of a directive are among those of its definition.
    ///
    /// https://spec.graphql.org/September2025/#sec-Argument-Names
    static let knownArgumentNamesOnDirectives = SDLRule("KnownArgumentNamesOnDirectivesRule") { text, report in
        for use in text.uses {
            let name = text.document.text(of: use.node)
            guard let directive = text.directives[name] else { continue }
            for argument in text.document.children(of: use.node) {
                let argumentName = text.document.text(of: argument)
                if directive.argumentNames.contains(argumentName) { continue }
                report.add(
                    entering: use.node,
                    at: text.start(argument),
                    message: "Unknown argument \"\(argumentName)\" on directive \"@\(name)\"."
                        + report.suggestion(for: argumentName, among: directive.argumentNames)
                )
            }
        }
    }
}
