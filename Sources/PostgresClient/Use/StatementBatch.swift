/// Statements of a transaction that go to the server in one message, because none needs the answer to another.
///
/// Each sees what those before it have changed, and what others had committed when its own turn came. The first that fails
/// ends the transaction, and those behind it do not run. Extended by each module with what it asks.
public struct StatementBatch {
    @usableFromInline
    struct Part {
        let text: StatementText
        let parameters: EncodedParameters
        let take: (borrowing QueryResult) -> Void
    }

    private(set) var parts: [Part] = []

    public init() {}

    public var isEmpty: Bool { parts.isEmpty }
    var count: Int { parts.count }

    /// Takes back what was added last; its answers never come.
    mutating func cut(to count: Int) { parts.removeLast(max(parts.count - count, 0)) }

    /// All rows, in the order of the statement.
    @inlinable
    public mutating func rows<Row, each Parameter>(
        _ statement: Statement<Row, repeat each Parameter>,
        _ parameters: repeat each Parameter
    ) -> Answer<[Row]> {
        let encoded = EncodedParameters { buffer in repeat buffer.add(each parameters) }
        return add(statement.text, encoded) { result in try result.rows() }
    }

    /// The row, if there is one.
    @inlinable
    public mutating func first<Row, each Parameter>(
        _ statement: Statement<Row, repeat each Parameter>,
        _ parameters: repeat each Parameter
    ) -> Answer<Row?> {
        let encoded = EncodedParameters { buffer in repeat buffer.add(each parameters) }
        return add(statement.text, encoded) { result in
            guard result.rowCount <= 1 else { throw PostgresError.rowCount(result.rowCount) }
            return try result.rows(Row.self).first
        }
    }

    /// The row, which must be there.
    @inlinable
    public mutating func one<Row, each Parameter>(
        _ statement: Statement<Row, repeat each Parameter>,
        _ parameters: repeat each Parameter
    ) -> Answer<Row> {
        let encoded = EncodedParameters { buffer in repeat buffer.add(each parameters) }
        return add(statement.text, encoded) { result in
            guard result.rowCount == 1, let row = try result.rows(Row.self).first else {
                throw PostgresError.rowCount(result.rowCount)
            }
            return row
        }
    }

    /// How many rows a command changed.
    @inlinable @discardableResult
    public mutating func execute<each Parameter>(
        _ command: Command<repeat each Parameter>,
        _ parameters: repeat each Parameter
    ) -> Answer<Int> {
        let encoded = EncodedParameters { buffer in repeat buffer.add(each parameters) }
        return add(command.text, encoded) { result in result.changedRows }
    }

    @usableFromInline
    mutating func add<Value>(
        _ text: StatementText,
        _ parameters: EncodedParameters,
        _ decode: @escaping (borrowing QueryResult) throws -> Value
    ) -> Answer<Value> {
        let answer = Answer<Value>()
        parts.append(
            Part(text: text, parameters: parameters) { result in
                do { answer.result = .success(try decode(result)) } catch { answer.result = .failure(error) }
            }
        )
        return answer
    }

    /// Whether a COMMIT did so, and was not turned into a rollback.
    mutating func commit() -> Answer<Bool> {
        add(TransactionControl.commit, EncodedParameters { _ in }) { result in result.hasCommitted }
    }
}

/// What a statement of a batch came to, once the batch has run.
///
/// `@unchecked Sendable`: confined to the loop of its transaction.
public final class Answer<Value>: @unchecked Sendable {
    fileprivate(set) var result: Result<Value, any Error>?

    fileprivate init() {}

    /// One that is known already.
    public init(_ value: Value) { result = .success(value) }

    /// Throws what was wrong with the rows; a batch that failed has no answers.
    public func get() throws -> Value {
        guard let result else { throw PostgresError.closed }
        return try result.get()
    }
}
