/// Hears of each statement that was answered or failed, such as for the trace of a request.
public struct StatementObserver: Sendable {
    /// What a statement came to.
    public enum Outcome: Sendable {
        /// How many rows it gave or changed.
        case rows(Int)
        case failed(any Error)
    }

    /// The name of a statement, what it came to, what `now` was when it was sent, and itself, if it succeeded and the observer
    /// wants to keep it.
    public typealias Report =
        @Sendable (_ statement: String, _ outcome: Outcome, _ start: Int, _ recorded: RecordedStatement?) -> Void

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
        let result: QueryResult
        do { result = try await run() } catch {
            report(text.name, .failed(error), start, nil)
            throw error
        }
        let recorded = recordsParameters ? RecordedStatement(text, isRead: isRead, encode) : nil
        report(text.name, .rows(result.rowCount > 0 ? result.rowCount : result.changedRows), start, recorded)
        return result
    }

    /// Of statements that were sent together, all from the same moment on.
    ///
    /// - Parameter failure: of the first that did not succeed, behind which none has run.
    func report(_ batch: StatementBatch, _ counts: [Int], _ failure: (any Error)?, from start: Int) {
        for (part, rows) in zip(batch.parts, counts) {
            let recorded =
                recordsParameters ? RecordedStatement(part.text, isRead: false, part.parameters.encode(into:)) : nil
            report(part.text.name, .rows(rows), start, recorded)
        }
        guard let failure, counts.count < batch.parts.count else { return }
        report(batch.parts[counts.count].text.name, .failed(failure), start, nil)
    }
}
