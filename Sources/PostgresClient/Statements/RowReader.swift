internal import CLibPQ

/// A row that reads itself from its columns in their order.
///
/// `init(from: &row)` calls `row.next()` for each property: no names, no dictionary, no text between the wire and the
/// struct.
public protocol PostgresRow: Sendable {
    init(from row: inout RowReader) throws
}

/// A single column is a row too.
extension PostgresRow where Self: PostgresDecodable {
    @inlinable public init(from row: inout RowReader) throws { self = try row.next() }
}

extension Int32: PostgresRow {}
extension Int64: PostgresRow {}
extension Int: PostgresRow {}
extension Double: PostgresRow {}
extension Bool: PostgresRow {}
extension String: PostgresRow {}
extension Bytes: PostgresRow {}
extension JSONText: PostgresRow {}
extension UUID: PostgresRow {}
extension Timestamp: PostgresRow {}
extension Numeric: PostgresRow {}

/// Hands out the columns of one row after the other.
public struct RowReader {
    /// A `PGresult` with binary columns; nil when there is none and types are only noted.
    private let result: OpaquePointer?
    @usableFromInline var row: Int32
    @usableFromInline var column: Int32 = 0
    /// What was asked for, when types are noted.
    @usableFromInline var notes: [ColumnNote] = []

    /// What a row asks of one of its columns.
    public struct ColumnNote: Sendable {
        public let type: String
        public let isOptional: Bool
        public let accepts: @Sendable (PostgresType) -> Bool

        @inlinable init(type: String, isOptional: Bool, accepts: @escaping @Sendable (PostgresType) -> Bool) {
            self.type = type
            self.isOptional = isOptional
            self.accepts = accepts
        }
    }

    init(_ result: OpaquePointer) {
        self.result = result
        row = 0
    }

    private init() {
        result = nil
        row = -1
    }

    /// What a row asks of its columns, found by reading blanks.
    package static func notes<Row: PostgresRow>(of type: Row.Type) throws -> [ColumnNote] {
        var reader = RowReader()
        _ = try Row(from: &reader)
        return reader.notes
    }

    /// The next column, which must not be null.
    @inlinable public mutating func next<Value: PostgresDecodable>(_ type: Value.Type = Value.self) throws -> Value {
        if row <= 0, try isNoting(Value.self, isOptional: false) { return Value.blank }
        guard let bytes = cell(), let value = Value(cell: bytes) else { throw badColumn(Value.self) }
        return value
    }

    /// The next column, which may be null.
    @inlinable public mutating func next<Value: PostgresDecodable>(_ type: Value?.Type = Value?.self) throws -> Value? {
        if row <= 0, try isNoting(Value.self, isOptional: true) { return Value.blank }
        guard let bytes = cell() else { return nil }
        guard let value = Value(cell: bytes) else { throw badColumn(Value.self) }
        return value
    }

    /// Holds the first row's columns against their types; the others have the same. True when types are noted only.
    @usableFromInline mutating func isNoting<Value: PostgresDecodable>(
        _ type: Value.Type,
        isOptional: Bool
    ) throws -> Bool {
        guard let result else {
            notes.append(ColumnNote(type: "\(type)", isOptional: isOptional) { Value.accepts($0) })
            return true
        }
        guard column < PQnfields(result), Value.accepts(PostgresType(PQftype(result, column))) else {
            column += 1
            throw badColumn(type)
        }
        return false
    }

    /// The bytes of the next column; nil for null.
    @usableFromInline mutating func cell() -> UnsafeRawBufferPointer? {
        let index = column
        column += 1
        let length = PQgetlength(result, row, index)
        if length == 0, PQgetisnull(result, row, index) == 1 { return nil }
        return UnsafeRawBufferPointer(start: PQgetvalue(result, row, index), count: Int(length))
    }

    @usableFromInline func badColumn<Value>(_ type: Value.Type) -> PostgresError {
        let found = column <= PQnfields(result) ? PQftype(result, column - 1) : 0
        let isNull = column <= PQnfields(result) && PQgetisnull(result, row, column - 1) == 1
        return .badColumn(number: Int(column), expected: "\(type)", found: PostgresType(found), isNull: isNull)
    }

    /// Throws when the first row has columns that were not read: the statement and its row have drifted apart.
    @usableFromInline func mustBeComplete() throws {
        guard let result, row == 0, column != PQnfields(result) else { return }
        throw PostgresError.badColumn(
            number: Int(column) + 1,
            expected: "nothing",
            found: PostgresType(PQftype(result, column)),
            isNull: false
        )
    }
}
