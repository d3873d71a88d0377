import GraphQLLanguage
import GraphQLSchema

/// The codes of documents that ask for too much.
enum LimitCode: String {
    case tooDeep = "QUERY_TOO_DEEP"
    case tooComplex = "QUERY_TOO_COMPLEX"
    case tooLarge = "QUERY_TOO_LARGE"
}

extension GraphQLError {
    /// An operation beyond a limit.
    static func exceeding(
        _ code: LimitCode,
        _ what: String,
        actual: Value,
        limit: Value,
        of operation: Document.Index,
        in document: Document
    ) -> GraphQLError {
        GraphQLError(
            "The operation \(what); at most \(limit.inspected) are allowed.",
            locations: [document.location(of: operation)],
            extensions: ["code": .string(code.rawValue), "actual": actual, "limit": limit]
        )
    }
}
