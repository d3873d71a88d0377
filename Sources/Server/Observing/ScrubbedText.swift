/// A text of an error without what it may have of people: addresses, tokens, and what stands in quotes. Each step reads the text
/// once, whatever stands in it.
enum ScrubbedText {
    static let limit = 1_000
    private static let mark = Array("[redacted]".utf8)

    static func of(_ text: String) -> String {
        let isCut = text.utf8.count > 4 * limit
        var bytes = withoutQuotes(Array(text.utf8.prefix(4 * limit)), isCut: isCut)
        bytes = withoutParameters(bytes)
        // Addresses may have passwords, and tokens in their queries.
        bytes = redacted(bytes, outside: " \t\r\n\"'<>", from: startOfURL)
        bytes = redacted(bytes, outside: " \t\r\n<>()[]=,;:") { word in
            word.dropFirst().dropLast().contains(UInt8(ascii: "@")) ? word.startIndex : nil
        }
        var followsScheme = false
        bytes = redacted(bytes, outside: " \t\r\n,;") { word in
            defer {
                let end = String(decoding: word.suffix(6), as: UTF8.self).lowercased()
                followsScheme = end == "bearer" || end.hasSuffix("basic")
            }
            return followsScheme ? word.startIndex : nil
        }
        // Tokens, hashes and keys; no word is as long.
        bytes = redacted(bytes, where: isOfToken) { word in
            word.count >= 24 && word.contains(where: isDigit) ? word.startIndex : nil
        }
        return String(String(decoding: bytes, as: UTF8.self).prefix(limit))
    }

    /// What stands in quotes, with escaped ones in it. One that has no end had it behind the cut, or in a place that nobody knows.
    private static func withoutQuotes(_ text: [UInt8], isCut: Bool) -> [UInt8] {
        var (kept, index): ([UInt8], Int) = ([], 0)
        while index < text.count {
            let byte = text[index]
            guard byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") else {
                kept.append(byte)
                index += 1
                continue
            }
            let isInWord = byte == UInt8(ascii: "'") && index > 0 && isOfWord(text[index - 1])
            if let end = isInWord ? lastOfLine(text, index, isCut: isCut) : endOfQuote(text, index) {
                kept += mark
                index = end + 1
            } else if isCut || !isInWord {
                return kept + mark
            } else {
                // An apostrophe.
                kept.append(byte)
                index += 1
            }
        }
        return kept
    }

    /// Of an apostrophe within a word nobody knows whether it begins a quote: all to the last one of the line may be in quotes.
    private static func lastOfLine(_ text: [UInt8], _ start: Int, isCut: Bool) -> Int? {
        let rest = text[(start + 1)...]
        let end = rest.firstIndex(of: UInt8(ascii: "\n"))
        if end == nil, isCut { return nil }
        return rest[..<(end ?? text.count)].lastIndex(of: text[start])
    }

    /// Where the quote that begins at `start` ends. One that is escaped itself ends with the next that is.
    private static func endOfQuote(_ text: [UInt8], _ start: Int) -> Int? {
        let isEscaped = start > 0 && text[start - 1] == UInt8(ascii: "\\")
        var index = start + 1
        while index < text.count {
            if text[index] == text[start] { return index }
            // Single ones of two lines are no quotes.
            if text[start] == UInt8(ascii: "'"), text[index] == UInt8(ascii: "\n") { return nil }
            index += text[index] == UInt8(ascii: "\\") && !isEscaped ? 2 : 1
        }
        return nil
    }

    /// What stands in `=(…)`, as the database tells of rows.
    private static func withoutParameters(_ text: [UInt8]) -> [UInt8] {
        var (kept, index): ([UInt8], Int) = ([], 0)
        while index < text.count {
            kept.append(text[index])
            index += 1
            guard kept.last == UInt8(ascii: "("), kept.dropLast().last == UInt8(ascii: "=") else { continue }
            kept += mark
            index = text[index...].firstIndex(of: UInt8(ascii: ")")) ?? text.count
        }
        return kept
    }

    /// The scheme's first letter in a word with `://`.
    private static func startOfURL(_ word: ArraySlice<UInt8>) -> Int? {
        guard var start = word.indices.first(where: { word[$0...].starts(with: "://".utf8) }) else { return nil }
        let end = start
        while start > word.startIndex, isOfWord(word[start - 1]) || "+-.".utf8.contains(word[start - 1]) { start -= 1 }
        return start < end ? start : nil
    }

    private static func redacted(
        _ text: [UInt8],
        outside ends: String,
        from place: (ArraySlice<UInt8>) -> Int?
    ) -> [UInt8] {
        let ends = Array(ends.utf8)
        return redacted(text, where: { !ends.contains($0) }, from: place)
    }

    /// Each word from the place on that `place` tells, where it tells one.
    private static func redacted(
        _ text: [UInt8],
        where isOfWord: (UInt8) -> Bool,
        from place: (ArraySlice<UInt8>) -> Int?
    ) -> [UInt8] {
        var (kept, index): ([UInt8], Int) = ([], 0)
        while index < text.count {
            let end = text[index...].firstIndex { !isOfWord($0) } ?? text.count
            if end > index {
                let word = text[index..<end]
                let start = place(word)
                kept += word[..<(start ?? end)]
                if start != nil { kept += mark }
            }
            if end < text.count { kept.append(text[end]) }
            index = end + 1
        }
        return kept
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

    private static func isOfWord(_ byte: UInt8) -> Bool {
        let letter = byte | 0x20
        return isDigit(byte) || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(letter)
    }

    private static func isOfToken(_ byte: UInt8) -> Bool { isOfWord(byte) || "+/_-.~%".utf8.contains(byte) }
}
