public import GraphQLLanguage

/// An error as a response shows it: https://spec.graphql.org/September2025/#sec-Errors
public struct GraphQLError: Error, Hashable, Sendable {
    public var message: String
    public var locations: [SourceLocation]
    public var path: [PathElement]
    public var extensions: [String: Value]

    public init(
        _ message: String,
        locations: [SourceLocation] = [],
        path: [PathElement] = [],
        extensions: [String: Value] = [:]
    ) {
        self.message = message
        self.locations = locations
        self.path = path
        self.extensions = extensions
    }

    public init(_ error: SyntaxError) {
        self.init(error.message, locations: [error.location])
    }

    public enum PathElement: Hashable, Sendable {
        case key(String)
        case index(Int)
    }
}
