extension FileType {
    /// What the first bytes of a file say: https://mimesniff.spec.whatwg.org/#matching-an-image-type-pattern and the
    /// sections after it. Of archives it says only that they are, and of texts that they are texts.
    static func signature(of head: [UInt8]) -> FileType? {
        if head.prefix(8).elementsEqual(pngSignature) { return .png }
        if head.prefix(3).elementsEqual([0xff, 0xd8, 0xff]) { return .jpeg }
        if head.has("GIF87a") || head.has("GIF89a") { return .gif }
        if head.has("RIFF"), head.has("WEBP", at: 8) { return .webp }
        if head.has("RIFF"), head.has("WAVE", at: 8) { return .wav }
        if head.has("%PDF-") { return .pdf }
        if head.has("PK\u{03}\u{04}") || head.has("PK\u{05}\u{06}") { return .zip }
        if head.has("OggS") { return .ogg }
        if head.has("fLaC") { return .flac }
        if head.has("ID3") || isAudioFrame(head) { return .mp3 }
        if head.has("ftyp", at: 4) { return isVideoBrand(head) ? .mp4 : nil }
        if head.prefix(4).elementsEqual([0x1a, 0x45, 0xdf, 0xa3]) { return isWebM(head) ? .webm : nil }
        return text(head)
    }

    private static let pngSignature: [UInt8] = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]

    /// A frame of MPEG audio, layer III, with a rate that there is.
    private static func isAudioFrame(_ head: [UInt8]) -> Bool {
        guard head.count >= 4, head[0] == 0xff, head[1] & 0xe6 == 0xe2 else { return false }
        return head[1] & 0x18 != 0x08 && head[2] >> 4 != 0x0f && head[2] >> 4 != 0 && head[2] & 0x0c != 0x0c
    }

    /// Brands of films and sound; others of the family are pictures.
    private static func isVideoBrand(_ head: [UInt8]) -> Bool {
        let brands: [StaticString] = [
            "isom", "iso2", "iso3", "iso4", "iso5", "iso6", "mp41", "mp42", "avc1", "M4V ", "M4A ", "qt  ", "dash",
        ]
        return brands.contains { head.has($0, at: 8) }
    }

    /// The element DocType says "webm": https://www.matroska.org/technical/elements.html
    private static func isWebM(_ head: [UInt8]) -> Bool {
        let window = Array(head.prefix(64))
        return window.indices.contains {
            window[$0...].starts(with: [0x42, 0x82, 0x84]) && window.has("webm", at: $0 + 3)
        }
    }

    // MARK: Texts

    /// A text in UTF-8 without control characters; the last character may be cut. What begins with a tag is markup.
    private static func text(_ head: [UInt8]) -> FileType? {
        var bytes = head[...]
        if bytes.starts(with: [0xef, 0xbb, 0xbf]) { bytes = bytes.dropFirst(3) }
        // A character has four bytes at most.
        for _ in 0..<4 where !isWhole(bytes) { bytes = bytes.dropLast() }
        guard let text = String(validating: bytes, as: UTF8.self) else { return nil }
        let isPlain = text.unicodeScalars.allSatisfy {
            $0.value >= 0x20 && $0.value != 0x7f || "\t\n\r\u{C}".unicodeScalars.contains($0)
        }
        guard isPlain else { return nil }
        let start = text.drop(while: \.isWhitespace)
        return start.first == "<" ? markup(start.lowercased()) : .plainText
    }

    /// Whether the last character is there with all its bytes.
    private static func isWhole(_ bytes: ArraySlice<UInt8>) -> Bool {
        guard let lead = bytes.lastIndex(where: { $0 & 0xc0 != 0x80 }) else { return bytes.isEmpty }
        let length =
            switch bytes[lead] {
            case ..<0x80: 1
            case ..<0xe0: 2
            case ..<0xf0: 3
            default: 4
            }
        return bytes.endIndex - lead >= length
    }

    private static func markup(_ start: String) -> FileType {
        if start.contains("<svg") { return .svg }
        if start.hasPrefix("<?xml"), !start.contains("<html") { return .xml }
        return .html
    }
}
