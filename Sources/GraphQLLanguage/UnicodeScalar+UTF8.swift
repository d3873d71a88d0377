extension UnicodeScalar {
    /// Reads the scalar whose UTF-8 sequence starts at an index; nil where there is no well-formed sequence.
    init?(utf8 bytes: Scanner.Bytes, at index: Int) {
        let lead = bytes[index]
        let length: Int
        var value: UInt32
        switch lead {
        case 0x00...0x7F: (length, value) = (1, UInt32(lead))
        case 0xC2...0xDF: (length, value) = (2, UInt32(lead & 0x1F))
        case 0xE0...0xEF: (length, value) = (3, UInt32(lead & 0x0F))
        case 0xF0...0xF4: (length, value) = (4, UInt32(lead & 0x07))
        default: return nil
        }
        guard index + length <= bytes.count else { return nil }
        for offset in 1..<max(length, 1) {
            let byte = bytes[index + offset]
            guard byte & 0xC0 == 0x80 else { return nil }
            value = value << 6 | UInt32(byte & 0x3F)
        }
        // Overlong forms; surrogates and values above U+10FFFF are refused by the initialiser below.
        if length == 3, value < 0x800 { return nil }
        if length == 4, value < 0x10000 { return nil }
        self.init(value)
    }
}
