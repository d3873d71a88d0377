import GraphQLLanguage

/// Why a text is no schema: everything that was found at the first stage that found anything.
public struct InvalidSchema: Error, Sendable {
    public enum Stage: String, Sendable {
        case syntax
        /// Rules of the text, such as names that are defined twice or not at all.
        case document
        /// Rules of the schema that the text describes.
        case typeSystem
    }

    public let stage: Stage
    public let errors: [GraphQLError]

    init(_ stage: Stage, _ errors: [GraphQLError]) {
        self.stage = stage
        self.errors = errors
    }

    init(_ error: SyntaxError) {
        self.init(.syntax, [GraphQLError(error)])
    }
}

extension InvalidSchema: CustomStringConvertible {
    /// One line for each error, as compilers write them.
    public var description: String {
        errors.map { error in
            let place = error.locations.first.map { "\($0.line):\($0.column): " } ?? ""
            return place + error.message
        }.joined(separator: "\n")
    }
}
