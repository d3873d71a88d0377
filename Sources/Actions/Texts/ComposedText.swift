// The standard library composes texts for its comparisons, and shows it by no other name. Foundation, which does, is imported
// nowhere.
@_spi(_Unicode) import Swift

/// Texts in the one form in which characters are kept that can be written in several (Unicode's NFC): what looks alike is found,
/// and is taken, however somebody's keyboard made it.
package enum ComposedText {
    package static func of(_ text: String) -> String {
        // As most are.
        if text.utf8.allSatisfy({ $0 < 0x80 }) { return text }
        var scalars = String.UnicodeScalarView()
        scalars.append(contentsOf: text._nfc)
        return String(scalars)
    }

    /// What is looked for. PostgreSQL's text has no zero.
    package static func sought(_ text: String) -> String { of(VisibleText.withoutZeros(text)) }
}
