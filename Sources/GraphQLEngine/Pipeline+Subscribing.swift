import GraphQLLanguage
import GraphQLSchema

/// https://spec.graphql.org/September2025/#sec-Subscription
extension Engine {
    /// Opens the event stream of a subscription; each event is one execution of its plan.
    public func subscribe(_ request: Request, in context: ExecutionContext) async -> SubscriptionOutcome {
        switch prepare(request) {
        case .ready(let prepared): await subscribe(prepared, in: context)
        case .refused(let response): .refused(response)
        }
    }

    /// Opens the event stream of a subscription that was looked at before.
    public func subscribe(_ request: PreparedRequest, in context: ExecutionContext) async -> SubscriptionOutcome {
        await subscribe(request, in: context) { executor, call in
            let stream = try await answers.subscribe(executor.plan.root.steps[0].field, call)
            let root = answers.root(.subscription)
            return {
                guard let event = try await stream.next() else { return nil }
                return await executor.run(on: root, event: event)
            }
        }
    }

    /// - Parameter open: opens the source of events, given the executor and the call of the root field; returns what
    ///   waits for the next event and runs the plan on it.
    func subscribe(
        _ request: PreparedRequest,
        in context: ExecutionContext,
        open: (Executor, ResolverCall) async throws -> () async throws -> SelectionRun?
    ) async -> SubscriptionOutcome {
        let ready: Executor
        do { ready = try executor(for: request, in: context) } catch { return .refused(respond(error)) }
        let plan = ready.plan
        guard let step = plan.root.steps.first, plan.operationType == .subscription else {
            return .refused(respond(RequestFailure(.invalidRequest, [Self.notSubscribable(plan)])))
        }
        do {
            try await ready.admitSubscriber()
            let call = ResolverCall(arguments: try ready.arguments[step], context: context)
            let nextRun = try await open(ready, call)
            return .stream(
                ResponseStream { [self] in
                    do {
                        try await ready.admitSubscriber()
                        return try await nextRun().map { respond($0, ready, request.onError) }
                    } catch {
                        throw options.present(error)
                    }
                }
            )
        } catch let failure as RequestFailure {
            return .refused(respond(failure))
        } catch {
            var shown = options.present(error)
            if shown.locations.isEmpty { shown.locations = step.nodes.map(plan.document.location(of:)) }
            shown.path = [.key(step.responseKey)]
            return .refused(respond(RequestFailure(.executed(hasErrors: true), [shown])))
        }
    }

    private static func notSubscribable(_ plan: Plan) -> GraphQLError {
        let document = plan.document
        guard plan.operationType == .subscription, let selections = document.child(.selectionSet, of: plan.operation),
            let field = document.child(.field, of: selections)
        else { return GraphQLError("Only subscription operations can be subscribed to.") }
        return GraphQLError(
            "The subscription field \"\(document.text(of: field))\" is not defined.",
            locations: [document.location(of: field)]
        )
    }
}
