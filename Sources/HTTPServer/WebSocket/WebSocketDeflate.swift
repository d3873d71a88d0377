internal import CZlib
import EventLoop

/// permessage-deflate (RFC 7692) without context takeover: one pair of zlib streams per loop serves all its sockets.
final class WebSocketDeflate {
    private static let tail: [UInt8] = [0x00, 0x00, 0xff, 0xff]

    private let level: Int32
    /// By window bits, 9 to 15; made when first needed.
    private var packers: [Int: UnsafeMutablePointer<z_stream>] = [:]
    private var unpacker: UnsafeMutablePointer<z_stream>?

    init(level: Int) { self.level = Int32(level) }

    deinit {
        for stream in packers.values {
            deflateEnd(stream)
            stream.deallocate()
        }
        if let unpacker {
            inflateEnd(unpacker)
            unpacker.deallocate()
        }
    }

    /// Appends the packed message without its tail; false when zlib has no memory.
    func pack(_ input: UnsafeRawBufferPointer, into out: inout ByteBuffer, windowBits: Int) -> Bool {
        guard let stream = packer(windowBits), input.count < Int(UInt32.max) else { return false }
        deflateReset(stream)
        stream.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress?.assumingMemoryBound(to: UInt8.self))
        stream.pointee.avail_in = UInt32(input.count)
        let room = Int(deflateBound(stream, UInt(input.count))) + 16
        var written = 0
        out.appendUninitialized(room) { bytes in
            stream.pointee.next_out = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
            stream.pointee.avail_out = UInt32(bytes.count)
            guard deflate(stream, Z_SYNC_FLUSH) == Z_OK, stream.pointee.avail_in == 0 else { return 0 }
            written = bytes.count - Int(stream.pointee.avail_out) - WebSocketDeflate.tail.count
            return max(0, written)
        }
        return written > 0
    }

    /// Appends the unpacked message. A bomb is noticed when `maximum` is passed, with no more memory than that used.
    func unpack(
        _ input: UnsafeRawBufferPointer,
        into out: inout ByteBuffer,
        maximum: Int
    ) -> WebSocketViolation? {
        guard let stream = readyUnpacker() else { return .invalidCompression }
        switch inflateAll(stream, input, into: &out, maximum) {
        case .failed(let violation): return violation
        case .ended: return nil
        case .flushed: break
        }
        let end = WebSocketDeflate.tail.withUnsafeBytes { inflateAll(stream, $0, into: &out, maximum) }
        if case .failed(let violation) = end { return violation }
        // Cut off in the middle of a block, a message would take the tail for its own bytes.
        return stream.pointee.data_type & WebSocketDeflate.isBehindBlock != 0 ? nil : .invalidCompression
    }

    /// A bit of `data_type`: the last call has returned at the end of a block.
    private static let isBehindBlock: Int32 = 128

    private enum Inflation {
        /// All input is used up and all output is out.
        case flushed
        /// A final block has ended the stream; no tail is needed.
        case ended
        case failed(WebSocketViolation)
    }

    private func inflateAll(
        _ stream: UnsafeMutablePointer<z_stream>,
        _ input: UnsafeRawBufferPointer,
        into out: inout ByteBuffer,
        _ maximum: Int
    ) -> Inflation {
        stream.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress?.assumingMemoryBound(to: UInt8.self))
        stream.pointee.avail_in = UInt32(input.count)
        while true {
            // One byte more than allowed tells a message that fits from one that does not.
            let room = min(16_384, maximum + 1 - out.count)
            var result = Z_OK
            out.appendUninitialized(room) { bytes in
                stream.pointee.next_out = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
                stream.pointee.avail_out = UInt32(bytes.count)
                result = inflate(stream, Z_SYNC_FLUSH)
                return bytes.count - Int(stream.pointee.avail_out)
            }
            if out.count > maximum { return .failed(.messageTooBig) }
            switch result {
            case Z_OK, Z_BUF_ERROR:
                if stream.pointee.avail_out > 0 {
                    return stream.pointee.avail_in == 0 ? .flushed : .failed(.invalidCompression)
                }
            case Z_STREAM_END:
                // A final block is allowed, but nothing may follow it.
                return stream.pointee.avail_in == 0 ? .ended : .failed(.invalidCompression)
            default: return .failed(.invalidCompression)
            }
        }
    }

    private func packer(_ windowBits: Int) -> UnsafeMutablePointer<z_stream>? {
        if let ready = packers[windowBits] { return ready }
        let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
        stream.initialize(to: z_stream())
        guard atrium_deflate_init(stream, level, Int32(-windowBits), 8) == Z_OK else {
            stream.deallocate()
            return nil
        }
        packers[windowBits] = stream
        return stream
    }

    private func readyUnpacker() -> UnsafeMutablePointer<z_stream>? {
        if let unpacker {
            inflateReset(unpacker)
            return unpacker
        }
        let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
        stream.initialize(to: z_stream())
        guard atrium_inflate_init(stream, -15) == Z_OK else {
            stream.deallocate()
            return nil
        }
        unpacker = stream
        return stream
    }
}
