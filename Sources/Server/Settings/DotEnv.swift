/// The lines of a `.env` file: `NAME=value`, with `#` before comments, and quotes around values that need them.
struct DotEnv {
    let values: [String: String]
    /// What is no such line, by its number.
    let problems: [String]

    init(_ text: String, file: String) {
        var values: [String: String] = [:]
        var problems: [String] = []
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let content = line.drop(while: \.isWhitespace)
            guard !content.isEmpty, content.first != "#" else { continue }
            if let (name, value) = DotEnv.parse(content) {
                values[name] = value
            } else {
                problems.append("\(file):\(index + 1) must be a line like NAME=value")
            }
        }
        self.values = values
        self.problems = problems
    }

    private static func parse(_ line: Substring) -> (String, String)? {
        let parts = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2 else { return nil }
        let name = parts[0].hasPrefix("export ") ? parts[0].dropFirst(7) : parts[0]
        guard let first = name.utf8.first, isNameStart(first), name.utf8.allSatisfy(isNamePart) else { return nil }
        guard let quote = parts[1].first, quote == "\"" || quote == "'" else {
            let value = parts[1].firstRange(of: " #").map { parts[1][..<$0.lowerBound] } ?? parts[1]
            return (String(name), trimmedEnd(value))
        }
        guard let value = quoted(parts[1].dropFirst(), quote) else { return nil }
        return (String(name), value)
    }

    /// In double quotes `\n`, `\"` and `\\` are escapes; nothing but a comment may follow the last quote.
    private static func quoted(_ text: Substring, _ quote: Character) -> String? {
        var value = ""
        var rest = text
        while let character = rest.popFirst() {
            if character == quote {
                let left = rest.drop(while: \.isWhitespace)
                return left.isEmpty || left.first == "#" ? value : nil
            }
            guard character == "\\", quote == "\"" else {
                value.append(character)
                continue
            }
            guard let escaped = rest.popFirst() else { return nil }
            value.append(escaped == "n" ? "\n" : escaped)
        }
        return nil
    }

    private static func trimmedEnd(_ text: Substring) -> String {
        var text = text
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }

    private static func isNameStart(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
            || byte == UInt8(ascii: "_")
    }

    private static func isNamePart(_ byte: UInt8) -> Bool {
        isNameStart(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
}
