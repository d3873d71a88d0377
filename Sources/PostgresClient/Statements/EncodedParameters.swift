internal import EventLoop

/// Parameters on their way to a connection that is not known yet, or to be sent once more.
@usableFromInline
struct EncodedParameters: Sendable {
    private let bytes: [UInt8]
    private let ends: [Int]

    @usableFromInline
    init(_ encode: (inout ParameterBuffer) -> Void) {
        var buffer = ParameterBuffer()
        encode(&buffer)
        bytes = buffer.bytes.withUnsafeBytes { Array($0) }
        ends = Array(buffer.ends)
    }

    var count: Int { bytes.count }

    func encode(into buffer: inout ParameterBuffer) {
        bytes.withUnsafeBytes { buffer.append(bytes: $0) }
        buffer.ends.append(contentsOf: ends)
    }
}
