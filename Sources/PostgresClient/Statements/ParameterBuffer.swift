public import EventLoop

/// The parameters of a statement on their way to libpq, which copies them: one for each connection, used again.
public struct ParameterBuffer: ~Copyable {
    @usableFromInline var bytes = ByteBuffer()
    /// Where each parameter ends; the bitwise complement of that for a null.
    @usableFromInline var ends: ContiguousArray<Int> = []

    init() {}

    @inlinable mutating func clear() {
        bytes.clear()
        ends.removeAll(keepingCapacity: true)
    }

    @inlinable public mutating func add(_ value: borrowing some PostgresEncodable) {
        if value.isNull {
            ends.append(~bytes.count)
        } else {
            value.encode(into: &self)
            ends.append(bytes.count)
        }
    }

    @inlinable public mutating func append<Number: FixedWidthInteger>(_ number: Number) {
        let wire = number.bigEndian
        Swift.withUnsafeBytes(of: wire) { bytes.append($0) }
    }

    @inlinable public mutating func append(bytes content: UnsafeRawBufferPointer) { bytes.append(content) }

    @inlinable public mutating func append(utf8 text: String) {
        let wasFast: Void? = text.utf8.withContiguousStorageIfAvailable { bytes.append(UnsafeRawBufferPointer($0)) }
        if wasFast == nil { bytes.append(text) }
    }

    /// An element with its length, -1 for null.
    @inlinable mutating func append(element: borrowing some PostgresEncodable) {
        guard !element.isNull else { return append(Int32(-1)) }
        let start = bytes.count
        append(Int32(0))
        element.encode(into: &self)
        let length = Int32(truncatingIfNeeded: bytes.count - start - 4).bigEndian
        Swift.withUnsafeBytes(of: length) { bytes.overwrite(at: start, with: $0) }
    }
}
