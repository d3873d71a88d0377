import GraphQLLanguage

extension SDLRule {
    /// The arguments of a field or directive have names of their own.
    ///
    /// https://spec.graphql.org/September2025/#sec-Type-System.Directives.Type-Validation
    static let uniqueArgumentDefinitionNames = SDLRule("UniqueArgumentDefinitionNamesRule") { text, report in
        for definition in text.definitions {
            if text.document[definition].kind == .directiveDefinition {
                check(definition, in: definition, owner: "@\(text.document.text(of: definition))", text, &report)
            }
            for field in text.children(.fieldDefinition, of: definition) {
                // Names are put together only where there are arguments to compare.
                guard text.document.child(.inputValueDefinition, of: field) != nil else { continue }
                let owner = "\(text.document.text(of: definition)).\(text.document.text(of: field))"
                check(field, in: definition, owner: owner, text, &report)
            }
        }
    }

    private static func check(
        _ holder: Document.Index,
        in definition: Document.Index,
        owner: String,
        _ text: SDLText,
        _ report: inout SDLReport
    ) {
        for group in text.repeatedNames(among: text.children(.inputValueDefinition, of: holder)) {
            report.add(
                entering: definition,
                at: group.nodes.map(text.nameStart),
                message: "Argument \"\(owner)(\(group.name):)\" can only be defined once."
            )
        }
    }
}
