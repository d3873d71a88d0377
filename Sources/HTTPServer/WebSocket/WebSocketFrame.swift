import EventLoop
internal import Synchronization

/// A frame to the clients, encoded once and sent to as many as there are, on any loop.
///
/// The packed form, for clients with permessage-deflate, is made when the first such client needs it.
public final class WebSocketFrame: Sendable {
    let plain: SharedBytes
    private let headerSize: Int
    private let packed = Mutex<[Int: SharedBytes]>([:])

    /// A whole text message. The bytes must be UTF-8.
    public static func text(_ bytes: UnsafeRawBufferPointer) -> WebSocketFrame { WebSocketFrame(.text, bytes) }

    public static func text(_ text: String) -> WebSocketFrame {
        var text = text
        return text.withUTF8 { .text(UnsafeRawBufferPointer($0)) }
    }

    /// A whole binary message.
    public static func binary(_ bytes: UnsafeRawBufferPointer) -> WebSocketFrame { WebSocketFrame(.binary, bytes) }

    private init(_ opcode: WebSocketFrameHeader.Opcode, _ payload: UnsafeRawBufferPointer) {
        var buffer = ByteBuffer(capacity: payload.count + 10)
        WebSocketFrame.append(opcode, payload, to: &buffer)
        headerSize = buffer.count - payload.count
        plain = SharedBytes(buffer)
    }

    /// The bytes for a client that agreed on a window; plain when packing does not pay.
    func bytes(windowBits: Int, threshold: Int, deflate: WebSocketDeflate) -> SharedBytes {
        guard plain.count - headerSize >= threshold else { return plain }
        return packed.withLock { packed in
            if let ready = packed[windowBits] { return ready }
            let made = pack(windowBits, deflate) ?? plain
            packed[windowBits] = made
            return made
        }
    }

    private func pack(_ windowBits: Int, _ deflate: WebSocketDeflate) -> SharedBytes? {
        plain.withUnsafeBytes { frame in
            let payload = UnsafeRawBufferPointer(rebasing: frame[headerSize...])
            var packed = ByteBuffer()
            guard deflate.pack(payload, into: &packed, windowBits: windowBits), packed.count < payload.count else {
                return nil
            }
            var buffer = ByteBuffer(capacity: packed.count + 10)
            packed.withUnsafeBytes { bytes in
                WebSocketFrame.append(first: frame[0] | 0x40, bytes, to: &buffer)
            }
            return SharedBytes(buffer)
        }
    }

    /// Appends a final, unmasked frame.
    static func append(
        _ opcode: WebSocketFrameHeader.Opcode,
        _ payload: UnsafeRawBufferPointer,
        to out: inout ByteBuffer
    ) {
        append(first: 0x80 | opcode.rawValue, payload, to: &out)
    }

    static func append(first: UInt8, _ payload: UnsafeRawBufferPointer, to out: inout ByteBuffer) {
        appendHeader(first: first, count: payload.count, to: &out)
        out.append(payload)
    }

    /// Appends what stands before a payload of so many bytes.
    static func appendHeader(first: UInt8, count: Int, to out: inout ByteBuffer) {
        out.append(first)
        switch count {
        case 0...125: out.append(UInt8(count))
        case 126...65_535:
            out.append(126)
            out.append(UInt8(count >> 8))
            out.append(UInt8(count & 0xff))
        default:
            out.append(127)
            for shift in stride(from: 56, through: 0, by: -8) {
                out.append(UInt8(truncatingIfNeeded: count >> shift))
            }
        }
    }
}
