import GraphQLLanguage

extension SDLRule {
    /// The text of a schema holds no operations and no fragments. An own addition: graphql-js passes over them.
    ///
    /// https://spec.graphql.org/September2025/#TypeSystemDocument
    static let onlyTypeSystemDefinitions = SDLRule("OnlyTypeSystemDefinitionsRule") { text, report in
        for definition in text.definitions where text.document[definition].kind.isExecutableDefinition {
            report.add(
                entering: definition,
                at: text.start(definition),
                message: "A schema cannot contain operations or fragments."
            )
        }
    }
}
