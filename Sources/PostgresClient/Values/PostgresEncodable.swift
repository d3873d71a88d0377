internal import EventLoop

/// A value that can be a parameter, in PostgreSQL's binary format.
public protocol PostgresEncodable: Sendable {
    /// What the server is told the parameter is.
    static var parameterType: PostgresType { get }
    /// What elements of an array of these are; differs for texts, which alone may be inferred.
    static var elementType: PostgresType { get }
    var isNull: Bool { get }
    func encode(into buffer: inout ParameterBuffer)
}

extension PostgresEncodable {
    @inlinable public static var elementType: PostgresType { parameterType }
    @inlinable public var isNull: Bool { false }
}

extension Optional: PostgresEncodable where Wrapped: PostgresEncodable {
    @inlinable public static var parameterType: PostgresType { Wrapped.parameterType }
    @inlinable public static var elementType: PostgresType { Wrapped.elementType }
    @inlinable public var isNull: Bool { self == nil }
    @inlinable public func encode(into buffer: inout ParameterBuffer) {
        if let self { self.encode(into: &buffer) }
    }
}

extension PostgresEncodable {
    /// The value in PostgreSQL's binary format.
    package var wireBytes: [UInt8] {
        var buffer = ParameterBuffer()
        encode(into: &buffer)
        return buffer.bytes.array()
    }
}
