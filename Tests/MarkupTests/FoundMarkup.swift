/// Reads HTML as strictly as nobody writes it, and tells what of it is more than shaped text. It shares nothing with the
/// policy it is used against.
enum FoundMarkup {
    private static let elements: Set<Substring> = [
        "a", "abbr", "b", "blockquote", "br", "code", "dd", "del", "dl", "dt", "em", "h1", "h2", "h3", "h4", "h5", "h6",
        "hr", "i", "ins", "kbd", "li", "mark", "ol", "p", "pre", "q", "s", "samp", "small", "strong", "sub", "sup",
        "table", "tbody", "td", "th", "thead", "tr", "u", "ul", "var",
    ]

    static func offence(in html: String) -> String? {
        var rest = Substring(html)
        while let start = rest.firstIndex(of: "<") {
            rest = rest[start...]
            guard let end = rest.firstIndex(of: ">") else { return "a tag without end: \(rest)" }
            let tag = rest[rest.index(after: start)..<end]
            if let offence = offence(inTag: tag) { return offence }
            rest = rest[html.index(after: end)...]
        }
        return nil
    }

    private static func offence(inTag tag: Substring) -> String? {
        if tag.first == "/" { return elements.contains(tag.dropFirst()) ? nil : "the end of \(tag)" }
        guard let match = tag.wholeMatch(of: #/([a-z0-9]+)((?: [a-z]+="[^"<>']*")*)/#) else { return "the tag \(tag)" }
        guard elements.contains(match.1) else { return "the element \(match.1)" }
        for attribute in match.2.matches(of: #/ ([a-z]+)="([^"]*)"/#) {
            switch attribute.1 {
            case "href" where attribute.2.starts(with: #/(?i:https?:\/\/|mailto:)/#): break
            case "rel", "title", "start", "align", "colspan", "rowspan", "class": break
            default: return "the attribute \(attribute.0)"
            }
        }
        return nil
    }
}
