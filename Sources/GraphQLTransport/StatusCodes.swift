import GraphQLEngine
import HTTPServer

/// Which edition of GraphQL over HTTP decides about statuses.
public enum StatusCodes: Sendable {
    /// The drafts before the first edition: `application/json` says 200 to whatever was a request, and
    /// `application/graphql-response+json` says 400 to what did not run.
    case legacy
    /// The edition of September 2026: a status says what happened, whatever the media type.
    case september2026

    func status(of response: Response, as type: MediaType) -> HTTPStatus {
        switch (self, response.outcome) {
        case (_, .executed(hasErrors: false)): .ok
        case (.legacy, .executed): .ok
        case (_, .throttled): .tooManyRequests
        case (.legacy, _): type == .json ? .ok : .badRequest
        case (.september2026, .syntaxError): .badRequest
        case (.september2026, .invalidRequest), (.september2026, .invalidVariables): .unprocessableContent
        case (.september2026, .executed): response.hasData ? .partialSuccess : .unprocessableContent
        }
    }

    /// For a body that is JSON, but no request.
    var badEnvelope: HTTPStatus { self == .legacy ? .badRequest : .unprocessableContent }
}
