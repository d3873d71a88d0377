import GraphQLLanguage

extension SDLRule {
    /// A kind of operation begins at one type.
    ///
    /// https://spec.graphql.org/September2025/#sec-Root-Operation-Types
    static let uniqueOperationTypes = SDLRule("UniqueOperationTypesRule") { text, report in
        var first: [OperationType: Document.Index] = [:]
        for definition in text.definitions {
            for type in text.children(.operationTypeDefinition, of: definition) {
                let operation = text.document[type].operation
                if text.schema?.rootType(for: operation) != nil {
                    report.add(
                        entering: definition,
                        at: text.start(type),
                        message: "Type for \(operation.rawValue) already defined in the schema. It cannot be redefined."
                    )
                } else if let known = first[operation] {
                    report.add(
                        entering: definition,
                        at: text.start(known),
                        text.start(type),
                        message: "There can be only one \(operation.rawValue) type in schema."
                    )
                } else {
                    first[operation] = type
                }
            }
        }
    }
}
