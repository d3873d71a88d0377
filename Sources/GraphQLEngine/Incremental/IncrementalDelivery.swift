import GraphQLSchema
import Synchronization

/// Executes what of a response comes later, and makes payloads of it.
///
/// What is deferred of all objects of a run is one batch, executed like any other selection: a resolver is called once
/// for all of them. Batches run side by side; whatever is done when the client takes the next payload is in it.
final class IncrementalDelivery {
    private let engine: Engine
    private let executor: Executor
    private let onError: ErrorBehavior
    private let format: IncrementalFormat
    private let graph = IncrementalGraph()
    private let finished = FinishedBatches()

    init(_ engine: Engine, _ executor: Executor, _ onError: ErrorBehavior, _ format: IncrementalFormat) {
        self.engine = engine
        self.executor = executor
        self.onError = onError
        self.format = format
    }

    /// Writes the first part: what is not deferred of a run on the root.
    func respond(_ run: SelectionRun) -> Response {
        var settling = settling()
        settling.settle(run)
        let errors = settling.errors
        if onError == .halt, !errors.isEmpty { run.nullRow(0) }
        var collector = LaterPartCollector(run)
        let pending = graph.add(collector.parts(ofRow: 0, known: [:]))
        let hasNext = graph.openParts > 0
        var buffer = ResponseBuffer(capacity: executor.plan.expectedBytes.load(ordering: .relaxed))
        buffer.write(byte: UInt8(ascii: "{"))
        if !errors.isEmpty {
            buffer.write(errors: errors)
            buffer.write(byte: UInt8(ascii: ","))
        }
        buffer.write(raw: "\"data\":")
        ResponseWriter.write(run, of: executor.plan, to: &buffer)
        if hasNext {
            if format == .current {
                buffer.write(byte: UInt8(ascii: ","))
                IncrementalPayload.write(pending: pending, to: &buffer)
            }
            buffer.write(raw: ",\"hasNext\":true")
        }
        engine.note(run, of: executor)
        if !hasNext { engine.write(extensionsOf: executor.observation, to: &buffer) }
        buffer.write(byte: UInt8(ascii: "}"))
        executor.plan.expectedBytes.store(buffer.count + buffer.count / 8 + 64, ordering: .relaxed)
        return Response(buffer, .executed(hasErrors: !errors.isEmpty), hasNext: hasNext)
    }

    /// Executes all parts and hands out their payloads, the last of which says that it is the last.
    func run(_ deliver: (Response) async throws -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            start(in: &group)
            while graph.openParts > 0 {
                var payload = IncrementalPayload()
                while true {
                    let batches = finished.take()
                    if !batches.isEmpty {
                        handle(batches, &payload)
                        start(in: &group)
                    } else if payload.isEmpty(as: format), graph.openParts > 0 {
                        try await group.next()
                    } else {
                        break
                    }
                }
                try Task.checkCancellation()
                try await deliver(response(payload))
            }
            // What still runs is of parts that failed otherwise.
            group.cancelAll()
        }
    }

    private func response(_ payload: IncrementalPayload) -> Response {
        var buffer = ResponseBuffer()
        let hasNext = graph.openParts > 0
        buffer.write(byte: UInt8(ascii: "{"))
        payload.write(as: format, to: &buffer)
        buffer.write(raw: hasNext ? "\"hasNext\":true" : "\"hasNext\":false")
        if !hasNext { engine.write(extensionsOf: executor.observation, to: &buffer) }
        buffer.write(byte: UInt8(ascii: "}"))
        return Response(buffer, .executed(hasErrors: payload.hasErrors), hasNext: hasNext)
    }

    // MARK: Running

    private func start(in group: inout ThrowingTaskGroup<Void, any Error>) {
        for (batch, parts) in graph.takeBatches() {
            let handed = Handed(LaterRun(batch, parts))
            group.addImmediateTask { [executor, finished] in
                await handed.value.run(by: executor)
                finished.add(handed)
            }
        }
    }

    // MARK: Finishing

    private func settling() -> Settling {
        Settling(executor.plan, engine.schema, onError, engine.options)
    }

    private func handle(_ batches: [Handed<LaterRun>], _ payload: inout IncrementalPayload) {
        var outcomes: [LaterOutcome] = []
        for batch in batches {
            var settling = settling()
            settling.settle(batch.value.run)
            engine.note(batch.value.run, isRestOfList: batch.value.isRestOfList, of: executor)
            outcomes += batch.value.outcomes(settling.placedErrors, executor.plan, onError)
        }
        // In the order in which the client was told of them, not that of the batches.
        for outcome in outcomes.sorted(by: { $0.number < $1.number }) {
            switch outcome.kind {
            case .succeeded(let result, let parts): graph.succeed(result, parts, &payload)
            case .failed(let group, let errors): graph.fail(group, errors, &payload)
            case .items(let list, let delivered, let parts, let failure):
                if let delivered {
                    payload.entries.append(delivered)
                    payload.pending += graph.add(parts)
                }
                graph.finish(list, failure, &payload)
            }
        }
    }
}

/// The batches that are executed and not looked at yet: written by the tasks that execute them.
private final class FinishedBatches: Sendable {
    private let batches = Mutex<[Handed<LaterRun>]>([])

    func add(_ batch: Handed<LaterRun>) { batches.withLock { $0.append(batch) } }

    func take() -> [Handed<LaterRun>] {
        batches.withLock { batches in
            defer { batches = [] }
            return batches
        }
    }
}
