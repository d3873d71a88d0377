internal import CLibPQ
internal import EventLoop

/// What the server says of a statement when it is prepared: for tests that hold every statement against the schema.
public struct StatementDescription: Sendable {
    public let parameters: [PostgresType]
    public let columns: [PostgresType]
}

/// A statement that can be held against the schema without being run.
public protocol CheckableStatement: Sendable {
    var text: StatementText { get }
    /// What its row asks of the columns; empty for commands.
    func columnNotes() throws -> [RowReader.ColumnNote]
}

extension Statement: CheckableStatement {
    public func columnNotes() throws -> [RowReader.ColumnNote] { try RowReader.notes(of: Row.self) }
}

extension Command: CheckableStatement {
    public func columnNotes() throws -> [RowReader.ColumnNote] { [] }
}

extension CheckableStatement {
    /// What is wrong with the statement on this connection's schema; empty when all is well.
    public func faults(on connection: PostgresConnection) async throws -> [String] {
        let description: StatementDescription
        do { description = try await connection.describe(text) } catch let error as PostgresError {
            guard let fault = error.fault else { throw error }
            return ["\(fault.state.code) \(fault.message)"]
        }
        var faults: [String] = []
        for (index, pair) in zip(text.parameters, description.parameters).enumerated() {
            // An inferred parameter is a text: the server must take it for one.
            let (given, found) = pair
            let isRight = given == .inferred ? String.accepts(found) : given == found
            if !isRight { faults.append("parameter \(index + 1) is taken for type \(found.oid), not \(given.oid)") }
        }
        if text.parameters.count != description.parameters.count {
            faults.append("\(description.parameters.count) parameters in place of \(text.parameters.count)")
        }
        let notes = try columnNotes()
        if notes.count != description.columns.count, !notes.isEmpty || !description.columns.isEmpty {
            faults.append("\(description.columns.count) columns in place of \(notes.count)")
        }
        for (index, pair) in zip(notes, description.columns).enumerated() where !pair.0.accepts(pair.1) {
            faults.append("column \(index + 1) has type \(pair.1.oid), which is no \(pair.0.type)")
        }
        return faults
    }
}

extension PostgresConnection {
    /// Prepares a statement without running it.
    func describe(_ text: StatementText) async throws -> StatementDescription {
        try await exclusively(loop.now + 10_000_000_000) {
            let types = text.parameters.map(\.oid)
            guard PQsendPrepare(handle, "", text.sql, Int32(types.count), types) == 1 else {
                throw PostgresError.connectionLost
            }
            _ = try await results()
            guard PQsendDescribePrepared(handle, "") == 1 else { throw PostgresError.connectionLost }
            return try await described()
        }
    }

    private func described() async throws -> StatementDescription {
        while PQisBusy(handle) == 1 { try await receive() }
        let result = PQgetResult(handle)
        defer { PQclear(result) }
        let description = StatementDescription(
            parameters: (0..<PQnparams(result)).map { PostgresType(PQparamtype(result, $0)) },
            columns: (0..<PQnfields(result)).map { PostgresType(PQftype(result, $0)) }
        )
        _ = try await results()
        return description
    }
}
