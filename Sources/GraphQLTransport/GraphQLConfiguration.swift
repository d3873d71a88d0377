public import GraphQLEngine
public import GraphQLSchema
public import HTTPServer

/// How a schema is served. Safe for the open Internet as it stands.
public struct GraphQLConfiguration: Sendable {
    /// Where GraphQL is; whatever else is asked for goes to the handler beside it.
    public var path = "/graphql"
    public var statusCodes = StatusCodes.september2026
    /// Bytes of a request body; beyond: 413.
    public var maximumBody = 1 << 20
    /// How long a query or mutation may take; beyond: the error `TIMEOUT`. Nil for ever.
    public var deadline: Duration? = .seconds(30)
    /// Requests in one array; 0 refuses arrays.
    public var maximumBatch = 0
    /// What requests of media type `multipart/form-data` may bring; nil refuses them.
    public var uploads: UploadLimits?

    /// Whether requests that a page of another site can cause without being asked, which are all but those of media type
    /// JSON, need a header that such a page cannot set: `GraphQL-Require-Preflight` or `Apollo-Require-Preflight`.
    public var requiresPreflight = true
    public var crossOrigin = CrossOriginPolicy()
    /// Fields of every response. The standard keeps browsers from taking JSON for anything else.
    public var fields = HTTPFields(["x-content-type-options": "nosniff", "cache-control": "no-store"])

    /// Where automatic persisted queries are kept; nil refuses them.
    public var persistedQueries: (any DocumentStore)?
    public var trustedDocuments = TrustedDocumentPolicy.off

    /// The page for browsers; nil for none. It is harmless in itself, and shows what introspection tells.
    public var playground: PlaygroundOptions? = PlaygroundOptions()

    public var socket = GraphQLSocketConfiguration()
    /// How often an event stream in which nothing happens shows that it lives.
    public var eventStreamHeartbeat = Duration.seconds(12)

    /// What event streams that are shared by many operations may hold; nil for none of them.
    public var singleConnection: SingleConnectionLimits?

    /// What operators can ask.
    public var endpoints = ServiceEndpoints()
    public var readiness = ServiceReadiness()
    /// The log whose lines the metrics count; operations are written to it at the level `debug`, and nothing else.
    public var log: Log?
    /// Whether the program can do its work, which `/readyz` tells as well; asked for each of those requests.
    public var canServe: (@Sendable () async -> Bool)?
    /// Keeps traces of operations; nil where none are.
    public var tracer: Tracer?
    /// Notes what operations took, by their names; nil where nobody wants to know.
    public var operations: OperationStatistics?
    /// Adds the program's own metrics to those of the server.
    public var metrics: (@Sendable (inout PrometheusText) async -> Void)?
    /// Whether `ServedRequest.current` is set while operations run.
    public var tracksRequests = false

    /// Called for each HTTP request, and for each socket when it introduces itself: says who is there, by what makes the
    /// contexts of their operations. Throws `ConnectionRefused` for those who may not come in; whatever else it throws is a
    /// fault, of which the client sees what ``EngineOptions/present`` makes of it.
    public var connect: @Sendable (Connecting) async throws -> ContextMaker = { _ in { ExecutionContext($0) } }

    /// What the client sees of an error by which a request is refused before there is an operation, and by what status; of what
    /// comes later ``EngineOptions/presentRefusal`` is asked. The standard shows it as it is.
    public var presentRefusal: @Sendable (GraphQLError, HTTPStatus) -> GraphQLError = { error, _ in error }

    /// Adds fields to an answer over HTTP, by the context its operation ran in.
    public var responseFields: (@Sendable (ExecutionContext, inout HTTPFields) -> Void)?

    public init() {}
}

/// Makes the context of one operation, with the loaders of that operation.
public typealias ContextMaker = @Sendable (LoadingContext) -> ExecutionContext

/// Who wants to be served.
public struct Connecting: Sendable {
    /// The request, or the handshake of the socket.
    public let request: HTTPRequest
    /// What a socket introduced itself with.
    public let payload: Value?
    /// Takes header fields for the answer; nil where it has none to come, as on sockets and for what a reserved stream answers.
    public let answer: (any AnswerFields)?
}

/// The head of an answer over HTTP while operations run. Confined to the loop of the request.
public protocol AnswerFields: AnyObject, Sendable {
    /// Adds a field whose value is known to be one; of no effect once the head is sent.
    func add(_ name: StaticString, _ value: String)
}

/// The answer to those who may not come in: this status, or for sockets the close code 4403.
public struct ConnectionRefused: Error {
    public let status: HTTPStatus
    public var message: String { shown.message }
    /// What the client is told.
    let shown: GraphQLError
    /// Whether that is what was made of a fault.
    let isPresented: Bool

    /// - Parameter code: a word that programs can act upon.
    public init(_ message: String, status: HTTPStatus = .unauthorized, code: String? = nil) {
        shown = GraphQLError(message, extensions: code.map { ["code": .string($0)] } ?? [:])
        self.status = status
        isPresented = false
    }

    /// The application could not say who is there.
    init(failure error: GraphQLError) {
        shown = error
        status = .internalServerError
        isPresented = true
    }
}

/// Limits of the sockets.
public struct GraphQLSocketConfiguration: Sendable {
    /// Whether sockets are accepted, from which origins, and what they may send and hold.
    public var options = WebSocketOptions()
    public var isEnabled = true
    /// How long a client may wait before it introduces itself; beyond: close 4408.
    public var initialisationTimeout = Duration.seconds(3)
    /// How long the application may then think about who it is; beyond: close 4500.
    public var connectTimeout = Duration.seconds(30)
    /// Operations of one socket at a time; beyond: an error for the operation.
    public var maximumOperations = 100
    /// Bytes of the messages that asked for those that run; beyond: an error for the operation. One alone may be as large as a
    /// message.
    public var maximumRequestBytes = 4 << 20
    /// Bytes of answers that may wait until the client has read what came before them; beyond: the close of a slow consumer.
    public var maximumHeldBytes = 16 << 20
    /// How often a `ping` message is sent (`ka` by the older protocol). Nil for never: the frames of the WebSocket do.
    public var pingInterval: Duration?

    public init() {}
}

extension Refusal {
    init(_ refused: ConnectionRefused) {
        self.init(refused.status, refused.shown, isPresented: refused.isPresented)
    }
}
