/// Where statements can be run: a session, for reads, or a transaction.
public protocol StatementRunner {
    func run(_ text: StatementText, _ encode: (inout ParameterBuffer) -> Void) async throws -> QueryResult
}

extension StatementRunner {
    /// All rows, in the order of the statement.
    @inlinable public func rows<Row, each Parameter>(
        _ statement: Statement<Row, repeat each Parameter>,
        _ parameters: repeat each Parameter
    ) async throws -> [Row] {
        let result = try await run(statement.text) { buffer in repeat buffer.add(each parameters) }
        return try result.rows()
    }

    /// The row, if there is one.
    @inlinable public func first<Row, each Parameter>(
        _ statement: Statement<Row, repeat each Parameter>,
        _ parameters: repeat each Parameter
    ) async throws -> Row? {
        let result = try await run(statement.text) { buffer in repeat buffer.add(each parameters) }
        guard result.rowCount <= 1 else { throw PostgresError.rowCount(result.rowCount) }
        return try result.rows(Row.self).first
    }

    /// The row, which must be there.
    @inlinable public func one<Row, each Parameter>(
        _ statement: Statement<Row, repeat each Parameter>,
        _ parameters: repeat each Parameter
    ) async throws -> Row {
        let result = try await run(statement.text) { buffer in repeat buffer.add(each parameters) }
        guard result.rowCount == 1, let row = try result.rows(Row.self).first else {
            throw PostgresError.rowCount(result.rowCount)
        }
        return row
    }
}
