import GraphQLLanguage
public import GraphQLSchema

/// A schema answered by trees of data, for tests, mocks and tools. It is planned and executed like any other.
public struct DynamicSchema: Sendable {
    let engine: Engine

    public init(_ schema: Schema, options: EngineOptions = EngineOptions()) {
        engine = Engine(schema, DynamicAnswers(), options)
    }

    /// A schema as an engine has it, which knows `@defer` and `@stream` unless the options say otherwise.
    public init(sdl: String, options: EngineOptions = EngineOptions()) throws {
        var options = options
        let schema = try Engine.schema(sdl, &options)
        engine = Engine(schema, DynamicAnswers(), options)
    }

    /// Subscribes to the root field's list of events, each of them the root object of one execution. An error among
    /// them ends the stream.
    public func subscribe(
        _ request: Request,
        root: DynamicObject,
        in context: ExecutionContext = ExecutionContext()
    ) async -> SubscriptionOutcome {
        let prepared: PreparedRequest
        do { prepared = try engine.prepared(request, in: context) } catch {
            return .refused(engine.respond(error, in: context))
        }
        return await engine.subscribe(prepared, in: context, to: DynamicEvents(root: root, schema: engine.schema))
    }

    /// Answers a query or mutation from a root object, in parts if the operation has `@defer` or `@stream` in it.
    public func execute(
        _ request: Request,
        root: DynamicObject,
        as format: IncrementalFormat,
        in context: ExecutionContext = ExecutionContext(),
        deliver: (Response) async throws -> Void
    ) async throws {
        let prepared: PreparedRequest
        do { prepared = try engine.prepared(request, in: context) } catch {
            return try await deliver(engine.respond(error, in: context))
        }
        try await engine.execute(
            prepared,
            in: context,
            as: format,
            root: { DynamicColumn([root], type: $0.root.type, in: engine.schema) },
            deliver
        )
    }

    /// Answers a query or mutation from a root object.
    public func execute(
        _ request: Request,
        root: DynamicObject,
        in context: ExecutionContext = ExecutionContext()
    ) async -> Response {
        let prepared: PreparedRequest
        do { prepared = try engine.prepared(request, in: context) } catch { return engine.respond(error, in: context) }
        return await engine.execute(prepared, in: context) { plan in
            DynamicColumn([root], type: plan.root.type, in: engine.schema)
        }
    }
}

struct DynamicAnswers: AnswerSource {
    var storesLeaves: Bool { false }

    func root(_ operation: OperationType) -> ObjectColumn {
        preconditionFailure("the root of a dynamic schema comes with the request")
    }

    func subscribe(_ field: Int, _ call: ResolverCall) async throws -> EventStream {
        preconditionFailure("the events of a dynamic schema come with the request")
    }

    func decodeArguments(
        of step: Step,
        _ arguments: [Value.Field],
        _ decoder: inout InputDecoder
    ) -> DecodedArguments? {
        DecodedArguments(arguments)
    }
}
