import GraphQLLanguage

extension SDLRule {
    /// Every directive has a name of its own.
    ///
    /// https://spec.graphql.org/September2025/#sec-Schema
    static let uniqueDirectiveNames = SDLRule("UniqueDirectiveNamesRule") { text, report in
        var first: [String: Document.Index] = [:]
        for definition in text.definitions where text.document[definition].kind == .directiveDefinition {
            let name = text.document.text(of: definition)
            if text.schema?.directive(named: name) != nil {
                report.add(
                    entering: definition,
                    at: text.nameStart(definition),
                    message: "Directive \"@\(name)\" already exists in the schema. It cannot be redefined."
                )
            } else if let known = first[name] {
                report.add(
                    entering: definition,
                    at: text.nameStart(known),
                    text.nameStart(definition),
                    message: "There can be only one directive named \"@\(name)\"."
                )
            } else {
                first[name] = definition
            }
        }
    }
}
