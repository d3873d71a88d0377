import GraphQLLanguage

extension SDLRule {
    /// No argument is given twice.
    ///
    /// https://spec.graphql.org/September2025/#sec-Argument-Uniqueness
    static let uniqueArgumentNames = SDLRule("UniqueArgumentNamesRule") { text, report in
        for node in text.document.nodes.indices {
            let kind = text.document[node].kind
            guard kind == .directive || kind == .field else { continue }
            for group in text.repeatedNames(among: text.children(.argument, of: node)) {
                report.add(
                    entering: node,
                    at: group.nodes.map(text.nameStart),
                    message: "There can be only one argument named \"\(group.name)\"."
                )
            }
        }
    }
}
