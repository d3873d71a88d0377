import GraphQLLanguage
import GraphQLSchema

/// Opens the source of a subscription's events.
protocol EventOpener: Sendable {
    func open(_ executor: Executor, _ call: ResolverCall) async throws -> any EventRuns
}

/// The events of an open source, each as the run of the plan on it. Whoever opened it is its only reader.
protocol EventRuns: AnyObject {
    /// Waits for the next event and runs the plan by the executor of that event; nil at the end.
    func next(_ executor: Executor) async throws -> SelectionRun?
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

        func next(_ executor: Executor) async throws -> SelectionRun? {
            guard let event = try await stream.next() else { return nil }
            try await executor.admitSubscriber()
            return await executor.run(on: root, event: event)
        }
    }
}
