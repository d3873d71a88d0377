/// What of HTML may stay: elements that only shape text, and nothing that acts, loads, or takes names in a page.
enum HTMLPolicy {
    enum Rule {
        /// An address of a scheme that does nothing by itself.
        case link
        case text
        case number(ClosedRange<Int>)
        case word([String])
        /// `language-swift`: for highlighters.
        case codeLanguage
    }

    static let elements: [String: [String: Rule]] = [
        "a": ["href": .link, "title": .text],
        "abbr": ["title": .text],
        "b": [:], "blockquote": [:], "br": [:],
        "code": ["class": .codeLanguage],
        "dd": [:], "del": [:], "dl": [:], "dt": [:], "em": [:],
        "h1": [:], "h2": [:], "h3": [:], "h4": [:], "h5": [:], "h6": [:], "hr": [:],
        "i": [:], "ins": [:], "kbd": [:], "li": [:], "mark": [:],
        "ol": ["start": .number(0...999_999_999)],
        "p": [:], "pre": [:], "q": [:], "s": [:], "samp": [:], "small": [:], "strong": [:], "sub": [:], "sup": [:],
        "table": [:], "tbody": [:],
        "td": ["align": sides, "colspan": span, "rowspan": span],
        "th": ["align": sides, "colspan": span, "rowspan": span],
        "thead": [:], "tr": [:], "u": [:], "ul": [:], "var": [:],
    ]

    /// Elements whose content is no text for readers: they go with all that is in them. Of others the content stays.
    static let dropped: Set<String> = [
        "applet", "audio", "canvas", "embed", "frameset", "head", "iframe", "math", "noembed", "noframes", "noscript",
        "object", "option", "plaintext", "script", "select", "style", "svg", "template", "textarea", "title", "video",
        "xmp",
    ]

    /// Elements that have no content and no end.
    static let empty: Set<String> = ["br", "hr"]

    private static let sides = Rule.word(["left", "center", "right"])
    private static let span = Rule.number(1...100)
    private static let schemes: Set<String> = ["http", "https", "mailto"]

    /// The value as it may be written, or nil.
    static func allowed(_ value: String, _ rule: Rule) -> String? {
        switch rule {
        case .link: return link(value)
        case .text: return value
        case .number(let range):
            guard let number = Int(value), range.contains(number) else { return nil }
            return String(number)
        case .word(let words):
            let word = value.lowercased()
            return words.contains(word) ? word : nil
        case .codeLanguage:
            let isLanguage =
                value.hasPrefix("language-") && value.utf8.count <= 40 && value.utf8.allSatisfy(isLanguageByte)
            return isLanguage ? value : nil
        }
    }

    /// Browsers skip blanks and control characters in front of a scheme and inside it, so an address with any is none.
    private static func link(_ value: String) -> String? {
        let isClean = value.unicodeScalars.allSatisfy { $0.value > 0x20 && !(0x7f...0xa0).contains($0.value) }
        guard isClean, let colon = value.firstIndex(of: ":") else { return nil }
        let scheme = value[..<colon].lowercased()
        guard schemes.contains(scheme) else { return nil }
        let rest = value[value.index(after: colon)...]
        return scheme == "mailto" || (rest.hasPrefix("//") && rest.utf8.count > 2) ? value : nil
    }

    private static func isLanguageByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "#"),
            UInt8(ascii: "."), UInt8(ascii: "_"):
            true
        default: false
        }
    }
}
