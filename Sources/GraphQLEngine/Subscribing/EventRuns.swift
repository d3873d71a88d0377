import GraphQLLanguage
import GraphQLSchema

/// Opens the source of a subscription's events.
protocol EventOpener: Sendable {
    func open(_ executor: Executor, _ call: ResolverCall) async throws -> any EventRuns
}

/// The events of an open source, each as the run of the plan on it. Whoever opened it is its only reader.
protocol EventRuns: AnyObject {
    /// Waits for the next event and runs the plan by the executor of that event; nil at the end.
    ///
    /// - Parameter key: by which an answer may be known; nil where none may be.
    func next(_ executor: Executor, _ key: SharedAnswerKey?) async throws -> EventRun?
}

/// What came of an event.
enum EventRun {
    /// The answer is to be made of this, and told to whoever shares the event.
    case executed(SelectionRun, (any AnswerSharing)?)
    case known(Response)
}

/// Events of the schema's binding.
struct BoundEvents: EventOpener {
    let answers: any AnswerSource

    func open(_ executor: Executor, _ call: ResolverCall) async throws -> any EventRuns {
        let stream = try await answers.subscribe(executor.plan.root.steps[0].field, call)
        return Runs(stream, answers.root(.subscription))
    }

    private final class Runs: EventRuns {
        private let stream: EventStream
        private let root: ObjectColumn

        init(_ stream: EventStream, _ root: ObjectColumn) {
            self.stream = stream
            self.root = root
        }

        func next(_ executor: Executor, _ key: SharedAnswerKey?) async throws -> EventRun? {
            guard let (event, shared) = try await stream.next() else { return nil }
            try await executor.admitSubscriber()
            let sharing = key == nil ? nil : shared
            if let key, let sharing, let known = await sharing.knownAnswer(for: key, in: executor.context) {
                return .known(known)
            }
            return .executed(await executor.run(on: root, event: event), sharing)
        }
    }
}
