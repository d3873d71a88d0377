import GraphQLEngine
import GraphQLSchema
import HTTPServer

extension GraphQLError {
    /// With a code for programs, where it has none of its own.
    func coded(otherwise code: String) -> GraphQLError {
        guard extensions["code"] == nil else { return self }
        var coded = self
        coded.extensions["code"] = .string(code)
        return coded
    }

    /// Whether a document or an operation is beyond a limit.
    var isTooLarge: Bool {
        guard case .string(let code) = extensions["code"] else { return false }
        return ["QUERY_TOO_DEEP", "QUERY_TOO_COMPLEX", "QUERY_TOO_LARGE"].contains(code)
    }
}

extension Response.Outcome {
    /// Of an error that kept a request from being executed and says nothing more exact.
    var code: String {
        switch self {
        case .syntaxError: "GRAPHQL_PARSE_FAILED"
        case .invalidRequest: "GRAPHQL_VALIDATION_FAILED"
        case .invalidVariables: "BAD_USER_INPUT"
        case .throttled: "RATE_LIMITED"
        case .executed: "INTERNAL"
        }
    }
}

extension HTTPStatus {
    /// Of a refusal that says nothing more exact.
    var errorCode: String {
        switch code {
        case 401: "UNAUTHENTICATED"
        case 403: "FORBIDDEN"
        case 404: "NOT_FOUND"
        case 408: "TIMEOUT"
        case 413: "REQUEST_TOO_LARGE"
        case 429: "RATE_LIMITED"
        case 500: "INTERNAL"
        case 503: "SERVICE_UNAVAILABLE"
        default: "BAD_REQUEST"
        }
    }
}
