internal import CZlib
import EventLoop

/// One zlib stream per loop, made when first needed and used for one response after another.
final class GzipEncoder {
    private let stream: UnsafeMutablePointer<z_stream>
    private var isReady = false
    private let level: Int32

    init(level: Int) {
        self.level = Int32(level)
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
    }

    deinit {
        if isReady { deflateEnd(stream) }
        stream.deallocate()
    }

    /// Appends the whole input as one gzip member. False, with `out` unchanged, when zlib has no memory or the result
    /// would not be smaller.
    func compress(_ input: UnsafeRawBufferPointer, into out: inout ByteBuffer) -> Bool {
        if !isReady {
            // 15 bits of window, and 16 for the gzip wrapper; memory level 8 is zlib's default.
            guard atrium_deflate_init(stream, level, 15 + 16, 8) == Z_OK else { return false }
            isReady = true
        }
        guard input.count <= Int(UInt32.max) else { return false }
        deflateReset(stream)
        stream.pointee.next_in = UnsafeMutablePointer(
            mutating: input.baseAddress?.assumingMemoryBound(to: UInt8.self)
        )
        stream.pointee.avail_in = UInt32(input.count)
        var isComplete = false
        out.appendUninitialized(input.count) { room in
            stream.pointee.next_out = room.baseAddress?.assumingMemoryBound(to: UInt8.self)
            stream.pointee.avail_out = UInt32(room.count)
            isComplete = deflate(stream, Z_FINISH) == Z_STREAM_END
            return isComplete ? room.count - Int(stream.pointee.avail_out) : 0
        }
        return isComplete
    }
}
