/// How names of the schema are spelt in Swift.
enum SwiftNames {
    /// Words that cannot be a member's name without quotes.
    private static let keywords: Set<String> = [
        "as", "associatedtype", "break", "case", "catch", "class", "continue", "default", "defer", "deinit", "do",
        "else", "enum", "extension", "fallthrough", "false", "fileprivate", "for", "func", "guard", "if", "import",
        "in", "init", "inout", "internal", "is", "let", "nil", "operator", "precedencegroup", "private", "protocol",
        "public", "repeat", "rethrows", "return", "self", "Self", "static", "struct", "subscript", "super", "switch",
        "throw", "throws", "true", "try", "Type", "Protocol", "typealias", "var", "where", "while",
    ]

    static func member(_ name: String) -> String { keywords.contains(name) ? "`\(name)`" : name }

    /// `IN_REVIEW` is `inReview`; names that have lowercase letters only lose their first capital.
    static func enumCase(_ name: String) -> String {
        guard !name.utf8.contains(where: { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) }) else {
            return member(lowercasingFirst(name))
        }
        let words = name.split(separator: "_").map { $0.lowercased() }
        guard let first = words.first, !isDigit(first.utf8.first) else { return "_" + words.map(capitalized).joined() }
        return member(([first] + words.dropFirst().map(capitalized)).joined())
    }

    /// The case of a union for a type: `User` is `user`, `URLPreview` is `urlPreview`.
    static func unionCase(_ type: String) -> String { member(lowercasingFirst(type)) }

    static func capitalized(_ name: some StringProtocol) -> String { name.prefix(1).uppercased() + name.dropFirst() }

    private static func lowercasingFirst(_ name: String) -> String {
        let capitals = name.prefix { $0.isUppercase || $0.isNumber }
        // The last capital of several begins the next word.
        let length = capitals.count == name.count ? name.count : max(1, capitals.count - 1)
        return name.prefix(length).lowercased() + name.dropFirst(length)
    }

    private static func isDigit(_ byte: UInt8?) -> Bool {
        byte.map { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } ?? true
    }

    /// A string literal.
    static func literal(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": result += "\\\(scalar)"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\0"..."\u{1F}", "\u{7F}": result += "\\u{\(String(scalar.value, radix: 16))}"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
