import CZlib
import SocketTesting

/// A frame as a client sends it: masked.
func clientFrame(
    _ opcode: UInt8,
    _ payload: [UInt8],
    isFinal: Bool = true,
    reserved: UInt8 = 0,
    mask: [UInt8]? = [7, 99, 0, 201]
) -> [UInt8] {
    var frame: [UInt8] = [(isFinal ? 0x80 : 0) | reserved | opcode]
    let masked: UInt8 = mask == nil ? 0 : 0x80
    switch payload.count {
    case 0...125: frame.append(masked | UInt8(payload.count))
    case 126...65_535: frame += [masked | 126, UInt8(payload.count >> 8), UInt8(payload.count & 255)]
    default: frame += [masked | 127] + (0..<8).map { UInt8(truncatingIfNeeded: payload.count >> (56 - 8 * $0)) }
    }
    guard let mask else { return frame + payload }
    return frame + mask + payload.enumerated().map { $1 ^ mask[$0 % 4] }
}

func clientFrame(_ opcode: UInt8, _ text: String, isFinal: Bool = true) -> [UInt8] {
    clientFrame(opcode, Array(text.utf8), isFinal: isFinal)
}

/// A frame as it comes from the server.
struct ServerFrame: Equatable {
    let first: UInt8
    let payload: [UInt8]

    init(_ first: UInt8, _ payload: [UInt8]) {
        self.first = first
        self.payload = payload
    }

    init(_ first: UInt8, _ text: String) { self.init(first, Array(text.utf8)) }

    init(from socket: TestSocket) throws {
        let head = try socket.receive(exactly: 2)
        guard head.count == 2, head[1] & 0x80 == 0 else { throw SocketFailure(call: "frame \(head)", code: 0) }
        var length = Int(head[1])
        if length >= 126 {
            length = try socket.receive(exactly: length == 126 ? 2 : 8).reduce(0) { $0 << 8 | Int($1) }
        }
        self.init(head[0], try socket.receive(exactly: length))
    }

    var closeCode: Int? { first == 0x88 && payload.count >= 2 ? Int(payload[0]) << 8 | Int(payload[1]) : nil }
}

/// Packs or unpacks a message of permessage-deflate, by a path of its own.
func rawDeflate(_ bytes: [UInt8]) -> [UInt8] {
    var stream = z_stream()
    atrium_deflate_init(&stream, 9, -15, 8)
    defer { deflateEnd(&stream) }
    return run(&stream, bytes, room: bytes.count + 1_000) { deflate($0, Z_SYNC_FLUSH) }.dropLast(4)
}

func rawInflate(_ bytes: [UInt8], room: Int) -> [UInt8] {
    var stream = z_stream()
    atrium_inflate_init(&stream, -15)
    defer { inflateEnd(&stream) }
    return run(&stream, bytes + [0, 0, 255, 255], room: room) { inflate($0, Z_SYNC_FLUSH) }
}

private func run(
    _ stream: inout z_stream,
    _ bytes: [UInt8],
    room: Int,
    _ step: (UnsafeMutablePointer<z_stream>) -> Int32
) -> [UInt8] {
    var (input, output) = (bytes, [UInt8](repeating: 0, count: room))
    return input.withUnsafeMutableBufferPointer { source in
        output.withUnsafeMutableBufferPointer { target in
            stream.next_in = source.baseAddress
            stream.avail_in = UInt32(source.count)
            stream.next_out = target.baseAddress
            stream.avail_out = UInt32(room)
            _ = step(&stream)
            return Array(target[..<(room - Int(stream.avail_out))])
        }
    }
}
