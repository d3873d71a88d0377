import GraphQLLanguage

extension SDLRule {
    /// What is extended is defined, and is of the kind that the extension says.
    ///
    /// https://spec.graphql.org/September2025/#sec-Type-Extensions
    static let possibleTypeExtensions = SDLRule("PossibleTypeExtensionsRule") { text, report in
        var options: [String]?
        for node in text.definitions {
            guard let kind = text.document[node].kind.extendedType else { continue }
            let name = text.document.text(of: node)
            let definition = text.typeDefinitions[name]
            let existing = definition.map { text.document[$0].kind.definedType } ?? text.existingType(node)?.kind
            if let existing {
                if existing == kind { continue }
                report.add(
                    entering: node,
                    at: (definition.map { [text.start($0)] } ?? []) + [text.start(node)],
                    message: "Cannot extend non-\(kind.words) type \"\(name)\"."
                )
            } else {
                let known = options ?? text.typeNames.sorted()
                options = known
                report.add(
                    entering: node,
                    at: text.nameStart(node),
                    message: "Cannot extend type \"\(name)\" because it is not defined."
                        + report.suggestion(for: name, among: known)
                )
            }
        }
    }
}

extension NamedType.Kind {
    /// The kind as messages name it.
    var words: String {
        switch self {
        case .scalar: "scalar"
        case .object: "object"
        case .interface: "interface"
        case .union: "union"
        case .enum: "enum"
        case .inputObject: "input object"
        }
    }
}
