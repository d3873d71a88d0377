import GraphQLLanguage
import GraphQLSchema
import Synchronization

/// https://spec.graphql.org/September2025/#sec-Subscription
extension Engine {
    /// Opens the event stream of a subscription; each event is one execution of its plan.
    public func subscribe(_ request: Request, in context: ExecutionContext) async -> SubscriptionOutcome {
        switch prepare(request, in: context) {
        case .ready(let prepared): await subscribe(prepared, in: context)
        case .refused(let response): .refused(response)
        }
    }

    /// Opens the event stream of a subscription that was looked at before.
    ///
    /// Equal subscriptions whose contexts say that they may be shared (``ExecutionContext/sharingKey``) have one source,
    /// one execution for each event, and one encoding of it.
    public func subscribe(_ request: PreparedRequest, in context: ExecutionContext) async -> SubscriptionOutcome {
        await subscribe(request, in: context, to: BoundEvents(answers: answers))
    }

    /// What the engine's shared subscriptions did so far.
    public var subscriptionCounts: SubscriptionCounts {
        var counts = subscriptions.counters.current
        counts.sources = subscriptions.count
        return counts
    }

    /// Subscriptions that somebody reads, whatever they share.
    public var openSubscriptionCount: Int { openSubscriptions.count }

    func subscribe(
        _ request: PreparedRequest,
        in context: ExecutionContext,
        to opener: some EventOpener
    ) async -> SubscriptionOutcome {
        let executor: Executor
        do { executor = try self.executor(for: request, in: context) } catch {
            return .refused(respond(error, in: context))
        }
        guard !executor.plan.root.steps.isEmpty, executor.plan.operationType == .subscription else {
            let failure = RequestFailure(.invalidRequest, [Self.notSubscribable(executor.plan)])
            return .refused(respond(failure, in: context))
        }
        if let key = context.sharingKey, let startTask = context.loading.startTask, executor.observation?.trace == nil {
            return await join(request, executor, key, startTask, opener)
        }
        do {
            let events = try await begin(executor, opener)
            return .stream(
                ResponseStream(shared: nil, OpenSubscription(openSubscriptions)) { [self] in
                    do {
                        guard let event = try await events.next() else { return nil }
                        return try await answerApart(event, executor, request)
                    } catch {
                        throw options.present(error)
                    }
                }
            )
        } catch {
            return .refused(refusal(error, executor))
        }
    }

    /// Joins a subscription that runs, or starts it.
    private func join(
        _ request: PreparedRequest,
        _ executor: Executor,
        _ sharingKey: String,
        _ startTask: LoadingContext.TaskStarter,
        _ opener: some EventOpener
    ) async -> SubscriptionOutcome {
        let key = SharedSubscriptions.Key(
            plan: ObjectIdentifier(executor.plan),
            variables: executor.variables,
            onError: request.onError,
            sharingKey: sharingKey
        )
        let (membership, isFirst) = subscriptions.join(key)
        if isFirst {
            let shared = membership.shared
            shared.keep(startTask { [self] in await run(shared, request, executor, opener) })
        }
        if let refusal = await membership.opened() { return .refused(refusal) }
        let shared = SharedResponses(membership, OpenSubscription(openSubscriptions))
        return .stream(ResponseStream(shared: shared) { try await membership.next() })
    }

    /// Runs the source of a shared subscription to its end.
    private func run(
        _ shared: SharedSubscription,
        _ request: PreparedRequest,
        _ executor: Executor,
        _ opener: some EventOpener
    ) async {
        let events: any SubscribedEvents
        do { events = try await begin(executor, opener) } catch { return shared.refuse(refusal(error, executor)) }
        shared.begin()
        do {
            while !Task.isCancelled, let event = try await events.next() {
                shared.publish(try await answer(event, executor, request))
                // What readers send leaves at the end of the turn: a source that never waits must not fill their buffers
                // in one.
                await executor.context.loading.endOfTurn()
                await shared.paced()
            }
            shared.finish(.success(nil))
        } catch {
            shared.finish(.failure(options.present(error)))
        }
    }

    private func begin(
        _ executor: Executor,
        _ opener: some EventOpener
    ) async throws -> any SubscribedEvents {
        try await executor.admitSubscriber()
        let arguments = try executor.arguments[executor.plan.root.steps[0]]
        return try await opener.open(executor, ResolverCall(arguments: arguments, context: executor.context))
    }

    /// Answers an event in a task of its own, which has nobody to wait for who goes on at once.
    ///
    /// What a task has taken for its deepest call it keeps to its end, and who waits for events may do so for hours.
    private func answerApart(
        _ event: SubscribedEvent,
        _ executor: Executor,
        _ request: PreparedRequest
    ) async throws -> Response {
        guard let startTask = executor.context.loading.startTask, !Task.isCancelled else {
            return try await answer(event, executor, request)
        }
        let (handed, outcome) = (Handed(event), Outcome())
        let task = startTask { [self] in
            do { outcome.result = .success(try await answer(handed.value, executor, request)) } catch {
                outcome.result = .failure(error)
            }
        }
        // Most events are answered by now.
        if outcome.result == nil {
            await withTaskCancellationHandler {
                await task.value
            } onCancel: {
                task.cancel()
            }
        }
        guard let result = outcome.result else { preconditionFailure("a task that has ended has an outcome") }
        return try result.get()
    }

    /// What comes of a task.
    private final class Outcome: Sendable {
        private let value = Mutex<Result<Response, any Error>?>(nil)

        var result: Result<Response, any Error>? {
            get { value.withLock { $0 } }
            set { value.withLock { $0 = newValue } }
        }
    }

    /// The answer to an event. It is executed in a context of its own: what loaders keep is as old as their event.
    private func answer(
        _ event: SubscribedEvent,
        _ executor: Executor,
        _ request: PreparedRequest
    ) async throws -> Response {
        var executor = executor
        executor.context = executor.context.contextForNextEvent()
        executor.observation = executor.observation.flatMap {
            observation(of: request, $0.estimate, $0.variables, in: executor.context)
        }
        executor.admittedStep = executor.plan.root.steps[0]
        try await executor.admitSubscriber()
        switch event.content {
        case .root(let root): return respond(await executor.run(on: root), executor, request.onError)
        case .answer(let column, let sharing):
            let key = sharing == nil ? nil : SharedAnswerKey(executor, request.onError)
            if let key, let known = await sharing?.knownAnswer(for: key, in: executor.context) { return known }
            let run = await executor.run(on: answers.root(.subscription), event: column)
            let response = respond(run, executor, request.onError)
            if let key, let sharing {
                let isWhole = response.outcome == .executed(hasErrors: false)
                sharing.executed(isWhole ? response : nil, for: key, in: executor.context)
            }
            return response
        }
    }

    /// Why the source could not be opened: an error of its field.
    private func refusal(_ error: any Error, _ executor: Executor) -> Response {
        if let failure = error as? RequestFailure { return respond(failure, in: executor.context) }
        let step = executor.plan.root.steps[0]
        var shown = options.present(error)
        if shown.locations.isEmpty { shown.locations = step.nodes.map(executor.plan.document.location(of:)) }
        shown.path = [.key(step.responseKey)]
        return respond(RequestFailure(.executed(hasErrors: true), [shown]), in: executor.context)
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
