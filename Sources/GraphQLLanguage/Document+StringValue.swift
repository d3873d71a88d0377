extension Document {
    /// The value of a string literal or description: escapes resolved, block strings without their indentation.
    public func stringValue(of index: Index) -> String {
        let node = nodes[index]
        return Self.stringValue(
            of: textRange(of: index),
            in: bytes,
            isBlock: node.flags.contains(.block),
            hasEscapes: node.flags.contains(.escapes)
        )
    }

    static func stringValue(of token: Range<Int>, in bytes: [UInt8], isBlock: Bool, hasEscapes: Bool) -> String {
        if isBlock {
            return blockStringValue(bytes[(token.lowerBound + 3)..<(token.upperBound - 3)], hasEscapes: hasEscapes)
        }
        let content = (token.lowerBound + 1)..<(token.upperBound - 1)
        guard hasEscapes else { return String(decoding: bytes[content], as: UTF8.self) }
        var value = String.UnicodeScalarView()
        var index = content.lowerBound
        while index < content.upperBound {
            // The lexer has accepted the token: neither an escape nor a sequence of bytes can be malformed here.
            if bytes[index] == UInt8(ascii: "\\"), let escape = try? EscapeSequence(in: bytes, at: index) {
                value.append(escape.scalar)
                index += escape.length
            } else {
                let scalar = UnicodeScalar(utf8: bytes, at: index) ?? "\u{FFFD}"
                value.append(scalar)
                index += UTF8.width(scalar)
            }
        }
        return String(value)
    }

    /// https://spec.graphql.org/September2025/#BlockStringValue()
    static func blockStringValue(_ raw: ArraySlice<UInt8>, hasEscapes: Bool) -> String {
        let lines = splitLines(raw)
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
        guard let firstNonEmpty else { return "" }
        var value: [UInt8] = []
        value.reserveCapacity(raw.count)
        for number in firstNonEmpty...lastNonEmpty {
            if number > firstNonEmpty { value.append(UInt8(ascii: "\n")) }
            let line = number == 0 ? lines[number] : lines[number].dropFirst(commonIndent)
            if hasEscapes { appendUnescapingTripleQuotes(line, to: &value) } else { value.append(contentsOf: line) }
        }
        return String(decoding: value, as: UTF8.self)
    }

    private static func splitLines(_ raw: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
        var lines: [ArraySlice<UInt8>] = []
        var lineStart = raw.startIndex
        var index = raw.startIndex
        while index < raw.endIndex {
            let byte = raw[index]
            index += 1
            guard byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") else { continue }
            lines.append(raw[lineStart..<(index - 1)])
            if byte == UInt8(ascii: "\r"), index < raw.endIndex, raw[index] == UInt8(ascii: "\n") { index += 1 }
            lineStart = index
        }
        lines.append(raw[lineStart...])
        return lines
    }

    private static func appendUnescapingTripleQuotes(_ line: ArraySlice<UInt8>, to value: inout [UInt8]) {
        let escaped: [UInt8] = Array(#"\""""#.utf8)
        var rest = line
        while !rest.isEmpty {
            if rest.starts(with: escaped) { rest = rest.dropFirst() }
            value.append(rest.removeFirst())
        }
    }
}
