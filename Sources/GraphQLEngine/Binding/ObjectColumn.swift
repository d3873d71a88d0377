/// The values of one concrete type that one selection runs on. A class, so that the executor needs not know the type:
/// one virtual call for a batch, or for the stored fields of rows, never one for a field.
open class ObjectColumn {
    public let count: Int

    public init(count: Int) { self.count = count }

    /// The concrete type's name in the schema.
    open var typeName: String { preconditionFailure("an object column has a type") }

    /// Writes stored fields of rows, each behind its key, separated by commas.
    open func write(_ fields: StoredFields, ofRows rows: Range<Int>, to buffer: inout ResponseBuffer) {
        preconditionFailure("\(typeName) has no stored fields")
    }

    /// The rows whose stored field has no JSON form.
    open func unrepresentableRows(_ field: Int) -> [Int] { [] }

    /// How a resolved field is answered for all rows.
    open func resolver(_ field: Int, _ call: ResolverCall) -> Resolver {
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
    /// The plan's response keys, one behind the other, with padding behind the last.
    @usableFromInline let keys: UnsafeRawBufferPointer
    /// Whether the fields are all there is of their objects, which are written whole, braces and commas and all.
    @usableFromInline let areObjects: Bool

    init(fields: UnsafeBufferPointer<Field>, keys: UnsafeRawBufferPointer, areObjects: Bool = false) {
        self.fields = fields
        self.keys = keys
        self.areObjects = areObjects
    }

    /// The number of a field whose value, the name of its type, stands behind its key in the plan.
    @usableFromInline static var typeName: Int32 { -1 }

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

    public override func write(_ fields: StoredFields, ofRows rows: Range<Int>, to buffer: inout ResponseBuffer) {
        Binding.write(fields, ofRows: rows, in: values, to: &buffer)
    }

    public override func parents<Parent>(as type: Parent.Type) -> Batch<Parent>? {
        (values as? [Parent]).map(Batch.init)
    }

    public override func unrepresentableRows(_ field: Int) -> [Int] {
        Binding.unrepresentableRows(field, in: values)
    }

    public override func resolver(_ field: Int, _ call: ResolverCall) -> Resolver {
        Binding.resolver(field, of: Batch(values), call)
    }

    public override func gathering(_ rows: [Int]) -> ObjectColumn { Objects(rows.map { values[$0] }) }
}

extension ResponseBuffer {
    /// Opens an object, behind a comma unless it is the first of a list.
    @inlinable @inline(__always)
    mutating func openObject(isFirst: Bool) {
        if !isFirst { write(byte: UInt8(ascii: ",")) }
        write(byte: UInt8(ascii: "{"))
    }
}
