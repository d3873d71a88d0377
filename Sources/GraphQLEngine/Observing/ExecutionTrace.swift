import GraphQLSchema
import Synchronization

/// The batches a request ran, level by level, with the calls of its loaders: `extensions.trace`.
final class ExecutionTrace: Sendable {
    private struct Batch: Sendable {
        let level: Int
        let path: [String]
        let field: String
        let parents: Int
        let values: Int
        let span: TimeSpan
    }

    /// What was noted since the last answer.
    private struct Record: Sendable {
        let start: Int
        /// Calls and statements that were told of before.
        let calls: Int
        let statements: Int
        var batches: [Batch] = []

        init(_ loading: LoadingContext) {
            start = loading.now
            calls = loading.calls.count
            statements = loading.statements.count
        }
    }

    private let loading: LoadingContext
    private let record: Mutex<Record>

    init(_ loading: LoadingContext) {
        self.loading = loading
        record = Mutex(Record(loading))
    }

    /// In nanoseconds.
    var now: Int { loading.now }

    func note(_ step: Step, of run: SelectionRun, _ column: FieldColumn, coordinate: String, since start: Int) {
        var path = [step.responseKey]
        var outer = run
        while true {
            if let origin = outer.origin {
                path.append(origin.run.selection.steps[origin.step].responseKey)
                outer = origin.run
            } else if let base = outer.base {
                outer = base.run
            } else {
                break
            }
        }
        let batch = Batch(
            level: path.count,
            path: path.reversed(),
            field: coordinate,
            parents: run.column.count,
            values: column.valueCount,
            span: TimeSpan(start: start, duration: now - start)
        )
        record.withLock { $0.batches.append(batch) }
    }

    /// All that was noted, with times in nanoseconds from the start of the request; the next event of a subscription
    /// begins anew.
    func take() -> Value {
        let record = record.withLock { record in
            defer { record = Record(loading) }
            return record
        }
        let (batches, start) = (record.batches, record.start)
        let depth = batches.map(\.level).max() ?? 0
        let levels = (1...max(depth, 1)).map { level in
            Value.object([
                Value.Field("level", .int(level)),
                Value.Field("batches", .list(batches.filter { $0.level == level }.map { value(of: $0, since: start) })),
            ])
        }
        return .object([
            Value.Field("duration", .int(now - start)),
            Value.Field("levels", .list(depth == 0 ? [] : levels)),
            Value.Field(
                "loaders",
                .list(loading.calls.dropFirst(record.calls).map { value(of: $0, since: start) })
            ),
            Value.Field(
                "statements",
                .list(loading.statements.dropFirst(record.statements).map { value(of: $0, since: start) })
            ),
        ])
    }

    private func value(of batch: Batch, since start: Int) -> Value {
        .object(
            [
                Value.Field("path", .list(batch.path.map { .string($0) })),
                Value.Field("field", .string(batch.field)),
                Value.Field("parents", .int(batch.parents)),
                Value.Field("values", .int(batch.values)),
            ] + members(of: batch.span, since: start)
        )
    }

    private func value(of call: LoadingContext.Call, since start: Int) -> Value {
        .object(
            [Value.Field("name", .string(call.loader)), Value.Field("keys", .int(call.keys))]
                + members(of: TimeSpan(start: call.start, duration: call.duration), since: start)
        )
    }

    private func value(of statement: LoadingContext.Statement, since start: Int) -> Value {
        .object(
            [Value.Field("name", .string(statement.name)), Value.Field("rows", .int(statement.rows))]
                + members(of: TimeSpan(start: statement.start, duration: statement.duration), since: start)
                + (statement.plan.map { [Value.Field("plan", .string($0))] } ?? [])
        )
    }

    private func members(of span: TimeSpan, since start: Int) -> [Value.Field] {
        [Value.Field("start", .int(span.start - start)), Value.Field("duration", .int(span.duration))]
    }

    private struct TimeSpan: Sendable {
        let start: Int
        let duration: Int
    }
}
