/// Runs single statements that change something, each of which happens as a whole or not at all. Made by
/// `PostgresPool.write`; what takes several statements needs a transaction.
///
/// It is answered when it is committed. One that lost a race (serialization failure, deadlock) is run again. A connection
/// lost on the way is `PostgresError.commitUnknown`. When its task is cancelled, `CancellationError` means that nothing
/// happened: the server is asked to stop, and where it was done before, that is the answer; what it does not tell within
/// `ConnectionOptions.cancelGrace` is `commitUnknown` too.
public struct SingleWrite: StatementRunner, Sendable {
    private let pool: PostgresPool

    init(_ pool: PostgresPool) { self.pool = pool }

    public func run(_ text: StatementText, _ encode: (inout ParameterBuffer) -> Void) async throws -> QueryResult {
        guard let observer = pool.options.observer?() else { return try await pool.write(text, encode) }
        return try await observer.watching(text, isRead: false, encode) { try await pool.write(text, encode) }
    }

    /// Runs a command; how many rows it changed.
    @inlinable @discardableResult public func execute<each Parameter>(
        _ command: Command<repeat each Parameter>,
        _ parameters: repeat each Parameter
    ) async throws -> Int {
        let result = try await run(command.text) { buffer in repeat buffer.add(each parameters) }
        return result.changedRows
    }
}
