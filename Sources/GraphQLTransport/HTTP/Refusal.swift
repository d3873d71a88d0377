import GraphQLSchema
import HTTPServer

/// A request that ends before anything of GraphQL is looked at.
struct Refusal: Error {
    let status: HTTPStatus
    let message: String
    var code: String?
    /// Such as Allow.
    var fields: [(name: StaticString, value: String)] = []

    init(_ status: HTTPStatus, _ message: String, code: String? = nil) {
        self.status = status
        self.message = message
        self.code = code
    }

    init(_ status: HTTPStatus, _ message: String, _ field: StaticString, _ value: String) {
        self.init(status, message)
        fields = [(field, value)]
    }

    var error: GraphQLError {
        GraphQLError(message, extensions: code.map { ["code": .string($0)] } ?? [:])
    }
}
