extension ByteBuffer {
    /// The readable bytes; the pointer is valid inside `body` only.
    @inlinable public func withUnsafeBytes<Result: ~Copyable, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        guard let base else { return try body(UnsafeRawBufferPointer(start: nil, count: 0)) }
        return try body(UnsafeRawBufferPointer(start: base + start, count: count))
    }

    /// The readable bytes, to be changed in place; the pointer is valid inside `body` only.
    @inlinable public mutating func withUnsafeMutableBytes<Result: ~Copyable, Failure: Error>(
        _ body: (UnsafeMutableRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        guard let base else { return try body(UnsafeMutableRawBufferPointer(start: nil, count: 0)) }
        return try body(UnsafeMutableRawBufferPointer(start: base + start, count: count))
    }

    /// Lets `body` write at most `room` bytes at the end and return how many it wrote.
    @inlinable public mutating func appendUninitialized<Failure: Error>(
        _ room: Int,
        _ body: (UnsafeMutableRawBufferPointer) throws(Failure) -> Int
    ) throws(Failure) {
        reserve(room)
        guard let base else { return }
        let written = try body(UnsafeMutableRawBufferPointer(start: base + end, count: room))
        precondition(written >= 0 && written <= room, "a writer reported more bytes than it had room for")
        end += written
    }

    /// The readable byte at `index`.
    @inlinable public subscript(index: Int) -> UInt8 {
        precondition(index >= 0 && index < count, "byte index out of range")
        return base.unsafelyUnwrapped.load(fromByteOffset: start + index, as: UInt8.self)
    }

    /// Overwrites readable bytes from `index` on.
    @inlinable public mutating func overwrite(at index: Int, with bytes: UnsafeRawBufferPointer) {
        precondition(index >= 0 && index + bytes.count <= count, "overwritten range out of bounds")
        guard let base, let source = bytes.baseAddress else { return }
        (base + start + index).copyMemory(from: source, byteCount: bytes.count)
    }

    /// A copy of the readable bytes.
    public func array() -> [UInt8] { withUnsafeBytes { [UInt8]($0) } }
}
