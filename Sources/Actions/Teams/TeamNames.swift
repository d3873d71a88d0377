import EventLoop

/// What a team is called, held against the rules.
enum TeamNames {
    static func faults(name: String?, slug: String?, description: String?) -> [TeamFault] {
        var faults: [TeamFault] = []
        if let name, !(2...80).contains(name.unicodeScalars.count) || !VisibleText.isLine(name) {
            faults.append(.invalid("name", "Must have from 2 to 80 characters, all of them visible."))
        }
        if let slug, !isSlug(slug) {
            let rule = "Must have from 3 to 40 lower-case letters, digits and dashes, and no dash at its ends."
            faults.append(.invalid("slug", rule))
        }
        if let description, description.unicodeScalars.count > 2_000 || !VisibleText.isText(description) {
            faults.append(.invalid("description", "Must have at most 2,000 characters."))
        }
        return faults
    }

    /// Of the letters and digits of a name, and some random ones.
    static func slug(from name: String, random: some Sequence<UInt8>) -> String {
        var slug = ""
        for scalar in name.lowercased().unicodeScalars {
            if isSlugPart(UInt8(exactly: scalar.value) ?? 0) {
                slug.unicodeScalars.append(scalar)
            } else {
                slug.append("-")
            }
        }
        let letters = slug.prefix(30).split(separator: "-").joined(separator: "-")
        let tail = Hexadecimal.text(random)
        return letters.isEmpty ? "team-\(tail)" : "\(letters)-\(tail)"
    }

    private static func isSlug(_ text: String) -> Bool {
        let utf8 = Array(text.utf8)
        let dash = UInt8(ascii: "-")
        return (3...40).contains(utf8.count) && utf8.first != dash && utf8.last != dash
            && utf8.allSatisfy { isSlugPart($0) || $0 == dash }
    }

    private static func isSlugPart(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
}
