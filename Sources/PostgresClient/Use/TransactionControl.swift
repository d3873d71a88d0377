/// What isolates a transaction from others: https://www.postgresql.org/docs/15/transaction-iso.html
public enum Isolation: Sendable {
    case readCommitted
    case repeatableRead
    case serializable
}

/// The statements that begin and end transactions.
enum TransactionControl {
    static let ping = StatementText("SELECT 1")
    /// For what follows it up to the synchronisation.
    static let planForValues = StatementText("SET LOCAL plan_cache_mode = force_custom_plan")
    static let commit = StatementText("COMMIT")
    static let rollback = StatementText("ROLLBACK")
    static let savepoint = StatementText("SAVEPOINT s")
    static let release = StatementText("RELEASE SAVEPOINT s")
    static let rollbackToSavepoint = StatementText("ROLLBACK TO SAVEPOINT s")
    private static let readCommitted = StatementText("BEGIN ISOLATION LEVEL READ COMMITTED")
    private static let repeatableRead = StatementText("BEGIN ISOLATION LEVEL REPEATABLE READ")
    private static let serializable = StatementText("BEGIN ISOLATION LEVEL SERIALIZABLE")

    static func begin(_ isolation: Isolation) -> StatementText {
        switch isolation {
        case .readCommitted: readCommitted
        case .repeatableRead: repeatableRead
        case .serializable: serializable
        }
    }
}
