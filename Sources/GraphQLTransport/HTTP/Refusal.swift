import GraphQLSchema
import HTTPServer

/// A request that ends before anything of GraphQL is looked at.
struct Refusal: Error {
    let status: HTTPStatus
    let error: GraphQLError
    /// Such as Allow.
    var fields: [(name: StaticString, value: String)] = []
    /// Whether the error was presented as a fault.
    private(set) var isPresented = false

    init(_ status: HTTPStatus, _ message: String, code: String? = nil) {
        self.status = status
        error = GraphQLError(message, extensions: code.map { ["code": .string($0)] } ?? [:])
    }

    init(_ status: HTTPStatus, _ error: GraphQLError, isPresented: Bool = false) {
        self.status = status
        self.error = error
        self.isPresented = isPresented
    }

    init(_ status: HTTPStatus, _ message: String, _ field: StaticString, _ value: String) {
        self.init(status, message)
        fields = [(field, value)]
    }
}
