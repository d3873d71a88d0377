import GraphQLSchema

/// An event that others hear of, too, whose answer may be the same for them.
///
/// Elements of a subscription's sequence that conform are executed and encoded once for those who would get the same, though
/// each of them has a source of their own, and is admitted to each event by themselves.
public protocol SharedEvent {
    /// Nil for an event that is nobody else's.
    var sharing: (any AnswerSharing)? { get }
}

/// What knows of one listener and one event whether an answer that was made for somebody else is theirs, too.
public protocol AnswerSharing: AnyObject, Sendable {
    /// The answer, if somebody else's is theirs. Asked when the listener was admitted to the event.
    func knownAnswer(for key: SharedAnswerKey, in context: ExecutionContext) async -> Response?
    /// What the execution came to, each time none was known; nil where it has errors.
    func executed(_ answer: Response?, for key: SharedAnswerKey, in context: ExecutionContext)
}

/// What makes two executions of an event equal, but for who listens.
public struct SharedAnswerKey: Hashable, Sendable {
    /// Kept, so that no other takes its place.
    private let plan: Plan
    private let onError: ErrorBehavior

    /// Nil where answers differ by more: by values of variables beneath the root field, or by what is told of their
    /// execution.
    init?(_ executor: Executor, _ onError: ErrorBehavior) {
        plan = executor.plan
        self.onError = onError
        let root = plan.root.steps[0]
        guard executor.observation == nil, !plan.root.holdsLater, plan.stepsWithArguments.allSatisfy({ $0 === root })
        else { return nil }
    }

    public static func == (left: SharedAnswerKey, right: SharedAnswerKey) -> Bool {
        left.plan === right.plan && left.onError == right.onError
    }

    public func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(plan)) }
}
