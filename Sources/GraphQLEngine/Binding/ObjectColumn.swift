/// The values of one concrete type that one selection runs on. A class, so that the executor needs not know the type:
/// one virtual call for a batch, or for the stored fields of a row, never one for a field.
open class ObjectColumn {
    public let count: Int

    public init(count: Int) { self.count = count }

    /// The concrete type's name in the schema.
    open var typeName: String { preconditionFailure("an object column has a type") }

    /// Writes stored fields of a row, each behind its key, separated by commas.
    open func write(_ fields: StoredFields, ofRow row: Int, to buffer: inout ResponseBuffer) {
        preconditionFailure("\(typeName) has no stored fields")
    }

    open func isRepresentable(_ field: Int, ofRow row: Int) -> Bool { true }

    open func resolve(_ field: Int, _ call: ResolverCall) async throws -> FieldColumn {
        preconditionFailure("\(typeName) has no resolved fields")
    }

    /// The values, where they are of this type.
    open func parents<Parent>(as type: Parent.Type) -> Batch<Parent>? { nil }

    /// The column of some of the rows, in this order: what is selected later runs on those that are left.
    open func gathering(_ rows: [Int]) -> ObjectColumn { ObjectColumn(count: rows.count) }
}

/// Stored fields that stand side by side in a selection, as the plan knows them. Valid while its plan writes.
public struct StoredFields {
    @usableFromInline let fields: UnsafeBufferPointer<Field>
    /// The plan's response keys, one behind the other.
    @usableFromInline let keys: UnsafeRawBufferPointer

    init(fields: UnsafeBufferPointer<Field>, keys: UnsafeRawBufferPointer) {
        self.fields = fields
        self.keys = keys
    }

    @usableFromInline struct Field: Sendable {
        /// The field's number in its type.
        @usableFromInline let number: Int32
        /// Where the key stands as it is written: `"name":`, with the comma in front where one belongs.
        @usableFromInline let keyStart: Int32
        @usableFromInline let keyEnd: Int32

        init(number: Int32, keyStart: Int32, keyEnd: Int32) {
            self.number = number
            self.keyStart = keyStart
            self.keyEnd = keyEnd
        }
    }
}

/// The column of a bound object type.
public final class Objects<Binding: ObjectBinding>: ObjectColumn {
    @usableFromInline let values: [Binding.Value]

    @inlinable public init(_ values: [Binding.Value]) {
        self.values = values
        super.init(count: values.count)
    }

    public override var typeName: String { Binding.typeName }

    public override func write(_ fields: StoredFields, ofRow row: Int, to buffer: inout ResponseBuffer) {
        Binding.write(fields, ofRow: row, in: values, to: &buffer)
    }

    public override func parents<Parent>(as type: Parent.Type) -> Batch<Parent>? {
        (values as? [Parent]).map(Batch.init)
    }

    public override func isRepresentable(_ field: Int, ofRow row: Int) -> Bool {
        Binding.isRepresentable(field, ofRow: row, in: values)
    }

    public override func resolve(_ field: Int, _ call: ResolverCall) async throws -> FieldColumn {
        try await Binding.resolve(field, of: Batch(values), call)
    }

    public override func gathering(_ rows: [Int]) -> ObjectColumn { Objects(rows.map { values[$0] }) }
}
