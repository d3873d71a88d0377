/// A Swift type that answers a scalar or an enum: it writes itself as JSON.
public protocol OutputLeaf: Sendable {
    func write(to buffer: inout ResponseBuffer)
    /// Whether the value has a JSON form; one that has none becomes an error of its field. Only `Double` says no.
    var isRepresentable: Bool { get }
}

extension OutputLeaf {
    @inlinable public var isRepresentable: Bool { true }
}

extension String: OutputLeaf {
    @inlinable public func write(to buffer: inout ResponseBuffer) { buffer.write(self) }
}

extension Bool: OutputLeaf {
    @inlinable public func write(to buffer: inout ResponseBuffer) { buffer.write(self) }
}

/// GraphQL's `Int` has 32 bits, and so has its Swift type: a value out of range does not compile.
extension Int32: OutputLeaf {
    @inlinable public func write(to buffer: inout ResponseBuffer) { buffer.write(Int(self)) }
}

extension Double: OutputLeaf {
    @inlinable public func write(to buffer: inout ResponseBuffer) { buffer.write(self) }
    @inlinable public var isRepresentable: Bool { isFinite }
}
