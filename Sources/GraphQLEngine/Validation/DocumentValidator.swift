public import GraphQLLanguage
public import GraphQLSchema

/// Checks documents against one schema.
public struct DocumentValidator: Sendable {
    public let index: SchemaIndex

    public init(_ index: SchemaIndex) { self.index = index }

    public init(_ schema: Schema) { self.init(SchemaIndex(schema)) }

    /// What is wrong with a document, in the order of the places it is found at; empty for a valid document.
    public func validate(_ document: Document, options: ValidationOptions = ValidationOptions()) -> [GraphQLError] {
        document.nodes.withUnsafeBufferPointer { nodes in
            document.bytes.withUnsafeBufferPointer { text in
                let facts = Facts(document, nodes, text, index)
                var report = ErrorReport(options)
                for (number, rule) in options.rules.enumerated() {
                    report.begin(rule: number)
                    rule.check(facts, &report)
                }
                return report.errors(in: document)
            }
        }
    }
}
