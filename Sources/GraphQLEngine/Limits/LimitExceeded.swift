import GraphQLLanguage
import GraphQLSchema

/// The codes of documents that ask for too much.
enum LimitCode: String {
    case tooDeep = "QUERY_TOO_DEEP"
    case tooComplex = "QUERY_TOO_COMPLEX"
    case tooLarge = "QUERY_TOO_LARGE"
}

extension GraphQLError {
    /// A text that the parser did not read; beyond its limits, with the code of such documents.
    static func unreadable(_ error: SyntaxError) -> GraphQLError {
        var shown = GraphQLError(error)
        switch error.limit {
        case .bytes?, .tokens?: shown.extensions["code"] = .string(LimitCode.tooLarge.rawValue)
        case .depth?: shown.extensions["code"] = .string(LimitCode.tooDeep.rawValue)
        case nil: break
        }
        return shown
    }

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
