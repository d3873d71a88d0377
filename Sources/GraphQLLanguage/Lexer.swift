/// Cuts a text into tokens, by the lexical grammar of
/// https://spec.graphql.org/September2025/#sec-Language.Source-Text.
///
/// Works on UTF-8 bytes and reads each of them once. Comments, commas, white space and byte order marks are skipped.
public struct Lexer: Sendable {
    public let bytes: [UInt8]
    private var position = 0

    public init(_ bytes: [UInt8]) throws(SyntaxError) {
        // Tokens hold offsets of 32 bits.
        guard bytes.count <= ParserLimits.mostBytes else {
            throw SyntaxError(tooLarge: bytes, most: ParserLimits.mostBytes)
        }
        self.bytes = bytes
    }

    public init(_ text: String) throws(SyntaxError) {
        try self.init(Array(text.utf8))
    }

    /// The next token; at the end of the text, and forever after, `endOfFile`.
    @inline(__always)
    public mutating func next() throws(SyntaxError) -> Token {
        let count = bytes.count
        var index = position
        while index < count {
            let byte = bytes[index]
            switch byte {
            case UInt8(ascii: " "), UInt8(ascii: "\n"), UInt8(ascii: ","), UInt8(ascii: "\t"), UInt8(ascii: "\r"):
                index += 1
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"):
                var end = index + 1
                while end < count, bytes[end].isNameContinue { end += 1 }
                return token(.name, index, end)
            case UInt8(ascii: "{"): return token(.braceLeft, index, index + 1)
            case UInt8(ascii: "}"): return token(.braceRight, index, index + 1)
            case UInt8(ascii: ":"): return token(.colon, index, index + 1)
            case UInt8(ascii: "("): return token(.parenLeft, index, index + 1)
            case UInt8(ascii: ")"): return token(.parenRight, index, index + 1)
            case UInt8(ascii: "$"): return token(.dollar, index, index + 1)
            case UInt8(ascii: "!"): return token(.bang, index, index + 1)
            case UInt8(ascii: "["): return token(.bracketLeft, index, index + 1)
            case UInt8(ascii: "]"): return token(.bracketRight, index, index + 1)
            case UInt8(ascii: "@"): return token(.at, index, index + 1)
            case UInt8(ascii: "="): return token(.equals, index, index + 1)
            case UInt8(ascii: "|"): return token(.pipe, index, index + 1)
            case UInt8(ascii: "&"): return token(.ampersand, index, index + 1)
            case UInt8(ascii: "."):
                guard index + 2 < count, bytes[index + 1] == byte, bytes[index + 2] == byte else {
                    throw unexpectedCharacter(at: index)
                }
                return token(.spread, index, index + 3)
            case UInt8(ascii: "\""):
                return isTripleQuote(at: index) ? try blockString(from: index) : try string(from: index)
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"):
                return try number(from: index)
            case UInt8(ascii: "#"):
                index = try endOfComment(from: index + 1)
            case 0xEF where index + 2 < count && bytes[index + 1] == 0xBB && bytes[index + 2] == 0xBF:
                index += 3  // a byte order mark
            default:
                throw unexpectedCharacter(at: index)
            }
        }
        return token(.endOfFile, count, count)
    }

    @inline(__always)
    private mutating func token(_ kind: Token.Kind, _ start: Int, _ end: Int, hasEscapes: Bool = false) -> Token {
        position = end
        return Token(kind, start, end, hasEscapes: hasEscapes)
    }

    private func endOfComment(from start: Int) throws(SyntaxError) -> Int {
        var index = start
        while index < bytes.count {
            let byte = bytes[index]
            if byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") { break }
            index += byte < 0x80 ? 1 : try scalarLength(at: index, within: "")
        }
        return index
    }

    // MARK: Numbers

    private mutating func number(from start: Int) throws(SyntaxError) -> Token {
        var index = start
        var isFloat = false
        if byte(at: index) == UInt8(ascii: "-") { index += 1 }
        if byte(at: index) == UInt8(ascii: "0") {
            index += 1
            if byte(at: index).isDigit {
                throw error("Invalid number, unexpected digit after 0: \(characterDescription(at: index)).", at: index)
            }
        } else {
            index = try endOfDigits(from: index)
        }
        if byte(at: index) == UInt8(ascii: ".") {
            isFloat = true
            index = try endOfDigits(from: index + 1)
        }
        if byte(at: index) | 0x20 == UInt8(ascii: "e") {
            isFloat = true
            index += 1
            if byte(at: index) == UInt8(ascii: "+") || byte(at: index) == UInt8(ascii: "-") { index += 1 }
            index = try endOfDigits(from: index)
        }
        // A number directly followed by a name or a dot is more likely a slip than two tokens.
        if byte(at: index) == UInt8(ascii: ".") || byte(at: index).isNameStart {
            throw expectedDigit(at: index)
        }
        return token(isFloat ? .float : .int, start, index)
    }

    private func endOfDigits(from start: Int) throws(SyntaxError) -> Int {
        guard byte(at: start).isDigit else { throw expectedDigit(at: start) }
        var index = start + 1
        while byte(at: index).isDigit { index += 1 }
        return index
    }

    /// The byte at an index, or a byte that belongs to no token behind the end of the text.
    @inline(__always)
    private func byte(at index: Int) -> UInt8 {
        index < bytes.count ? bytes[index] : 0
    }

    // MARK: Strings

    private mutating func string(from start: Int) throws(SyntaxError) -> Token {
        var index = start + 1
        var hasEscapes = false
        while index < bytes.count {
            let byte = bytes[index]
            switch byte {
            case UInt8(ascii: "\""):
                return token(.string, start, index + 1, hasEscapes: hasEscapes)
            case UInt8(ascii: "\\"):
                hasEscapes = true
                index += try EscapeSequence(in: bytes, at: index).length
            case UInt8(ascii: "\n"), UInt8(ascii: "\r"):
                throw error("Unterminated string.", at: index)
            case 0..<0x80:
                index += 1
            default:
                index += try scalarLength(at: index, within: " within String")
            }
        }
        throw error("Unterminated string.", at: index)
    }

    private mutating func blockString(from start: Int) throws(SyntaxError) -> Token {
        var index = start + 3
        var hasEscapes = false
        while index < bytes.count {
            let byte = bytes[index]
            if byte == UInt8(ascii: "\""), isTripleQuote(at: index) {
                return token(.blockString, start, index + 3, hasEscapes: hasEscapes)
            }
            if byte == UInt8(ascii: "\\"), isTripleQuote(at: index + 1) {
                hasEscapes = true
                index += 4
            } else if byte < 0x80 {
                index += 1
            } else {
                index += try scalarLength(at: index, within: " within String")
            }
        }
        throw error("Unterminated string.", at: index)
    }

    private func isTripleQuote(at index: Int) -> Bool {
        let quote = UInt8(ascii: "\"")
        return index + 2 < bytes.count && bytes[index] == quote && bytes[index + 1] == quote
            && bytes[index + 2] == quote
    }

    /// The length of the UTF-8 sequence at an index whose byte is not ASCII.
    private func scalarLength(at index: Int, within place: StaticString) throws(SyntaxError) -> Int {
        if let length = bytes.sequenceLength(at: index) { return length }
        throw error("Invalid character\(place): \(characterDescription(at: index)).", at: index)
    }

    // MARK: Errors

    @inline(never)
    private func error(_ reason: String, at offset: Int) -> SyntaxError {
        SyntaxError(reason, at: offset, in: bytes)
    }

    @inline(never)
    private func expectedDigit(at index: Int) -> SyntaxError {
        error("Invalid number, expected digit but got: \(characterDescription(at: index)).", at: index)
    }

    @inline(never)
    private func unexpectedCharacter(at index: Int) -> SyntaxError {
        if bytes[index] == UInt8(ascii: "'") {
            return error(
                "Unexpected single quote character ('), did you mean to use a double quote (\")?",
                at: index
            )
        }
        let kind = bytes.sequenceLength(at: index) == nil ? "Invalid" : "Unexpected"
        return error("\(kind) character: \(characterDescription(at: index)).", at: index)
    }

    private func characterDescription(at index: Int) -> String {
        bytes.characterDescription(at: index)
    }
}

extension [UInt8] {
    /// The character at an index as messages show it: printable ASCII in quotes, all else by its code point.
    func characterDescription(at index: Int) -> String {
        guard index < count else { return "<EOF>" }
        guard let length = sequenceLength(at: index),
            let scalar = String(decoding: self[index..<index + length], as: UTF8.self).unicodeScalars.first
        else { return "byte 0x" + String(self[index], radix: 16, uppercase: true) }
        if scalar == "\"" { return "'\"'" }
        if (0x20...0x7E).contains(scalar.value) { return "\"\(scalar)\"" }
        let hex = String(scalar.value, radix: 16, uppercase: true)
        return "U+" + String(repeating: "0", count: Swift.max(0, 4 - hex.count)) + hex
    }
}

extension UInt8 {
    @inline(__always) var isDigit: Bool { self &- UInt8(ascii: "0") < 10 }
    @inline(__always) var isLetter: Bool { (self | 0x20) &- UInt8(ascii: "a") < 26 }
    @inline(__always) var isNameStart: Bool { isLetter || self == UInt8(ascii: "_") }
    @inline(__always) var isNameContinue: Bool { isLetter || isDigit || self == UInt8(ascii: "_") }
}
