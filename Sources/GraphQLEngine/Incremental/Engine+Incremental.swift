import GraphQLLanguage
import GraphQLSchema

/// Answers that come in parts: https://github.com/graphql/graphql-spec/pull/1110
extension Engine {
    /// Answers a query or mutation, in parts if the operation has `@defer` or `@stream` in it.
    ///
    /// All parts are delivered by this call, so cancelling it cancels what is not there yet; what `deliver` throws ends
    /// it as well. The first part may be the only one: ``Response/hasNext`` tells.
    public func execute(
        _ request: PreparedRequest,
        in context: ExecutionContext,
        as format: IncrementalFormat,
        deliver: (Response) async throws -> Void
    ) async throws {
        try await execute(request, in: context, as: format, root: { answers.root($0.operationType) }, deliver)
    }

    func execute(
        _ request: PreparedRequest,
        in context: ExecutionContext,
        as format: IncrementalFormat,
        root: (Plan) -> ObjectColumn,
        _ deliver: (Response) async throws -> Void
    ) async throws {
        guard request.mayBeIncremental, options.allowsIncrementalDelivery else {
            return try await deliver(await execute(request, in: context, root: root))
        }
        let executor: Executor
        do { executor = try self.executor(for: request, in: context, isIncremental: true) } catch {
            return try await deliver(respond(error, in: context))
        }
        let run = await executor.run(on: root(executor.plan), request.onError)
        let delivery = IncrementalDelivery(self, executor, request.onError, format)
        let response = delivery.respond(run)
        try await deliver(response)
        if response.hasNext { try await delivery.run(deliver) }
    }

    /// A schema that knows `@defer` and `@stream`, and the rules for them, if answers may come in parts.
    static func schema(_ sdl: String, _ options: inout EngineOptions) throws -> Schema {
        var documents = [try Document(parsing: sdl, limits: .schema)]
        if options.allowsIncrementalDelivery {
            if let directives = try incrementalDirectives(missingIn: documents[0]) { documents.append(directives) }
            options.validation.rules += ValidationRule.incremental
        }
        return Schema(unchecked: documents)
    }

    /// Definitions of `@defer` and `@stream`, as far as a schema has none of its own.
    private static func incrementalDirectives(missingIn schema: Document) throws -> Document? {
        let own = schema.children(of: 0).filter { schema[$0].kind == .directiveDefinition }.map(schema.text(of:))
        let missing = [("defer", deferDirective), ("stream", streamDirective)].filter { !own.contains($0.0) }
        guard !missing.isEmpty else { return nil }
        return try Document(parsing: missing.map(\.1).joined(), limits: .schema)
    }

    private static let deferDirective = """
        "Delivers the fragment later than the rest, if it is not switched off."
        directive @defer(
          "Whether the fragment comes later."
          if: Boolean! = true
          "A name by which the client knows the part."
          label: String
        ) on FRAGMENT_SPREAD | INLINE_FRAGMENT

        """

    private static let streamDirective = """
        "Delivers the first items of the list with the rest of the response, all others later."
        directive @stream(
          "Whether items come later."
          if: Boolean! = true
          "A name by which the client knows the part."
          label: String
          "How many items come at once."
          initialCount: Int! = 0
        ) on FIELD

        """
}
