/// The bytes of a response, written once: growing raw memory with the JSON writers generated code calls.
///
/// A raw buffer because it is the hottest object of the engine: an array checks its uniqueness and its bounds on every
/// byte. All writes go through ``reserve(_:)``, which is the only place that decides whether there is room.
public struct ResponseBuffer: ~Copyable {
    @usableFromInline var base: UnsafeMutablePointer<UInt8>
    @usableFromInline var capacity: Int
    @usableFromInline var length: Int

    public init(capacity: Int = 512) {
        self.capacity = max(capacity, 64)
        base = .allocate(capacity: self.capacity)
        length = 0
    }

    /// How many bytes were written.
    @inlinable public var count: Int { length }

    deinit { base.deallocate() }

    /// Makes room for so many more bytes and returns where they go.
    @inlinable @inline(__always)
    mutating func reserve(_ count: Int) -> UnsafeMutablePointer<UInt8> {
        if capacity - length < count { grow(by: count) }
        return base + length
    }

    @usableFromInline @inline(never)
    mutating func grow(by count: Int) {
        let larger = max(capacity * 2, length + count)
        let memory = UnsafeMutablePointer<UInt8>.allocate(capacity: larger)
        memory.update(from: base, count: length)
        base.deallocate()
        base = memory
        capacity = larger
    }

    /// Forgets everything written behind a position.
    mutating func truncate(to position: Int) {
        length = min(length, position)
    }

    mutating func removeAll() { length = 0 }

    public func withBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        try body(UnsafeRawBufferPointer(start: base, count: count))
    }

    public func bytes() -> [UInt8] {
        Array(UnsafeBufferPointer(start: base, count: count))
    }

    func bytes(from start: Int) -> [UInt8] {
        Array(UnsafeBufferPointer(start: base + start, count: count - start))
    }

    // MARK: Raw bytes

    @inlinable public mutating func write(byte: UInt8) {
        reserve(1).pointee = byte
        length += 1
    }

    public mutating func write(raw bytes: UnsafeRawBufferPointer) {
        guard let source = bytes.baseAddress else { return }
        UnsafeMutableRawPointer(reserve(bytes.count)).copyMemory(from: source, byteCount: bytes.count)
        length += bytes.count
    }

    public mutating func write(raw bytes: [UInt8]) {
        bytes.withUnsafeBytes { write(raw: $0) }
    }

    public mutating func write(raw text: StaticString) {
        write(raw: UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    /// Writes bytes behind which 15 more can be read, whatever they are: 16 at a time, without a call.
    @inlinable @inline(__always)
    mutating func write(padded bytes: UnsafeRawPointer, count: Int) {
        let target = UnsafeMutableRawPointer(reserve(count + 16))
        var offset = 0
        while offset < count {
            let chunk = bytes.loadUnaligned(fromByteOffset: offset, as: SIMD2<UInt64>.self)
            target.storeBytes(of: chunk, toByteOffset: offset, as: SIMD2<UInt64>.self)
            offset += 16
        }
        length += count
    }

    /// How many bytes can be read behind those that ``write(padded:count:)`` is given.
    static let padding = 16

    public mutating func writeNull() { write(raw: "null") }

    public mutating func write(_ value: Bool) {
        if value { write(raw: "true") } else { write(raw: "false") }
    }
}
