import Glibc

/// Bytes that never change after creation, so that many connections on many loops may send the same ones.
///
/// `@unchecked Sendable`: the memory is written in the initializer only.
public final class SharedBytes: @unchecked Sendable {
    let bytes: UnsafeRawBufferPointer

    /// Copies the readable bytes of `buffer`.
    public init(_ buffer: borrowing ByteBuffer) {
        bytes = buffer.withUnsafeBytes { SharedBytes.copy($0) }
    }

    public init(_ source: [UInt8]) {
        bytes = source.withUnsafeBytes { SharedBytes.copy($0) }
    }

    deinit { free(UnsafeMutableRawPointer(mutating: bytes.baseAddress)) }

    public var count: Int { bytes.count }

    public func withUnsafeBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        try body(bytes)
    }

    private static func copy(_ source: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        guard let from = source.baseAddress, source.count > 0 else {
            return UnsafeRawBufferPointer(start: nil, count: 0)
        }
        guard let memory = malloc(source.count) else { fatalError("out of memory for \(source.count) shared bytes") }
        memcpy(memory, from, source.count)
        return UnsafeRawBufferPointer(start: memory, count: source.count)
    }
}
