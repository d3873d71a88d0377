/// Text as JSON: in quotes, with the escapes that JSON demands and no others.
extension ResponseBuffer {
    public mutating func write(_ value: String) {
        let done: Void? = value.utf8.withContiguousStorageIfAvailable { write(escaping: $0) }
        if done == nil {
            var copy = value
            copy.withUTF8 { write(escaping: $0) }
        }
    }

    /// UTF-8 text in quotes; the caller vouches for its being well-formed.
    public mutating func write(escaping text: UnsafeBufferPointer<UInt8>) {
        guard let source = text.baseAddress else { return write(raw: "\"\"") }
        let target = reserve(text.count + 2)
        // Nearly all texts need no escape: they are looked at while they are copied.
        guard Self.copy(clean: source, text.count, to: target + 1) else { return write(unclean: text) }
        target.pointee = UInt8(ascii: "\"")
        target[text.count + 1] = UInt8(ascii: "\"")
        length += text.count + 2
    }

    // MARK: Text without escapes

    /// Copies text in words, the last of which reaches back over the one before; says whether nothing in it needs an
    /// escape. If something does, what was copied means nothing.
    @inline(__always)
    private static func copy(clean source: UnsafeRawPointer, _ count: Int, to target: UnsafeMutableRawPointer) -> Bool {
        typealias Words = SIMD2<UInt64>
        if count >= 16 {
            var offset = 0
            while offset + 16 <= count {
                let words = source.loadUnaligned(fromByteOffset: offset, as: Words.self)
                if hasByteToEscape(words) { return false }
                target.storeBytes(of: words, toByteOffset: offset, as: Words.self)
                offset += 16
            }
            if offset == count { return true }
            let words = source.loadUnaligned(fromByteOffset: count - 16, as: Words.self)
            target.storeBytes(of: words, toByteOffset: count - 16, as: Words.self)
            return !hasByteToEscape(words)
        }
        if count >= 8 {
            let first = source.loadUnaligned(as: UInt64.self)
            let last = source.loadUnaligned(fromByteOffset: count - 8, as: UInt64.self)
            target.storeBytes(of: first, as: UInt64.self)
            target.storeBytes(of: last, toByteOffset: count - 8, as: UInt64.self)
            return !hasByteToEscape(Words(first, last))
        }
        if count >= 4 {
            let first = source.loadUnaligned(as: UInt32.self)
            let last = source.loadUnaligned(fromByteOffset: count - 4, as: UInt32.self)
            target.storeBytes(of: first, as: UInt32.self)
            target.storeBytes(of: last, toByteOffset: count - 4, as: UInt32.self)
            return !hasByteToEscape(UInt64(first) << 32 | UInt64(last))
        }
        for offset in 0..<count {
            let byte = source.load(fromByteOffset: offset, as: UInt8.self)
            if needsEscape(byte) { return false }
            target.storeBytes(of: byte, toByteOffset: offset, as: UInt8.self)
        }
        return true
    }

    private static func needsEscape(_ byte: UInt8) -> Bool { byte < 0x20 || byte == 0x22 || byte == 0x5C }

    /// Whether any of eight bytes is a quote, a backslash or a control character.
    @inline(__always)
    private static func hasByteToEscape(_ word: UInt64) -> Bool {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let highs: UInt64 = 0x8080_8080_8080_8080
        let quote = word ^ (ones &* 0x22)
        let backslash = word ^ (ones &* 0x5C)
        let found = (quote &- ones) & ~quote | (backslash &- ones) & ~backslash | (word &- ones &* 0x20) & ~word
        return found & highs != 0
    }

    /// The same for sixteen bytes.
    @inline(__always)
    private static func hasByteToEscape(_ words: SIMD2<UInt64>) -> Bool {
        let ones = SIMD2<UInt64>(repeating: 0x0101_0101_0101_0101)
        let quote = words ^ SIMD2(repeating: 0x2222_2222_2222_2222)
        let backslash = words ^ SIMD2(repeating: 0x5C5C_5C5C_5C5C_5C5C)
        let spaces = SIMD2<UInt64>(repeating: 0x2020_2020_2020_2020)
        let found = (quote &- ones) & ~quote | (backslash &- ones) & ~backslash | (words &- spaces) & ~words
        return (found[0] | found[1]) & 0x8080_8080_8080_8080 != 0
    }

    // MARK: Text with escapes

    @inline(never)
    private mutating func write(unclean text: UnsafeBufferPointer<UInt8>) {
        // The worst case is six bytes for one; room for all of it at once keeps the loop free of checks. Long texts are
        // looked through first, so that they do not sextuple the buffer for nothing.
        let worst = text.count > 1_024 ? text.count + 5 * text.count(where: Self.needsEscape) : text.count * 6
        let target = reserve(worst + 2)
        var out = target
        out.pointee = UInt8(ascii: "\"")
        out += 1
        var index = 0
        let end = text.count
        if let source = text.baseAddress {
            while index + 8 <= end {
                let word = UnsafeRawPointer(source + index).loadUnaligned(as: UInt64.self)
                if Self.hasByteToEscape(word) {
                    for offset in index..<(index + 8) { Self.escape(source[offset], to: &out) }
                } else {
                    UnsafeMutableRawPointer(out).storeBytes(of: word, as: UInt64.self)
                    out += 8
                }
                index += 8
            }
            while index < end {
                Self.escape(source[index], to: &out)
                index += 1
            }
        }
        out.pointee = UInt8(ascii: "\"")
        out += 1
        length += out - target
    }

    @inline(__always)
    private static func escape(_ byte: UInt8, to out: inout UnsafeMutablePointer<UInt8>) {
        if byte >= 0x20, byte != 0x22, byte != 0x5C {
            out.pointee = byte
            out += 1
        } else {
            escapeRare(byte, to: &out)
        }
    }

    @inline(never)
    private static func escapeRare(_ byte: UInt8, to out: inout UnsafeMutablePointer<UInt8>) {
        out[0] = UInt8(ascii: "\\")
        let short: UInt8? =
            switch byte {
            case 0x22: UInt8(ascii: "\"")
            case 0x5C: UInt8(ascii: "\\")
            case 0x08: UInt8(ascii: "b")
            case 0x0C: UInt8(ascii: "f")
            case 0x0A: UInt8(ascii: "n")
            case 0x0D: UInt8(ascii: "r")
            case 0x09: UInt8(ascii: "t")
            default: nil
            }
        if let short {
            out[1] = short
            out += 2
            return
        }
        let digits: StaticString = "0123456789abcdef"
        out[1] = UInt8(ascii: "u")
        out[2] = UInt8(ascii: "0")
        out[3] = UInt8(ascii: "0")
        out[4] = digits.utf8Start[Int(byte >> 4)]
        out[5] = digits.utf8Start[Int(byte & 15)]
        out += 6
    }
}
