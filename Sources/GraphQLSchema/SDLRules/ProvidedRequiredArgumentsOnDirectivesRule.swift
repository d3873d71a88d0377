import GraphQLLanguage

extension SDLRule {
    /// A directive is given the arguments that it must have.
    ///
    /// https://spec.graphql.org/September2025/#sec-Required-Arguments
    static let providedRequiredArgumentsOnDirectives = SDLRule("ProvidedRequiredArgumentsOnDirectivesRule") {
        text,
        report in
        for use in text.uses {
            let name = text.document.text(of: use.node)
            guard let directive = text.directives[name], !directive.requiredArguments.isEmpty else { continue }
            let given = Set(text.document.children(of: use.node).map { text.document.text(of: $0) })
            for argument in directive.requiredArguments where !given.contains(argument.name) {
                report.add(
                    leaving: use.node,
                    of: text.document,
                    message: "Directive \"@\(name)\" argument \"\(argument.name)\" of type \"\(argument.type)\" "
                        + "is required, but it was not provided."
                )
            }
        }
    }
}
