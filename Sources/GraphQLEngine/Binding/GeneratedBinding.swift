/// An object binding as the generator writes it: fields that the value does not store have a resolver each.
///
/// They are written as a plain switch over closures: an asynchronous one over hundreds of fields takes the compiler gigabytes.
public protocol GeneratedBinding: ObjectBinding {}

public typealias Resolver = () async throws -> FieldColumn

extension GeneratedBinding {
    public static func resolver(_ field: Int, of parents: Batch<Value>, _ call: ResolverCall) -> Resolver {
        missing(field)
    }

    public static func write(_ field: Int, of value: Value, to buffer: inout ResponseBuffer) { missing(field) }

    public static func resolve(
        _ field: Int,
        of parents: Batch<Value>,
        _ call: ResolverCall
    ) async throws -> FieldColumn {
        try await resolver(field, of: parents, call)()
    }

    /// Numbers come from a plan for the same schema.
    public static func missing(_ field: Int) -> Never {
        preconditionFailure("\(typeName) has no such field with the number \(field)")
    }
}

extension CompositeIndex {
    /// Files a value of a union or interface under its type.
    @inlinable public init<Row>(filing row: Row, in rows: inout [Row], _ partition: Int32) {
        rows.append(row)
        self.init(partition: partition, row: Int32(truncatingIfNeeded: rows.count - 1))
    }
}

/// Holds the Swift type that a schema binds a scalar to against what a scalar has to do.
public enum BoundScalar<Scalar: OutputLeaf & InputDecodable> {}
