extension [UInt8] {
    /// The length of the UTF-8 sequence that begins at an index; nil where there is no well-formed one: a stray, cut,
    /// overlong or surrogate sequence, or a code beyond U+10FFFF.
    func sequenceLength(at index: Int) -> Int? {
        let lead = self[index]
        if lead < 0x80 { return 1 }
        guard index + 1 < count else { return nil }
        let second = self[index + 1]
        let length: Int
        switch lead {
        case 0xC2...0xDF where 0x80...0xBF ~= second: return 2
        case 0xE0 where 0xA0...0xBF ~= second, 0xED where 0x80...0x9F ~= second: length = 3
        case 0xE1...0xEC where 0x80...0xBF ~= second, 0xEE...0xEF where 0x80...0xBF ~= second: length = 3
        case 0xF0 where 0x90...0xBF ~= second, 0xF4 where 0x80...0x8F ~= second: length = 4
        case 0xF1...0xF3 where 0x80...0xBF ~= second: length = 4
        default: return nil
        }
        guard index + length <= count, self[index + 2] & 0xC0 == 0x80 else { return nil }
        return length == 3 || self[index + 3] & 0xC0 == 0x80 ? length : nil
    }
}
