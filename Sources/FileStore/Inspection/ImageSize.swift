/// Width and height of an image as its header has them. Nothing is unpacked.
package struct ImageSize: Sendable, Equatable {
    package let width: Int
    package let height: Int

    package init(width: Int, height: Int) {
        self.width = width
        self.height = height
    }

    /// Nil where the header is not that of such an image.
    package static func read(_ type: FileType, from source: some RandomAccessBytes) throws -> ImageSize? {
        let size: ImageSize? =
            switch type {
            case .png: try png(source)
            case .jpeg: try jpeg(source)
            case .gif: try gif(source)
            case .webp: try webp(source)
            default: nil
            }
        return size.flatMap { $0.width > 0 && $0.height > 0 ? $0 : nil }
    }

    /// https://www.w3.org/TR/png-3/#11IHDR
    private static func png(_ source: some RandomAccessBytes) throws -> ImageSize? {
        guard let head = try source.all(0, 33), head.bigEndian(8, 4) == 13, head.has("IHDR", at: 12),
            head.bigEndian(16, 4) < 1 << 31, head.bigEndian(20, 4) < 1 << 31
        else { return nil }
        return ImageSize(width: head.bigEndian(16, 4), height: head.bigEndian(20, 4))
    }

    /// https://www.w3.org/Graphics/GIF/spec-gif89a.txt section 18
    private static func gif(_ source: some RandomAccessBytes) throws -> ImageSize? {
        guard let head = try source.all(0, 13) else { return nil }
        return ImageSize(width: head.littleEndian(6, 2), height: head.littleEndian(8, 2))
    }

    /// Goes from segment to segment to the one that begins a frame: https://www.w3.org/Graphics/JPEG/itu-t81.pdf
    /// section B.1.1
    private static func jpeg(_ source: some RandomAccessBytes) throws -> ImageSize? {
        var position = 2
        for _ in 0..<1_000 {
            guard var head = try source.all(position, 4), head[0] == 0xff else { return nil }
            if head[1] == 0xff {
                // Fill bytes may stand before a marker.
                position += 1
                continue
            }
            let length = head.bigEndian(2, 2)
            switch head[1] {
            case 0x01, 0xd0...0xd7: position += 2
            case 0xc0...0xc3, 0xc5...0xc7, 0xc9...0xcb, 0xcd...0xcf:
                guard length >= 8, let frame = try source.all(position + 4, 5) else { return nil }
                head = frame
                return ImageSize(width: head.bigEndian(3, 2), height: head.bigEndian(1, 2))
            // The data begins, or the image ends, before any frame did.
            case 0x00, 0xd8...0xda: return nil
            default:
                guard length >= 2 else { return nil }
                position += 2 + length
            }
        }
        return nil
    }

    /// https://developers.google.com/speed/webp/docs/riff_container
    private static func webp(_ source: some RandomAccessBytes) throws -> ImageSize? {
        guard let head = try source.all(0, 30) else { return nil }
        if head.has("VP8X", at: 12) {
            return ImageSize(width: head.littleEndian(24, 3) + 1, height: head.littleEndian(27, 3) + 1)
        }
        if head.has("VP8L", at: 12), head[20] == 0x2f {
            let bits = head.littleEndian(21, 4)
            return ImageSize(width: bits & 0x3fff + 1, height: bits >> 14 & 0x3fff + 1)
        }
        if head.has("VP8 ", at: 12), head[23...].starts(with: [0x9d, 0x01, 0x2a]) {
            return ImageSize(width: head.littleEndian(26, 2) & 0x3fff, height: head.littleEndian(28, 2) & 0x3fff)
        }
        return nil
    }
}
