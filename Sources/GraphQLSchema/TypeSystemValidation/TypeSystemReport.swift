import GraphQLLanguage

/// Collects what is wrong with a schema, and finds the places in its texts.
struct TypeSystemReport {
    private let documents: [Document]
    private var lines: [Int: LineTable] = [:]
    private(set) var errors: [GraphQLError] = []

    init(_ schema: Schema) {
        documents = schema.documents
    }

    mutating func add(_ message: String, at places: [SourceReference?]) {
        let locations = places.compactMap { $0 }.map { place in location(of: place) }
        errors.append(GraphQLError(message, locations: locations))
    }

    mutating func add(_ message: String, at place: SourceReference?) {
        add(message, at: [place])
    }

    private mutating func location(of place: SourceReference) -> SourceLocation {
        let document = documents[place.document]
        let table = lines[place.document] ?? LineTable(document.bytes)
        lines[place.document] = table
        return table.location(at: Int(document[place.node].start))
    }

    // MARK: Places within definitions

    /// The type that a definition of a field, argument or input field names.
    func type(of definition: SourceReference?) -> SourceReference? {
        part(of: definition) { document, node in document.type(of: node) }
    }

    /// The default of an argument or input field.
    func defaultValue(of definition: SourceReference?) -> SourceReference? {
        part(of: definition) { document, node in document.value(of: node) }
    }

    /// The directive `@deprecated` on a definition.
    func deprecation(of definition: SourceReference?) -> SourceReference? {
        part(of: definition) { document, node in
            document.children(of: node).first {
                document[$0].kind == .directive && document.text(of: $0) == "deprecated"
            }
        }
    }

    /// Where a definition and extensions name a type directly: the interfaces of a type, the members of a union.
    func names(of name: String, in origins: [SourceReference]) -> [SourceReference?] {
        origins.flatMap { origin in
            let document = documents[origin.document]
            return document.children(of: origin.node)
                .filter { document[$0].kind == .namedType && document.text(of: $0) == name }
                .map { SourceReference(document: origin.document, node: $0) }
        }
    }

    /// Where the schema says at which type an operation begins.
    func rootType(_ operation: OperationType, in origins: [SourceReference]) -> SourceReference? {
        for origin in origins {
            let document = documents[origin.document]
            for child in document.children(of: origin.node)
            where document[child].kind == .operationTypeDefinition && document[child].operation == operation {
                return document.type(of: child).map { SourceReference(document: origin.document, node: $0) }
            }
        }
        return nil
    }

    private func part(
        of definition: SourceReference?,
        _ find: (Document, Document.Index) -> Document.Index?
    ) -> SourceReference? {
        guard let definition else { return nil }
        return find(documents[definition.document], definition.node)
            .map { SourceReference(document: definition.document, node: $0) }
    }
}
