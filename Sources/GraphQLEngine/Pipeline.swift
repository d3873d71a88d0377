import GraphQLLanguage
import GraphQLSchema
import Synchronization

/// A request's way through the engine, step by step. Read this first.
extension Engine {
    /// Answers a query or mutation.
    public func execute(_ request: Request, in context: ExecutionContext) async -> Response {
        switch prepare(request, in: context) {
        case .ready(let prepared): await execute(prepared, in: context)
        case .refused(let response): response
        }
    }

    /// Answers a query or mutation that was looked at before.
    public func execute(_ request: PreparedRequest, in context: ExecutionContext) async -> Response {
        await execute(request, in: context) { answers.root($0.operationType) }
    }

    /// Finds out what a request asks for, so that a transport can decide whether it may. What it can ask for at all is what
    /// the context lets it see.
    public func prepare(_ request: Request, in context: ExecutionContext) -> Preparation {
        do { return .ready(try prepared(request, in: context)) } catch { return .refused(respond(error, in: context)) }
    }

    /// - Parameter root: makes the parent of the root fields, given the plan.
    func execute(
        _ request: PreparedRequest,
        in context: ExecutionContext,
        root: (Plan) -> ObjectColumn
    ) async -> Response {
        do {
            let executor = try executor(for: request, in: context)
            let run = await executor.run(on: root(executor.plan), request.onError)
            return respond(run, executor, request.onError)
        } catch {
            return respond(error, in: context)
        }
    }

    /// The first steps: everything that does not look at the variables.
    func prepared(_ request: Request, in context: ExecutionContext) throws(RequestFailure) -> PreparedRequest {
        let view = views.view(of: context.visibility)
        let document = try find(request.document, in: view, allowsIntrospection: context.allowsIntrospection)
        let operation = try select(document, request.operationName)
        return PreparedRequest(
            document: document,
            operation: operation,
            variables: request.variables,
            onError: request.onError,
            uploads: request.uploads,
            asksForTrace: request.asksForTrace,
            view: view
        )
    }

    /// All further steps before the first resolver runs.
    ///
    /// - Parameter isIncremental: whether the answer may come in parts.
    func executor(
        for request: PreparedRequest,
        in context: ExecutionContext,
        isIncremental: Bool = false
    ) throws(RequestFailure) -> Executor {
        let (document, operation) = (request.document, request.operation)
        let variables = try coerceVariables(of: request, isIncremental: isIncremental)
        let estimate = try checkCost(of: operation, in: document, variables)
        do { try context.admit(estimate) } catch { throw RequestFailure(.throttled, [error]) }
        let plan = try plan(operation, of: document, variables, isIncremental: isIncremental)
        let arguments = try decodeArguments(of: plan, variables, request.uploads)
        let executed = ExecutedRequest(
            plan: plan,
            schema: schema,
            introspected: request.view.introspected,
            variables: variables,
            arguments: arguments
        )
        return Executor(executed, in: context, observation(of: request, estimate, variables, in: context))
    }

    // MARK: Before execution

    /// Finds the document among those seen before, or parses and validates it.
    private func find(
        _ text: [UInt8],
        in view: SchemaView,
        allowsIntrospection: Bool
    ) throws(RequestFailure) -> PreparedDocument {
        let key = DocumentCache.Key(text, variant: view.number * 2 + (allowsIntrospection ? 0 : 1))
        if let known = documents.find(key) { return known }
        let document: Document
        do { document = try Document(parsing: text, limits: options.parser) } catch {
            throw RequestFailure(.syntaxError, [.unreadable(error)])
        }
        var validation = options.validation
        if !options.validates { validation.rules = [] }
        if !allowsIntrospection { validation.rules.append(.noSchemaIntrospection) }
        let errors = validation.rules.isEmpty ? [] : view.validator.validate(document, options: validation)
        guard errors.isEmpty else { throw RequestFailure(.invalidRequest, errors) }
        let prepared = try withinLimits(document, key)
        documents.insert(prepared, for: key)
        return prepared
    }

    private func select(
        _ document: PreparedDocument,
        _ name: String?
    ) throws(RequestFailure) -> PreparedOperation {
        do { return try document.operation(named: name) } catch { throw RequestFailure(.invalidRequest, [error]) }
    }

    private func coerceVariables(
        of request: PreparedRequest,
        isIncremental: Bool
    ) throws(RequestFailure) -> VariableValues {
        if request.operation.isConstant { return .none }
        let (variables, errors) = request.view.schema.coercedVariables(
            request.variables,
            of: request.operation.node,
            in: request.document.document
        )
        guard errors.isEmpty else {
            let violations = violations(of: request, variables, isIncremental: isIncremental)
            throw RequestFailure(.invalidVariables, errors + violations)
        }
        return variables
    }

    /// What else is wrong with the input of a request whose variables do not all fit their types.
    private func violations(
        of request: PreparedRequest,
        _ variables: VariableValues,
        isIncremental: Bool
    ) -> [GraphQLError] {
        do throws(RequestFailure) {
            let plan = try plan(request.operation, of: request.document, variables, isIncremental: isIncremental)
            return violations(of: plan, variables, request.uploads)
        } catch {
            return []
        }
    }

    private func plan(
        _ operation: PreparedOperation,
        of document: PreparedDocument,
        _ variables: VariableValues,
        isIncremental: Bool
    ) throws(RequestFailure) -> Plan {
        do {
            return try operation.plan(for: variables, isIncremental: isIncremental) {
                (booleans) throws(GraphQLError) in
                var planner = Planner(
                    schema,
                    document,
                    booleans: booleans,
                    limits: options.plan,
                    isIncremental: isIncremental
                )
                return try planner.plan(operation.node)
            }
        } catch {
            throw RequestFailure(.invalidRequest, [error])
        }
    }

    // MARK: After execution

    func respond(_ run: SelectionRun, _ executor: Executor, _ onError: ErrorBehavior) -> Response {
        let plan = executor.plan
        var settling = Settling(plan, schema, onError, options)
        settling.settle(run)
        let errors = settling.errors
        if onError == .halt, !errors.isEmpty { run.nullRow(0) }
        var buffer = ResponseBuffer(capacity: plan.expectedBytes(of: run))
        buffer.write(byte: UInt8(ascii: "{"))
        if !errors.isEmpty {
            buffer.write(errors: errors)
            buffer.write(byte: UInt8(ascii: ","))
        }
        buffer.write(raw: "\"data\":")
        ResponseWriter.write(run, of: plan, to: &buffer)
        note(run, of: executor)
        write(extensionsOf: executor, to: &buffer)
        buffer.write(byte: UInt8(ascii: "}"))
        plan.expectedBytes.store(buffer.count + buffer.count / 8 + 64, ordering: .relaxed)
        return Response(buffer, .executed(hasErrors: !errors.isEmpty))
    }

    func respond(_ failure: RequestFailure, in context: ExecutionContext) -> Response {
        // What was executed has errors of fields, which were presented.
        if case .executed = failure.outcome { return Response(refusing: failure.errors, failure.outcome) }
        let errors = failure.errors.map { options.presentRefusal($0, failure.outcome, context) }
        return Response(refusing: errors, failure.outcome)
    }
}

/// A request that ends before anything runs.
struct RequestFailure: Error {
    let outcome: Response.Outcome
    let errors: [GraphQLError]

    init(_ outcome: Response.Outcome, _ errors: [GraphQLError]) {
        self.outcome = outcome
        self.errors = errors
    }
}
