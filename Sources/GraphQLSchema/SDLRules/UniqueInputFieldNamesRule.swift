import GraphQLLanguage

extension SDLRule {
    /// No field of an input object is given twice.
    ///
    /// https://spec.graphql.org/September2025/#sec-Input-Object-Field-Uniqueness
    static let uniqueInputFieldNames = SDLRule("UniqueInputFieldNamesRule") { text, report in
        for object in text.document.nodes.indices where text.document[object].kind == .objectValue {
            var first: [String: Document.Index] = [:]
            for field in text.document.children(of: object) {
                let name = text.document.text(of: field)
                if let known = first[name] {
                    report.add(
                        entering: field,
                        at: text.nameStart(known),
                        text.nameStart(field),
                        message: "There can be only one input field named \"\(name)\"."
                    )
                } else {
                    first[name] = field
                }
            }
        }
    }
}
