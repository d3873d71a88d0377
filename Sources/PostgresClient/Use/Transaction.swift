internal import EventLoop

/// A transaction, for writes; extended by each module with the writes it has. Made by `PostgresPool.transaction`.
///
/// It begins with its first statement, in the same message. `@unchecked Sendable`: confined to its loop.
public final class Transaction: StatementRunner, @unchecked Sendable {
    let connection: PostgresConnection
    let deadline: UInt64
    private let statementNanoseconds: UInt64
    private let isolation: Isolation
    private(set) var hasBegun = false
    private var hasEnded = false
    private var afterwards: [() -> Void] = []
    /// What is run last, in one message with COMMIT. Its answers are there when the transaction has happened.
    public var lastly = StatementBatch()
    private let observer: StatementObserver?

    init(
        _ connection: PostgresConnection,
        _ isolation: Isolation,
        deadline: UInt64,
        statementNanoseconds: UInt64,
        observer: StatementObserver?
    ) {
        self.observer = observer
        self.connection = connection
        self.isolation = isolation
        self.deadline = deadline
        self.statementNanoseconds = statementNanoseconds
    }

    /// The same reads as elsewhere, seeing what this transaction has changed.
    public var session: Session { Session(self) }

    public func run(_ text: StatementText, _ encode: (inout ParameterBuffer) -> Void) async throws -> QueryResult {
        let (leader, deadline) = try beginning()
        guard let observer else {
            return try await connection.run(text, after: leader, isOwn: true, deadline: deadline, encode)
        }
        return try await observer.watching(text, isRead: false, encode) {
            try await connection.run(text, after: leader, isOwn: true, deadline: deadline, encode)
        }
    }

    /// Runs statements in one message; their answers are there when it returns.
    public func run(_ batch: StatementBatch) async throws { try await run(batch, heedsCancellation: true) }

    private func run(_ batch: StatementBatch, heedsCancellation: Bool) async throws {
        guard !batch.isEmpty else { return }
        let (leader, deadline) = try beginning()
        let start = observer?.now()
        let (counts, failure) = try await connection.run(
            batch.parts,
            after: leader,
            heedsCancellation: heedsCancellation,
            deadline: deadline
        )
        if let observer, let start { observer.report(batch, counts, failure, from: start) }
        if let failure { throw failure }
    }

    /// What goes before the next statement, and when that must be answered.
    private func beginning() throws -> (leader: StatementText?, deadline: UInt64) {
        guard !hasEnded else { throw PostgresError.closed }
        let leader = hasBegun ? nil : TransactionControl.begin(isolation)
        hasBegun = true
        let (limit, overflow) = connection.loop.now.addingReportingOverflow(statementNanoseconds)
        return (leader, overflow ? deadline : min(deadline, limit))
    }

    /// Runs a command; how many rows it changed.
    @inlinable @discardableResult public func execute<each Parameter>(
        _ command: Command<repeat each Parameter>,
        _ parameters: repeat each Parameter
    ) async throws -> Int {
        let result = try await run(command.text) { buffer in repeat buffer.add(each parameters) }
        return result.changedRows
    }

    /// Undoes what `body` changed when it throws, and nothing else: also what it wanted done last, or afterwards.
    public func savepoint<Value>(_ body: (Transaction) async throws -> Value) async throws -> Value {
        _ = try await run(TransactionControl.savepoint) { _ in }
        let (last, after) = (lastly.count, afterwards.count)
        do {
            let value = try await body(self)
            _ = try await run(TransactionControl.release) { _ in }
            return value
        } catch {
            lastly.cut(to: last)
            afterwards.removeLast(max(afterwards.count - after, 0))
            _ = try await run(TransactionControl.rollbackToSavepoint) { _ in }
            _ = try await run(TransactionControl.release) { _ in }
            throw error
        }
    }

    /// Has something done once the transaction has happened, and never if it does not.
    public func afterCommit(_ action: @escaping () -> Void) { afterwards.append(action) }

    /// Makes what was done last; PostgreSQL answers a COMMIT of a failed transaction with a rollback and no error.
    func commit() async throws {
        defer { hasEnded = true }
        guard hasBegun || !lastly.isEmpty else { return doAfterwards() }
        let committed = lastly.commit()
        // Once it is sent, its answer is waited for: whoever is cancelled meanwhile still learns what has happened.
        do {
            try await run(lastly, heedsCancellation: false)
            guard try committed.get() else {
                throw PostgresError.server(
                    ServerFault(state: SQLState("25P02"), message: "an error within the transaction was passed over")
                )
            }
        } catch let error as PostgresError where error.leavesOpenWhatHappened {
            throw PostgresError.commitUnknown
        }
        doAfterwards()
    }

    private func doAfterwards() {
        for action in afterwards { action() }
        afterwards = []
    }

    func end() { hasEnded = true }
}
