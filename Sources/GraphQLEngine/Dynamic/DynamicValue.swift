public import GraphQLSchema

/// A tree of data that answers a schema built at run time: each field by the member of its name.
public indirect enum DynamicValue: Sendable {
    case leaf(Value)
    case list([DynamicValue])
    case object(DynamicObject)
    case error(any Error)
    /// Comes when it is asked for, from the field's arguments; it may take its time.
    case resolver(@Sendable ([Value.Field]) async throws -> DynamicValue)

    public static let null = DynamicValue.leaf(.null)
}

/// An object of a dynamic schema.
public struct DynamicObject: Sendable {
    /// Which type the object has where the schema leaves that open.
    public enum TypeName: Sendable {
        case unknown
        case name(String)
        case error(any Error)
    }

    public var typeName: TypeName
    public var fields: [String: DynamicValue]

    public init(typeName: TypeName = .unknown, fields: [String: DynamicValue]) {
        self.typeName = typeName
        self.fields = fields
    }
}
