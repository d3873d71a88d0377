internal import CLibPQ
internal import EventLoop

/// What the server says of a statement when it is prepared: for tests that hold every statement against the schema.
public struct StatementDescription: Sendable {
    public let parameters: [PostgresType]
    public let columns: [PostgresType]
    /// Whether a column is one of a table that may hold null, or of the side of an outer join that may be missing.
    public let mayBeNull: [Bool]
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
        for (index, pair) in zip(notes, description.mayBeNull).enumerated() where pair.1 && !pair.0.isOptional {
            faults.append("column \(index + 1) may be null, and \(pair.0.type) has no room for that")
        }
        return faults
    }
}

extension PostgresConnection {
    /// Prepares a statement without running it.
    func describe(_ text: StatementText) async throws -> StatementDescription {
        let described = try await prepareAndDescribe(text)
        let origins = described.origins
        let result = try await run(ColumnOrigin.nullable.text, isOwn: false, deadline: loop.now + 10_000_000_000) {
            $0.add(origins.map(\.table))
            $0.add(origins.map(\.column))
            $0.add(described.plan)
        }
        return StatementDescription(
            parameters: described.parameters,
            columns: described.columns,
            mayBeNull: try result.rows()
        )
    }

    private func prepareAndDescribe(_ text: StatementText) async throws -> Described {
        try await exclusively(loop.now + 10_000_000_000) {
            // A plan for whatever the parameters are: one for nulls would leave out what a null finds nothing in.
            guard PQsendQuery(handle, "SET plan_cache_mode = force_generic_plan") == 1 else {
                throw PostgresError.connectionLost
            }
            _ = try await results()
            let types = text.parameters.map(\.oid)
            guard PQsendPrepare(handle, "described", text.sql, Int32(types.count), types) == 1 else {
                throw PostgresError.connectionLost
            }
            _ = try await results()
            guard PQsendDescribePrepared(handle, "described") == 1 else { throw PostgresError.connectionLost }
            let shape = try await shape()
            let plan = try await plan(parameters: shape.parameters.count)
            guard PQsendQuery(handle, "DEALLOCATE described") == 1 else { throw PostgresError.connectionLost }
            _ = try await results()
            return Described(parameters: shape.parameters, columns: shape.columns, origins: shape.origins, plan: plan)
        }
    }

    private func shape() async throws -> (parameters: [PostgresType], columns: [PostgresType], origins: [ColumnOrigin])
    {
        while PQisBusy(handle) == 1 { try await receive() }
        let result = PQgetResult(handle)
        defer { PQclear(result) }
        let shape = (
            parameters: (0..<PQnparams(result)).map { PostgresType(PQparamtype(result, $0)) },
            columns: (0..<PQnfields(result)).map { PostgresType(PQftype(result, $0)) },
            origins: (0..<PQnfields(result)).map {
                ColumnOrigin(table: Int(PQftable(result, $0)), column: Int(PQftablecol(result, $0)))
            }
        )
        _ = try await results()
        return shape
    }

    /// How the server would run the statement, as JSON; an empty list for what it does not plan.
    private func plan(parameters: Int) async throws -> JSONText {
        let nulls = Array(repeating: "NULL", count: parameters).joined(separator: ", ")
        let explain = "EXPLAIN (VERBOSE, FORMAT JSON) EXECUTE described" + (parameters > 0 ? "(\(nulls))" : "")
        guard PQsendQuery(handle, explain) == 1 else { throw PostgresError.connectionLost }
        while PQisBusy(handle) == 1 { try await receive() }
        let result = PQgetResult(handle)
        defer { PQclear(result) }
        guard PQntuples(result) == 1, let text = PQgetvalue(result, 0, 0) else {
            _ = try? await results()
            return JSONText("[]")
        }
        let plan = JSONText(String(cString: text))
        _ = try await results()
        return plan
    }
}

/// What preparing a statement tells of it.
private struct Described: Sendable {
    let parameters: [PostgresType]
    let columns: [PostgresType]
    let origins: [ColumnOrigin]
    let plan: JSONText
}

/// The column of a table that a statement hands out as it is; zeros for what is computed.
private struct ColumnOrigin: Sendable {
    let table: Int
    let column: Int

    /// Of what is computed nothing is known. What an outer join may leave out is told by the plan: the names of the
    /// tables on that side, with which the outputs of the topmost step begin. A name that stands for a whole query hides
    /// those of its tables; then the table itself is looked for.
    static let nullable = Statement<Bool, [Int], [Int], JSONText>(
        """
        WITH RECURSIVE step (plan, is_missable) AS (
            SELECT $3 -> 0 -> 'Plan', false
            UNION ALL
            SELECT child.plan, step.is_missable OR (child.plan ->> 'Parent Relationship', step.plan ->> 'Join Type')
                IN (('Inner', 'Left'), ('Outer', 'Right'), ('Inner', 'Full'), ('Outer', 'Full'))
            FROM step, jsonb_array_elements(step.plan -> 'Plans') AS child (plan)
        ), tables AS (
            SELECT plan ->> 'Alias' AS alias, plan ->> 'Relation Name' AS name, is_missable FROM step WHERE plan ? 'Alias'
        )
        SELECT NOT coalesce(a.attnotnull, true) OR origin.table_number > 0 AND (
            EXISTS (SELECT FROM tables WHERE is_missable AND alias = o.alias)
            OR NOT EXISTS (SELECT FROM tables WHERE alias = o.alias AND name IS NOT NULL)
                AND EXISTS (SELECT FROM tables WHERE is_missable AND name = c.relname)
        )
        FROM unnest($1, $2) WITH ORDINALITY AS origin (table_number, column_number, place)
        LEFT JOIN pg_class c ON c.oid = origin.table_number::oid
        LEFT JOIN pg_attribute a ON a.attrelid = origin.table_number::oid AND a.attnum = origin.column_number
        LEFT JOIN LATERAL (
            SELECT split_part($3 -> 0 -> 'Plan' -> 'Output' ->> (origin.place - 1)::int, '.', 1) AS alias
        ) AS o ON true
        ORDER BY place
        """
    )
}
