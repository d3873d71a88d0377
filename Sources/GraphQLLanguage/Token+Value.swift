extension Token {
    /// What the token stands for: the text of names and numbers, the value of strings, nothing for punctuators.
    public func value(in bytes: [UInt8]) -> String {
        switch kind {
        case .name, .int, .float: String(decoding: bytes[Int(start)..<Int(end)], as: UTF8.self)
        case .string, .blockString: String(decoding: stringValue(in: bytes), as: UTF8.self)
        default: ""
        }
    }

    /// The value of a string token as UTF-8.
    func stringValue(in bytes: [UInt8]) -> [UInt8] {
        if kind == .blockString {
            return blockStringValue(bytes[(Int(start) + 3)..<(Int(end) - 3)])
        }
        let content = (Int(start) + 1)..<(Int(end) - 1)
        return hasEscapes ? unescaped(content, in: bytes) : Array(bytes[content])
    }

    private func unescaped(_ content: Range<Int>, in bytes: [UInt8]) -> [UInt8] {
        var value: [UInt8] = []
        value.reserveCapacity(content.count)
        var index = content.lowerBound
        while index < content.upperBound {
            // The lexer has accepted the token: no escape sequence in it can be malformed.
            if bytes[index] == UInt8(ascii: "\\"), let escape = try? EscapeSequence(in: bytes, at: index) {
                value.append(contentsOf: UTF8.encode(escape.scalar) ?? UTF8.encodedReplacementCharacter)
                index += escape.length
            } else {
                value.append(bytes[index])
                index += 1
            }
        }
        return value
    }

    /// https://spec.graphql.org/September2025/#BlockStringValue()
    private func blockStringValue(_ raw: ArraySlice<UInt8>) -> [UInt8] {
        let lines = SourceLines(raw)
        var commonIndent = Int.max
        var firstNonEmpty: Int?
        var lastNonEmpty = -1
        for (number, line) in lines.enumerated() {
            let indent = line.prefix { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }.count
            if indent == line.count { continue }
            firstNonEmpty = firstNonEmpty ?? number
            lastNonEmpty = number
            if number > 0 { commonIndent = min(commonIndent, indent) }
        }
        guard let firstNonEmpty else { return [] }
        var value: [UInt8] = []
        value.reserveCapacity(raw.count)
        for (number, line) in lines.enumerated() where number >= firstNonEmpty && number <= lastNonEmpty {
            if number > firstNonEmpty { value.append(UInt8(ascii: "\n")) }
            let content = number == 0 ? line : line.dropFirst(commonIndent)
            if hasEscapes {
                appendUnescapingTripleQuotes(content, to: &value)
            } else {
                value.append(contentsOf: content)
            }
        }
        return value
    }

    private static let escapedTripleQuote = Array(#"\""""#.utf8)

    private func appendUnescapingTripleQuotes(_ line: ArraySlice<UInt8>, to value: inout [UInt8]) {
        var rest = line
        while !rest.isEmpty {
            if rest.starts(with: Self.escapedTripleQuote) {
                value.append(contentsOf: Self.escapedTripleQuote.dropFirst())
                rest = rest.dropFirst(Self.escapedTripleQuote.count)
            } else {
                value.append(rest.removeFirst())
            }
        }
    }
}

/// The lines of a text, without the LF, CR or CRLF that end them.
struct SourceLines: Sequence, IteratorProtocol {
    private var rest: ArraySlice<UInt8>?

    init(_ text: ArraySlice<UInt8>) {
        rest = text
    }

    mutating func next() -> ArraySlice<UInt8>? {
        guard let text = rest else { return nil }
        guard let end = text.firstIndex(where: { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }) else {
            rest = nil
            return text
        }
        var next = end + 1
        if text[end] == UInt8(ascii: "\r"), next < text.endIndex, text[next] == UInt8(ascii: "\n") { next += 1 }
        rest = text[next...]
        return text[..<end]
    }
}
