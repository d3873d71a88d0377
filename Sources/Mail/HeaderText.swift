/// Text in the head of a mail: https://www.rfc-editor.org/rfc/rfc2047
enum HeaderText {
    /// One line of visible characters, of at most 200.
    static func line(_ text: String) -> String {
        let visible = text.unicodeScalars.map { scalar -> Unicode.Scalar in
            switch scalar.properties.generalCategory {
            case .control, .lineSeparator, .paragraphSeparator, .surrogate, .format: " "
            default: scalar
            }
        }
        let words = String(String.UnicodeScalarView(visible)).split(separator: " ")
        return String(words.joined(separator: " ").unicodeScalars.prefix(200).map(Character.init))
    }

    /// Encoded words that leave room for the name of a field in lines of 76 characters, folded over lines; never anything but ASCII without control characters.
    static func encoded(_ text: String) -> String {
        var words: [String] = []
        var bytes: [UInt8] = []
        func end() {
            if !bytes.isEmpty { words.append("=?UTF-8?B?" + Base64.encode(bytes) + "?=") }
            bytes = []
        }
        for scalar in line(text).unicodeScalars {
            let next = Array(String(scalar).utf8)
            // A character stays in one word.
            if bytes.count + next.count > 39 { end() }
            bytes += next
        }
        end()
        return words.joined(separator: "\r\n ")
    }
}

/// https://www.rfc-editor.org/rfc/rfc4648#section-4
enum Base64 {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    static func encode(_ bytes: [UInt8]) -> String { String(decoding: characters(bytes), as: UTF8.self) }

    /// In lines of 76 characters, as bodies of mails have them.
    static func lines(_ bytes: [UInt8]) -> [UInt8] {
        var text: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: 57) {
            text += characters(Array(bytes[start..<min(start + 57, bytes.count)]))
            text += [0x0d, 0x0a]
        }
        return text
    }

    private static func characters(_ bytes: [UInt8]) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count + 2) / 3 * 4)
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            let bits = group.enumerated().reduce(UInt32(0)) { $0 | UInt32($1.element) << (16 - 8 * $1.offset) }
            for index in 0..<4 {
                text.append(index <= group.count ? alphabet[Int(bits >> (18 - 6 * index) & 63)] : UInt8(ascii: "="))
            }
        }
        return text
    }
}
