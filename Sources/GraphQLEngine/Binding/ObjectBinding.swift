/// How an object type of the schema is answered by a Swift type. Generated, one for each object type.
///
/// Fields are named by their number in the type: the order of the schema.
public protocol ObjectBinding: CompositeBinding where Storage == [Value] {
    /// The name of the type in the schema.
    static var typeName: String { get }

    /// Writes a stored field: a property of the value.
    static func write(_ field: Int, of value: Value, to buffer: inout ResponseBuffer)

    /// Writes stored fields of rows, each behind its key. A requirement with a standard implementation, because so it is
    /// compiled for the value's type; a method of a generic class would not be.
    static func write(
        _ fields: StoredFields,
        ofRows rows: Range<Int>,
        in values: [Value],
        to buffer: inout ResponseBuffer
    )

    /// Whether a stored field of the value has a JSON form. Asked only for fields that may have none.
    static func isRepresentable(_ field: Int, of value: Value) -> Bool

    /// The values whose stored field has none; a requirement for the reason the writing of rows is one.
    static func unrepresentableRows(_ field: Int, in values: [Value]) -> [Int]

    /// Answers a resolved field for all parents.
    static func resolve(_ field: Int, of parents: Batch<Value>, _ call: ResolverCall) async throws -> FieldColumn

    /// How a resolved field is answered for all parents: what is called is found without waiting for anything.
    static func resolver(_ field: Int, of parents: Batch<Value>, _ call: ResolverCall) -> Resolver
}

extension ObjectBinding {
    @inlinable public static func write(
        _ fields: StoredFields,
        ofRows rows: Range<Int>,
        in values: [Value],
        to buffer: inout ResponseBuffer
    ) {
        for row in rows {
            if fields.areObjects { buffer.openObject(isFirst: row == rows.lowerBound) }
            // Taken out once: the array's subscript hands out a copy each time.
            let value = values[row]
            for field in fields.fields {
                if let keys = fields.keys.baseAddress {
                    buffer.write(padded: keys + Int(field.keyStart), count: Int(field.keyEnd &- field.keyStart))
                }
                if field.number != StoredFields.typeName { write(Int(field.number), of: value, to: &buffer) }
            }
            if fields.areObjects { buffer.write(byte: UInt8(ascii: "}")) }
        }
    }

    public static func resolver(_ field: Int, of parents: Batch<Value>, _ call: ResolverCall) -> Resolver {
        { try await resolve(field, of: parents, call) }
    }

    @inlinable public static func isRepresentable(_ field: Int, of value: Value) -> Bool { true }

    @inlinable public static func unrepresentableRows(_ field: Int, in values: [Value]) -> [Int] {
        var rows: [Int] = []
        for row in values.indices where !isRepresentable(field, of: values[row]) { rows.append(row) }
        return rows
    }

    public static func makeStorage() -> [Value] { [] }

    public static func append(_ value: Value, to storage: inout [Value]) -> CompositeIndex {
        storage.append(value)
        return CompositeIndex(partition: 0, row: Int32(truncatingIfNeeded: storage.count - 1))
    }

    public static func append(all values: [Value], to storage: inout [Value]) -> Int32? {
        let first = Int32(truncatingIfNeeded: storage.count)
        if storage.isEmpty { storage = values } else { storage.append(contentsOf: values) }
        return first
    }

    @inlinable public static func append(
        present values: [Value?],
        to storage: inout [Value],
        at indices: inout [CompositeIndex]
    ) -> [Int] {
        var absent: [Int] = []
        let first = storage.count
        storage.reserveCapacity(first + values.count)
        for position in values.indices {
            if let value = values[position] { storage.append(value) } else { absent.append(position) }
        }
        CompositeIndex.append(rows: first..<storage.count, to: &indices)
        return absent
    }

    public static func columns(_ storage: [Value]) -> [ObjectColumn] { [Objects<Self>(storage)] }
}

/// An object type, or an interface or union: what a field with a selection set can answer.
public protocol CompositeBinding: Sendable {
    associatedtype Value: Sendable
    /// The values of one batch, apart by concrete type.
    associatedtype Storage

    static func makeStorage() -> Storage
    /// Files a value under its concrete type.
    static func append(_ value: Value, to storage: inout Storage) -> CompositeIndex
    /// Files a whole list, where its values have one concrete type.
    ///
    /// - Returns: the row of the first; nil where each has to be looked at.
    static func append(all values: [Value], to storage: inout Storage) -> Int32?
    /// Files the values that are there. A requirement with a standard implementation, because so its loop is compiled
    /// for the value's type.
    ///
    /// - Returns: the positions of those that are not.
    static func append(
        present values: [Value?],
        to storage: inout Storage,
        at indices: inout [CompositeIndex]
    ) -> [Int]
    /// One column for each concrete type, in the order `append` counts them.
    static func columns(_ storage: Storage) -> [ObjectColumn]
}

extension CompositeBinding {
    public static func append(all values: [Value], to storage: inout Storage) -> Int32? { nil }

    public static func append(
        present values: [Value?],
        to storage: inout Storage,
        at indices: inout [CompositeIndex]
    ) -> [Int] {
        var absent: [Int] = []
        for position in values.indices {
            if let value = values[position] {
                indices.append(append(value, to: &storage))
            } else {
                absent.append(position)
            }
        }
        return absent
    }
}

/// Where a value of a batch went: which concrete type, and which row of it.
@frozen public struct CompositeIndex: Sendable {
    public let partition: Int32
    public let row: Int32

    @inlinable public init(partition: Int32, row: Int32) {
        self.partition = partition
        self.row = row
    }

    /// Appends rows of the first type.
    @usableFromInline static func append(rows: Range<Int>, to indices: inout [CompositeIndex]) {
        indices.append(contentsOf: rows.lazy.map { CompositeIndex(partition: 0, row: Int32(truncatingIfNeeded: $0)) })
    }
}
