import GraphQLLanguage
import GraphQLSchema

/// Finds definitions of types that GraphQL has itself: those count, whatever the text says.
enum BuiltInTypes {
    static let names: Set<String> = ["Boolean", "Float", "ID", "Int", "String"]

    static func faults(in source: SchemaSource) -> [Diagnostic] {
        let document = source.document
        return document.children(of: 0).compactMap { definition in
            let name = document[definition].hasText ? document.text(of: definition) : ""
            guard names.contains(name), document[definition].kind != .directiveDefinition else { return nil }
            // Some tools write them all down; that does no harm.
            let isPlain =
                document[definition].kind == .scalarTypeDefinition
                && !document.children(of: definition).contains { document[$0].kind == .directive }
            if isPlain { return nil }
            let origin = SourceReference(document: 0, node: definition)
            return source.fault(at: origin, name, "GraphQL itself defines \(name): what is said here has no effect.")
        }
    }
}
