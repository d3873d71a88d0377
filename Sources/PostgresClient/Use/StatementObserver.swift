/// Hears of each statement that was answered, such as for the trace of a request.
public struct StatementObserver: Sendable {
    /// What a statement came to: its name, how many rows it gave or changed, what `now` was when it was sent, and itself, if
    /// the observer wants to keep it.
    public typealias Report =
        @Sendable (_ statement: String, _ rows: Int, _ start: Int, _ recorded: RecordedStatement?) -> Void

    let now: @Sendable () -> Int
    let recordsParameters: Bool
    let report: Report

    public init(now: @escaping @Sendable () -> Int, recordsParameters: Bool = false, report: @escaping Report) {
        self.now = now
        self.recordsParameters = recordsParameters
        self.report = report
    }

    func watching(
        _ text: StatementText,
        isRead: Bool,
        _ encode: (inout ParameterBuffer) -> Void,
        _ run: () async throws -> QueryResult
    ) async throws -> QueryResult {
        let start = now()
        let result = try await run()
        let recorded = recordsParameters ? RecordedStatement(text, isRead: isRead, encode) : nil
        report(text.name, result.rowCount > 0 ? result.rowCount : result.changedRows, start, recorded)
        return result
    }

    /// Of statements that were sent together, all from the same moment on.
    func report(_ batch: StatementBatch, _ counts: [Int], from start: Int) {
        for (part, rows) in zip(batch.parts, counts) {
            let recorded =
                recordsParameters ? RecordedStatement(part.text, isRead: false, part.parameters.encode(into:)) : nil
            report(part.text.name, rows, start, recorded)
        }
    }
}
