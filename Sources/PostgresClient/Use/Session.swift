internal import EventLoop

/// Reads, which share connections with those of others; extended by each module with the reads it has.
///
/// Its connections are read-only. A read that loses its connection, or is aborted by a neighbour's error, is sent again.
public struct Session: StatementRunner, Sendable {
    private enum Place {
        case pool(PostgresPool, mayBeOld: Bool)
        case transaction(Transaction)
    }

    private let place: Place
    /// When the work this belongs to must be done, in nanoseconds of the monotonic clock.
    private let deadline: UInt64

    init(_ pool: PostgresPool, deadline: UInt64, mayBeOld: Bool) {
        place = .pool(pool, mayBeOld: mayBeOld)
        self.deadline = deadline
    }

    init(_ transaction: Transaction) {
        place = .transaction(transaction)
        deadline = .max
    }

    public func run(_ text: StatementText, _ encode: (inout ParameterBuffer) -> Void) async throws -> QueryResult {
        switch place {
        case .pool(let pool, let mayBeOld):
            if let observer = pool.options.observer?() {
                return try await observer.watching(text, isRead: true, encode) {
                    try await pool.read(text, deadline: deadline, mayBeOld: mayBeOld, encode)
                }
            }
            return try await pool.read(text, deadline: deadline, mayBeOld: mayBeOld, encode)
        case .transaction(let transaction): return try await transaction.run(text, encode)
        }
    }
}
