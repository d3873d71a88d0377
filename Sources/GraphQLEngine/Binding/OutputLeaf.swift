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
    @inlinable public func write(to buffer: inout ResponseBuffer) {
        if isFinite { buffer.write(self) } else { buffer.writeNull() }
    }
    @inlinable public var isRepresentable: Bool { isFinite }
}

/// A list of leaves that a value stores is a leaf itself.
extension Array: OutputLeaf where Element: OutputLeaf {
    @inlinable public func write(to buffer: inout ResponseBuffer) {
        buffer.write(byte: UInt8(ascii: "["))
        var isFirst = true
        for element in self {
            if !isFirst { buffer.write(byte: UInt8(ascii: ",")) }
            isFirst = false
            element.write(to: &buffer)
        }
        buffer.write(byte: UInt8(ascii: "]"))
    }

    @inlinable public var isRepresentable: Bool { allSatisfy(\.isRepresentable) }
}

extension Optional: OutputLeaf where Wrapped: OutputLeaf {
    @inlinable public func write(to buffer: inout ResponseBuffer) {
        if let self { self.write(to: &buffer) } else { buffer.writeNull() }
    }

    @inlinable public var isRepresentable: Bool { self?.isRepresentable ?? true }
}
