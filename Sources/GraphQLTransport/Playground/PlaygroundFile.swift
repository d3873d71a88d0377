internal import COpenSSL
internal import CPlayground
internal import CZlib
import EventLoop
import HTTPServer

/// One file of the playground, ready to be sent.
struct PlaygroundFile: Sendable {
    let name: String
    let type: String
    let plain: [UInt8]
    /// Packed, where that is smaller.
    let gzip: [UInt8]?
    /// Names the content: the first half of its SHA-256.
    let digest: String

    init?(name: String, _ bytes: [UInt8]) {
        guard let type = Self.types.first(where: { name.hasSuffix($0.suffix) })?.type else { return nil }
        self.name = name
        self.type = type
        plain = bytes
        gzip = Self.pack(bytes)
        digest = Self.digest(of: bytes)
    }

    /// The files in the binary, packed once, when the first is asked for.
    static let embedded: [PlaygroundFile] = {
        var files: [PlaygroundFile] = []
        var next = atrium_playground_files()
        while let file = next?.pointee, let name = file.name, let text = file.text {
            let bytes = Array(String(cString: text).utf8)
            if let file = PlaygroundFile(name: String(cString: name), bytes) { files.append(file) }
            next = next?.advanced(by: 1)
        }
        return files
    }()

    private static let types: [(suffix: String, type: String)] = [
        (".html", "text/html; charset=utf-8"), (".css", "text/css; charset=utf-8"),
        (".js", "text/javascript; charset=utf-8"), (".svg", "image/svg+xml"),
    ]

    static func digest(of bytes: [UInt8]) -> String {
        var digest = [UInt8](repeating: 0, count: 32)
        EVP_Digest(bytes, bytes.count, &digest, nil, EVP_sha256(), nil)
        return Hexadecimal.text(digest.prefix(16))
    }

    private static func pack(_ bytes: [UInt8]) -> [UInt8]? {
        var stream = z_stream()
        // 15 bits of window and 16 for the gzip wrapper; memory level 8 is zlib's default.
        guard atrium_deflate_init(&stream, 9, 15 + 16, 8) == Z_OK else { return nil }
        defer { deflateEnd(&stream) }
        var packed = [UInt8](repeating: 0, count: bytes.count)
        var bytes = bytes
        let count: Int? = bytes.withUnsafeMutableBufferPointer { input in
            packed.withUnsafeMutableBufferPointer { output in
                stream.next_in = input.baseAddress
                stream.avail_in = UInt32(input.count)
                stream.next_out = output.baseAddress
                stream.avail_out = UInt32(output.count)
                return deflate(&stream, Z_FINISH) == Z_STREAM_END ? output.count - Int(stream.avail_out) : nil
            }
        }
        return count.map { Array(packed.prefix($0)) }
    }
}
