/// Which texts people may write for others to read.
enum VisibleText {
    /// One line: control characters would break lines of logs and mails; those that turn the direction of text hide what
    /// it says.
    static func isLine(_ text: String) -> Bool { text.unicodeScalars.allSatisfy(isVisible) }

    /// Several lines.
    static func isText(_ text: String) -> Bool {
        text.unicodeScalars.allSatisfy { isVisible($0) || $0 == "\n" || $0 == "\t" || $0 == "\r" }
    }

    /// An address that others click: no scheme that could act, and nothing that ends an attribute.
    static func isLink(_ text: String) -> Bool {
        text.utf8.count <= 500 && (text.hasPrefix("https://") || text.hasPrefix("http://")) && text.utf8.count > 11
            && text.unicodeScalars.allSatisfy {
                $0.value > 0x20 && $0.value != 0x7f && !"\"'<>\\`".unicodeScalars.contains($0)
            }
            && isLine(text)
    }

    /// Without the space around it, and composed: as all that people write for others is kept.
    static func trimmed(_ text: String) -> String {
        let end = ComposedText.of(text).drop(while: \.isWhitespace)
        return String(end.reversed().drop(while: \.isWhitespace).reversed())
    }

    /// As PostgreSQL can keep it, whose text has no zero.
    static func withoutZeros(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.filter { $0.value != 0 }))
    }

    private static func isVisible(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: false
        case .format: scalar == "\u{200d}" || scalar == "\u{200c}"
        default: true
        }
    }
}
