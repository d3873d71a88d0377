/// Hears of each statement that was answered, such as for the trace of a request.
public struct StatementObserver: Sendable {
    let now: @Sendable () -> Int
    let report: @Sendable (_ statement: String, _ rows: Int, _ start: Int) -> Void

    /// `report` gets the statement's name, how many rows it gave or changed, and what `now` was when it was sent.
    public init(
        now: @escaping @Sendable () -> Int,
        report: @escaping @Sendable (_ statement: String, _ rows: Int, _ start: Int) -> Void
    ) {
        self.now = now
        self.report = report
    }

    func watching(_ text: StatementText, _ run: () async throws -> QueryResult) async throws -> QueryResult {
        let start = now()
        let result = try await run()
        report(text.name, result.rowCount > 0 ? result.rowCount : result.changedRows, start)
        return result
    }
}
