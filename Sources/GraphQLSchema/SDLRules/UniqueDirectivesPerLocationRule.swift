import GraphQLLanguage

extension SDLRule {
    /// A directive that is not repeatable stands once at a place. A type and its extensions are one place, and the
    /// schema definition and its extensions.
    ///
    /// https://spec.graphql.org/September2025/#sec-Directives-Are-Unique-per-Location
    static let uniqueDirectivesPerLocation = SDLRule("UniqueDirectivesPerLocationRule") { text, report in
        var first: [Use: Document.Index] = [:]
        for use in text.uses {
            let name = text.document.text(of: use.node)
            guard let directive = text.directives[name], !directive.isRepeatable else { continue }
            let kind = text.document[use.holder].kind
            let place: Place =
                if use.location == .schema {
                    .schema
                } else if kind.definedType != nil || kind.extendedType != nil {
                    .type(text.document.text(of: use.holder))
                } else {
                    .node(use.holder)
                }
            if let known = first[Use(place: place, directive: name)] {
                report.add(
                    entering: use.holder,
                    at: text.start(known),
                    text.start(use.node),
                    message: "The directive \"@\(name)\" can only be used once at this location."
                )
            } else {
                first[Use(place: place, directive: name)] = use.node
            }
        }
    }
}

private enum Place: Hashable {
    case schema
    case type(String)
    case node(Document.Index)
}

private struct Use: Hashable {
    let place: Place
    let directive: String
}
