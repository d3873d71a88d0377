/// How names of the schema are spelt in Swift.
enum SwiftNames {
    /// Words that cannot be a member's name without quotes.
    private static let keywords: Set<String> = [
        "Any", "as", "associatedtype", "await", "break", "case", "catch", "class", "continue", "default", "defer",
        "deinit", "do",
        "else", "enum", "extension", "fallthrough", "false", "fileprivate", "for", "func", "guard", "if", "import",
        "in", "inout", "internal", "is", "let", "nil", "operator", "precedencegroup", "private", "protocol",
        "public", "repeat", "rethrows", "return", "static", "struct", "subscript", "super", "switch",
        "throw", "throws", "true", "try", "typealias", "var", "where", "while",
    ]

    /// Words that mean something of their own behind a dot, quotes or not.
    private static let members: Set<String> = ["init", "Protocol", "self", "Self", "Type"]

    /// Words that mean something where Swift expects a type.
    private static let typeWords: Set<String> = [
        "any", "borrowing", "consuming", "each", "isolated", "nonisolated", "sending", "some",
    ]

    static func member(_ name: String) -> String {
        // GraphQL keeps names that begin so for itself: nothing else is called so.
        if members.contains(name) { return "__" + name }
        // In Swift a lone underscore is no name.
        if name == "_" { return "__" }
        return keywords.contains(name) ? "`\(name)`" : name
    }

    /// The name as the label of an argument, where most words need no quotes.
    static func label(_ name: String) -> String {
        keywords.contains(name) && name != "inout" ? name : member(name)
    }

    /// Whether a Swift type can have the name.
    static func canNameType(_ name: String) -> Bool {
        name != "_" && !keywords.contains(name) && !members.contains(name) && !typeWords.contains(name)
    }

    /// Whether a text is the name of a Swift type of the program: `PostRow`, `Posts.Row<Int>`, `[UInt8]`.
    static func isType(_ text: String) -> Bool {
        var depth = 0
        var last: Unicode.Scalar = " "
        for scalar in text.unicodeScalars {
            switch scalar {
            case "<", "[", "(": depth += 1
            case ">", "]", ")": depth -= 1
            case " " where last == "," || last == ":": break
            case "a"..."z", "A"..."Z", "0"..."9", "_", ".", ",", "?", ":", "`": break
            default: if scalar.isASCII { return false }
            }
            if depth < 0 { return false }
            last = scalar
        }
        return depth == 0 && !text.isEmpty
    }

    /// Whether a text names a module, or part of a name.
    static func isIdentifier(_ text: String) -> Bool {
        let isWord = text.unicodeScalars.allSatisfy {
            !$0.isASCII || $0 == "_" || $0.properties.isAlphabetic || isDigit($0)
        }
        return isWord && text.unicodeScalars.first.map { !isDigit($0) } ?? false
    }

    /// `IN_REVIEW` is `inReview`; names that have lowercase letters only lose their first capital.
    static func enumCase(_ name: String) -> String {
        guard !name.utf8.contains(where: { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) }) else {
            return member(lowercasingFirst(name))
        }
        let words = name.split(separator: "_").map { $0.lowercased() }
        guard let first = words.first else { return member("_") }
        guard let initial = first.unicodeScalars.first, !isDigit(initial) else {
            return "_" + words.map(capitalized).joined()
        }
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

    private static func isDigit(_ scalar: Unicode.Scalar) -> Bool { ("0"..."9").contains(scalar) }

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
