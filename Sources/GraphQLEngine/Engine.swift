public import GraphQLLanguage
public import GraphQLSchema

/// Answers requests to one schema. An engine is shared by all threads and lives as long as the program.
public final class Engine: Sendable {
    let schema: PlannableSchema
    let answers: any AnswerSource
    let options: EngineOptions
    let documents: DocumentCache
    let views: SchemaViews
    let costs: SchemaCosts
    let subscriptions: SharedSubscriptions
    let openSubscriptions = OpenSubscriptions()

    /// An engine for a schema with generated bindings.
    public convenience init<Binding: SchemaBinding>(
        _ binding: Binding.Type,
        options: EngineOptions = EngineOptions()
    ) throws {
        var options = options
        let schema = try Self.schema(binding.sdl.description, &options)
        self.init(schema, GeneratedAnswers<Binding>(), options)
    }

    /// The schema as text, as requests of no class see it, without directives that are for the server alone.
    public var schemaText: String { views.standard.schema.printed() }

    /// What the cache of documents has seen so far.
    public var documentCounts: DocumentCacheCounts { documents.counts }

    /// What the client sees of an error that came from the application: ``EngineOptions/present``.
    public func present(_ error: any Error) -> GraphQLError { options.present(error) }

    /// The answer to a request that is not executed, by ``EngineOptions/presentRefusal``.
    ///
    /// - Parameter context: of the request; nil where there is none yet.
    public func refuse(
        _ error: GraphQLError,
        _ outcome: Response.Outcome = .invalidRequest,
        in context: ExecutionContext? = nil
    ) -> Response {
        Response(refusing: [options.presentRefusal(error, outcome, context)], outcome)
    }

    init(_ schema: Schema, _ answers: some AnswerSource, _ options: EngineOptions) {
        costs = SchemaCosts(schema)
        self.schema = PlannableSchema(schema, storesLeaves: answers.storesLeaves, options.middleware)
        views = SchemaViews(self.schema, options.visibility)
        self.answers = answers
        self.options = options
        subscriptions = SharedSubscriptions(options.subscriptions)
        documents = DocumentCache(byteLimit: options.documentCacheBytes)
    }
}

/// What an engine allows and how it answers; safe for the open Internet as it stands.
public struct EngineOptions: Sendable {
    /// How much the documents may weigh that are kept parsed, validated and planned, their plans counted in.
    public var documentCacheBytes = 64 << 20
    public var parser = ParserLimits(tokens: 15_000, depth: 200, bytes: 64 << 10)
    public var limits = OperationLimits()
    public var plan = PlanLimits()
    public var subscriptions = SubscriptionLimits()
    /// What answers tell of their execution.
    public var extensions = ResponseExtensions()
    /// Hides parts of the schema from requests (``ExecutionContext/visibility``); nil, as it stands, hides nothing.
    public var visibility: VisibilityRule?
    /// What directives of the schema do before the fields that carry them are answered, by the directives' names.
    public var middleware: [String: any FieldMiddleware] = [:]
    /// Whether documents are validated. Off only where that was done before; what does not fit the schema is then left
    /// out of the answer.
    public var validates = true
    public var validation = ValidationOptions()
    /// Whether the schema has `@defer` and `@stream`, so that clients who take answers in parts get them so.
    public var allowsIncrementalDelivery = true
    /// How many errors an answer lists; of more it says that there are more.
    public var errorLimit = 5_000
    /// Turns whatever a resolver throws into what the client sees. The standard shows errors that were made to be
    /// shown, which are `GraphQLError`s, and of all others nothing but that there was one.
    public var present: @Sendable (any Error) -> GraphQLError = EngineOptions.masked
    /// What the client sees of an error that keeps a request from being executed, such as one of validation: by what came of the
    /// request, and of its context where it has one. The standard shows it as it is.
    public var presentRefusal: @Sendable (GraphQLError, Response.Outcome, ExecutionContext?) -> GraphQLError = {
        error,
        _,
        _ in error
    }

    public init() {}

    public static func masked(_ error: any Error) -> GraphQLError {
        switch error {
        case let error as GraphQLError: error
        case is UnrepresentableValue: GraphQLError("Float cannot represent non numeric value: NaN")
        default: GraphQLError("Internal server error", extensions: ["code": .string("INTERNAL")])
        }
    }
}

/// Where the values of a schema come from: generated bindings, or trees of data.
protocol AnswerSource: Sendable {
    /// Whether values answer their leaf fields without arguments themselves.
    var storesLeaves: Bool { get }
    /// The one parent of the root fields of an operation.
    func root(_ operation: OperationType) -> ObjectColumn
    func decodeArguments(
        of step: Step,
        _ arguments: [Value.Field],
        _ decoder: inout InputDecoder
    ) -> DecodedArguments?
    /// Opens the event stream of a subscription's root field.
    func subscribe(_ field: Int, _ call: ResolverCall) async throws -> EventStream
}

struct GeneratedAnswers<Binding: SchemaBinding>: AnswerSource {
    var storesLeaves: Bool { true }

    func root(_ operation: OperationType) -> ObjectColumn { Binding.root(operation) }

    func decodeArguments(
        of step: Step,
        _ arguments: [Value.Field],
        _ decoder: inout InputDecoder
    ) -> DecodedArguments? {
        Binding.decodeArguments(type: step.parentType.index, field: step.field, arguments, &decoder)
    }

    func subscribe(_ field: Int, _ call: ResolverCall) async throws -> EventStream {
        try await Binding.subscribe(field, call)
    }
}
