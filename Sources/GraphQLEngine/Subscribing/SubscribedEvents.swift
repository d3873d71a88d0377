/// Opens the source of a subscription's events.
protocol EventOpener: Sendable {
    func open(_ executor: Executor, _ call: ResolverCall) async throws -> any SubscribedEvents
}

/// The events of an open source. Whoever opened it is its only reader.
protocol SubscribedEvents: AnyObject {
    /// Waits for the next event; nil at the end.
    ///
    /// All that is on the way to what waits is held for as long as it does: here nothing is carried out.
    func next() async throws -> SubscribedEvent?
}

/// What has happened, to be answered by one execution of the plan. An object: while it is waited for, each asynchronous
/// function on the way has a place for it.
final class SubscribedEvent {
    enum Content {
        /// The answer of the root field, and what its listener shares it by.
        case answer(FieldColumn, (any AnswerSharing)?)
        /// The parent of the root field.
        case root(ObjectColumn)
    }

    let content: Content

    init(_ content: Content) { self.content = content }
}

/// Events of the schema's binding.
struct BoundEvents: EventOpener {
    let answers: any AnswerSource

    func open(_ executor: Executor, _ call: ResolverCall) async throws -> any SubscribedEvents {
        try await answers.subscribe(executor.plan.root.steps[0].field, call).events
    }
}
