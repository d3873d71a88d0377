/// Addresses of the web in text that people write.
enum WebAddress {
    /// The first one: from its scheme to a blank or quote, without what closes the sentence around it.
    static func first(in text: Substring) -> Substring? {
        var place = text.utf8.startIndex
        var before = UInt8(ascii: " ")
        while place < text.utf8.endIndex {
            let byte = text.utf8[place]
            if byte == UInt8(ascii: "h"), !isWordByte(before), let address = address(at: place, in: text) {
                return address
            }
            before = byte
            place = text.utf8.index(after: place)
        }
        return nil
    }

    private static func isWordByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), 0x80...:
            true
        default: false
        }
    }

    private static func address(at start: Substring.Index, in text: Substring) -> Substring? {
        let tail = text.utf8[start...]
        guard let scheme = ["https://", "http://"].first(where: { tail.starts(with: $0.utf8) }) else { return nil }
        let end = text.unicodeScalars[start...].firstIndex(where: isBreak) ?? text.endIndex
        let address = withoutEnding(text[start..<end])
        return address.utf8.count > scheme.utf8.count ? address : nil
    }

    private static func isBreak(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value <= 0x20 || (0x7f...0x9f).contains(scalar.value) || scalar == "<" || scalar == ">" || scalar == "\""
            || scalar == "`" || (!scalar.isASCII && scalar.properties.isWhitespace)
    }

    /// A bracket stays where it closes one of the address.
    private static func withoutEnding(_ text: Substring) -> Substring {
        var unclosed = text.utf8.count { $0 == UInt8(ascii: "(") } - text.utf8.count { $0 == UInt8(ascii: ")") }
        var address = text
        while let last = address.utf8.last {
            switch last {
            case UInt8(ascii: ")"):
                if unclosed >= 0 { return address }
                unclosed += 1
            case UInt8(ascii: "."), UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: ":"), UInt8(ascii: "!"),
                UInt8(ascii: "?"), UInt8(ascii: "'"), UInt8(ascii: "*"), UInt8(ascii: "_"), UInt8(ascii: "~"),
                UInt8(ascii: "]"):
                break
            default: return address
            }
            address = text[address.startIndex..<address.utf8.index(before: address.endIndex)]
        }
        return address
    }
}
