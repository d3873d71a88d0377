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
    /// How many of the finished batches were looked at.
    private var taken = 0

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
        var buffer = ResponseBuffer(capacity: executor.plan.expectedBytes(of: run))
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
        if !hasNext { engine.write(extensionsOf: executor, to: &buffer) }
        buffer.write(byte: UInt8(ascii: "}"))
        executor.plan.expectedBytes.store(buffer.count + buffer.count / 8 + 64, ordering: .relaxed)
        return Response(buffer, .executed(hasErrors: !errors.isEmpty), hasNext: hasNext)
    }

    /// Executes all parts and hands out their payloads, the last of which says that it is the last.
    func run(_ deliver: (Response) async throws -> Void) async throws {
        try await withThrowingTaskGroup(of: Handed<LaterRun>.self) { group in
            start(in: &group)
            while graph.openParts > 0 {
                var payload = IncrementalPayload()
                while true {
                    let waits = payload.isEmpty(as: format) && graph.openParts > 0
                    let batches = try await takeFinished(from: &group, waits: waits)
                    if batches.isEmpty { break }
                    handle(batches, &payload)
                    start(in: &group)
                }
                try Task.checkCancellation()
                try await deliver(response(payload))
            }
            // What still runs is of parts that failed otherwise.
            group.cancelAll()
        }
    }

    /// - Parameter waits: whether to wait for a batch if none is done.
    private func takeFinished(
        from group: inout ThrowingTaskGroup<Handed<LaterRun>, any Error>,
        waits: Bool
    ) async throws -> [Handed<LaterRun>] {
        var batches: [Handed<LaterRun>] = []
        while taken < finished.count || waits && batches.isEmpty, let batch = try await group.next() {
            taken += 1
            batches.append(batch)
        }
        return batches
    }

    private func response(_ payload: IncrementalPayload) -> Response {
        var buffer = ResponseBuffer()
        let hasNext = graph.openParts > 0
        buffer.write(byte: UInt8(ascii: "{"))
        payload.write(as: format, to: &buffer)
        buffer.write(raw: hasNext ? "\"hasNext\":true" : "\"hasNext\":false")
        if !hasNext { engine.write(extensionsOf: executor, to: &buffer) }
        buffer.write(byte: UInt8(ascii: "}"))
        return Response(buffer, .executed(hasErrors: payload.hasErrors), hasNext: hasNext)
    }

    // MARK: Running

    private func start(in group: inout ThrowingTaskGroup<Handed<LaterRun>, any Error>) {
        for (batch, parts) in graph.takeBatches() {
            let handed = Handed(LaterRun(batch, parts))
            group.addImmediateTask { [executor, finished] in
                await handed.value.run(by: executor)
                finished.add()
                return handed
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

/// How many batches are executed: what says whether the next of them is there without waiting for it.
private final class FinishedBatches: Sendable {
    private let finished = Atomic<Int>(0)

    var count: Int { finished.load(ordering: .acquiring) }

    func add() { finished.add(1, ordering: .releasing) }
}
