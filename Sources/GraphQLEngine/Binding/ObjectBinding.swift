/// How an object type of the schema is answered by a Swift type. Generated, one for each object type.
///
/// Fields are named by their number in the type: the order of the schema.
public protocol ObjectBinding: CompositeBinding where Storage == [Value] {
    /// The name of the type in the schema.
    static var typeName: String { get }

    /// Writes a stored field: a property of the value.
    static func write(_ field: Int, of value: Value, to buffer: inout ResponseBuffer)

    /// Writes stored fields of a row, each behind its key. A requirement with a standard implementation, because so it
    /// is compiled for the value's type; a method of a generic class would not be.
    static func write(_ fields: StoredFields, ofRow row: Int, in values: [Value], to buffer: inout ResponseBuffer)

    /// Whether a stored field of the value has a JSON form. Asked only for fields that may have none.
    static func isRepresentable(_ field: Int, of value: Value) -> Bool

    /// The same for a row; a requirement for the reason the writing of rows is one.
    static func isRepresentable(_ field: Int, ofRow row: Int, in values: [Value]) -> Bool

    /// Answers a resolved field for all parents.
    static func resolve(_ field: Int, of parents: Batch<Value>, _ call: ResolverCall) async throws -> FieldColumn
}

extension ObjectBinding {
    @inlinable public static func write(
        _ fields: StoredFields,
        ofRow row: Int,
        in values: [Value],
        to buffer: inout ResponseBuffer
    ) {
        // Taken out once: the array's subscript hands out a copy each time.
        let value = values[row]
        for field in fields.fields {
            buffer.write(raw: UnsafeRawBufferPointer(rebasing: fields.keys[Int(field.keyStart)..<Int(field.keyEnd)]))
            write(Int(field.number), of: value, to: &buffer)
        }
    }

    @inlinable public static func isRepresentable(_ field: Int, of value: Value) -> Bool { true }

    @inlinable public static func isRepresentable(_ field: Int, ofRow row: Int, in values: [Value]) -> Bool {
        isRepresentable(field, of: values[row])
    }

    @inlinable public static func makeStorage() -> [Value] { [] }

    @inlinable public static func append(_ value: Value, to storage: inout [Value]) -> CompositeIndex {
        storage.append(value)
        return CompositeIndex(partition: 0, row: Int32(truncatingIfNeeded: storage.count - 1))
    }

    @inlinable public static func adopt(_ values: [Value], as storage: inout [Value]) -> Bool {
        guard storage.isEmpty else { return false }
        storage = values
        return true
    }

    @inlinable public static func columns(_ storage: [Value]) -> [ObjectColumn] { [Objects<Self>(storage)] }
}

/// An object type, or an interface or union: what a field with a selection set can answer.
public protocol CompositeBinding: Sendable {
    associatedtype Value: Sendable
    /// The values of one batch, apart by concrete type.
    associatedtype Storage

    static func makeStorage() -> Storage
    /// Files a value under its concrete type.
    static func append(_ value: Value, to storage: inout Storage) -> CompositeIndex
    /// Takes a whole list as the batch's values, without looking at each, where that can be.
    static func adopt(_ values: [Value], as storage: inout Storage) -> Bool
    /// One column for each concrete type, in the order `append` counts them.
    static func columns(_ storage: Storage) -> [ObjectColumn]
}

extension CompositeBinding {
    @inlinable public static func adopt(_ values: [Value], as storage: inout Storage) -> Bool { false }
}

/// Where a value of a batch went: which concrete type, and which row of it.
@frozen public struct CompositeIndex: Sendable {
    public let partition: Int32
    public let row: Int32

    @inlinable public init(partition: Int32, row: Int32) {
        self.partition = partition
        self.row = row
    }
}
