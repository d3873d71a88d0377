import GraphQLLanguage

extension SDLRule {
    /// There is at most one schema definition, and none in a text that extends a schema.
    ///
    /// https://spec.graphql.org/September2025/#sec-Schema
    static let loneSchemaDefinition = SDLRule("LoneSchemaDefinitionRule") { text, report in
        let isDefined = text.schema.map { schema in
            schema.definition != nil || OperationType.allCases.contains { schema.rootType(for: $0) != nil }
        }
        var isFirst = true
        for definition in text.definitions where text.document[definition].kind == .schemaDefinition {
            if isDefined == true {
                report.add(
                    entering: definition,
                    at: text.start(definition),
                    message: "Cannot define a new schema within a schema extension."
                )
            } else if !isFirst {
                report.add(
                    entering: definition,
                    at: text.start(definition),
                    message: "Must provide only one schema definition."
                )
            }
            isFirst = false
        }
    }
}

extension Schema {
    /// The schema definition, where a text has one.
    var definition: SourceReference? {
        origins.first { documents[$0.document][$0.node].kind == .schemaDefinition }
    }
}
