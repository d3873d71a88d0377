import GraphQLLanguage

extension SDLRule {
    /// Only the definition of an input object can make it one of which exactly one field is given. An own addition:
    /// graphql-js passes over the directive on an extension.
    ///
    /// https://spec.graphql.org/September2025/#sec-Input-Object-Extensions
    static let oneOfOnDefinition = SDLRule("OneOfOnDefinitionRule") { text, report in
        for use in text.uses
        where text.document[use.holder].kind == .inputObjectTypeExtension
            && text.document.text(of: use.node) == "oneOf"
        {
            report.add(
                entering: use.node,
                at: text.start(use.node),
                message: "Directive \"@oneOf\" cannot be added by an extension."
            )
        }
    }
}
