/// A value that can be read from a column, in PostgreSQL's binary format.
public protocol PostgresDecodable: Sendable {
    /// Whether columns of this type are read rightly.
    static func accepts(_ type: PostgresType) -> Bool
    /// The value in a cell; nil when these bytes are none.
    init?(cell: UnsafeRawBufferPointer)
    /// Any value: what `StatementDescription` reads in place of a row.
    static var blank: Self { get }
}

extension UnsafeRawBufferPointer {
    /// The number at an offset; the bytes must be there.
    @inlinable func bigEndian<Number: FixedWidthInteger>(_ offset: Int = 0, as type: Number.Type) -> Number {
        Number(bigEndian: loadUnaligned(fromByteOffset: offset, as: type))
    }
}
