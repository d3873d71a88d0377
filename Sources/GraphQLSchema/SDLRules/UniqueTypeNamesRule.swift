import GraphQLLanguage

extension SDLRule {
    /// Every type has a name of its own.
    ///
    /// https://spec.graphql.org/September2025/#sec-Schema
    static let uniqueTypeNames = SDLRule("UniqueTypeNamesRule") { text, report in
        var first: [String: Document.Index] = [:]
        for definition in text.definitions where text.document[definition].kind.definedType != nil {
            let name = text.document.text(of: definition)
            if text.schema?.type(named: name) != nil {
                report.add(
                    entering: definition,
                    at: text.nameStart(definition),
                    message: "Type \"\(name)\" already exists in the schema. "
                        + "It cannot also be defined in this type definition."
                )
            } else if let known = first[name] {
                report.add(
                    entering: definition,
                    at: text.nameStart(known),
                    text.nameStart(definition),
                    message: "There can be only one type named \"\(name)\"."
                )
            } else {
                first[name] = definition
            }
        }
    }
}
