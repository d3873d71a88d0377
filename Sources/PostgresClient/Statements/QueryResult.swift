internal import CLibPQ

/// The answer to a statement, in libpq's memory, which ends with it.
public struct QueryResult: ~Copyable {
    private let result: OpaquePointer

    init(_ result: OpaquePointer) { self.result = result }

    deinit { PQclear(result) }

    @inlinable public func rows<Row: PostgresRow>(_ type: Row.Type = Row.self) throws -> [Row] {
        let count = rowCount
        guard count > 0 else { return [] }
        var rows: [Row] = []
        rows.reserveCapacity(count)
        var reader = reader
        for index in 0..<Int32(truncatingIfNeeded: count) {
            reader.row = index
            reader.column = 0
            rows.append(try Row(from: &reader))
            if index == 0 { try reader.mustBeComplete() }
        }
        return rows
    }

    public var rowCount: Int { Int(PQntuples(result)) }

    /// How many rows a command has changed.
    public var changedRows: Int {
        guard let text = PQcmdTuples(result) else { return 0 }
        return Int(String(cString: text)) ?? 0
    }

    /// Whether a COMMIT did so, and was not turned into a rollback.
    var hasCommitted: Bool { PQcmdStatus(result).map { String(cString: $0) } == "COMMIT" }

    @usableFromInline var reader: RowReader { RowReader(result) }
}
