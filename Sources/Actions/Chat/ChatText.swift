/// Which texts the things of chat have.
enum ChatText {
    /// Also the text as it is kept.
    static func line(
        _ text: String,
        _ length: ClosedRange<Int>,
        _ path: [String],
        _ faults: inout [ChatFault]
    ) -> String {
        kept(text, length, path, &faults, unless: VisibleText.isLine, "Use visible characters in one line.")
    }

    /// Several lines.
    static func text(
        _ text: String,
        _ length: ClosedRange<Int>,
        _ path: [String],
        _ faults: inout [ChatFault]
    ) -> String {
        kept(text, length, path, &faults, unless: VisibleText.isText, "Use visible characters.")
    }

    private static func kept(
        _ text: String,
        _ length: ClosedRange<Int>,
        _ path: [String],
        _ faults: inout [ChatFault],
        unless isGood: (String) -> Bool,
        _ complaint: String
    ) -> String {
        let trimmed = VisibleText.trimmed(text)
        if !length.contains(trimmed.unicodeScalars.count) {
            let message = "Give it from \(length.lowerBound) to \(length.upperBound) characters."
            faults.append(ChatFault(.invalidInput, path, message))
        } else if !isGood(trimmed) {
            faults.append(ChatFault(.invalidInput, path, complaint))
        }
        return trimmed
    }

    /// Lower case letters, digits and single dashes between them.
    static func isChannelName(_ name: String) -> Bool {
        let parts = name.split(separator: "-", omittingEmptySubsequences: false)
        return (1...60).contains(name.utf8.count)
            && parts.allSatisfy { part in
                !part.isEmpty && part.utf8.allSatisfy { (0x61...0x7a).contains($0) || (0x30...0x39).contains($0) }
            }
    }

    /// A name made to stand in an address; `ending` tells it from others that are alike.
    static func slug(of name: String, ending: String) -> String {
        var slug = ""
        for byte in name.lowercased().utf8.prefix(48) {
            if (0x61...0x7a).contains(byte) || (0x30...0x39).contains(byte) {
                slug.unicodeScalars.append(Unicode.Scalar(byte))
            } else if !slug.isEmpty, !slug.hasSuffix("-") {
                slug.append("-")
            }
        }
        if slug.hasSuffix("-") { slug.removeLast() }
        return slug.isEmpty ? "group-\(ending)" : "\(slug)-\(ending)"
    }

    /// One emoji as people see it, whatever it is made of. Such a text holds nothing that JSON would quote.
    static func isEmoji(_ text: String) -> Bool {
        guard text.count == 1, text.utf8.count <= 64 else { return false }
        let scalars = text.unicodeScalars
        let isPicture =
            scalars.contains { $0.properties.isEmojiPresentation }
            || (scalars.contains { $0 == "\u{fe0f}" } && scalars.contains { $0.properties.isEmoji })
        return isPicture && !scalars.contains { $0.properties.generalCategory == .control }
    }
}
