/// String values as literals of the language, in the form of graphql-js.
public enum StringLiteral {
    /// In quotes, with escapes where they are needed.
    public static func quoted(_ value: String) -> String {
        var literal: [UInt8] = []
        literal.append(quoting: Array(value.utf8))
        return String(decoding: literal, as: UTF8.self)
    }

    /// As a block string, not indented.
    public static func block(_ value: String) -> String {
        var literal: [UInt8] = []
        literal.append(blockQuoting: Array(value.utf8))
        return String(decoding: literal, as: UTF8.self)
    }

    /// Whether a block string can hold the value: no control characters, no blank line first or last, and no
    /// indentation that all its lines share.
    public static func canBeBlock(_ value: String) -> Bool {
        if value.isEmpty { return true }
        guard value.utf8.allSatisfy({ $0 >= 0x10 || $0 == 0x09 || $0 == 0x0A }) else { return false }
        let lines = value.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        if lines[0].isBlank || lines[lines.count - 1].isBlank { return false }
        return lines.count == 1 || !lines.allSatisfy { $0.isBlank || $0.first?.isIndentation == true }
    }
}

extension Substring.UTF8View {
    fileprivate var isBlank: Bool { allSatisfy(\.isIndentation) }
}

extension [UInt8] {
    /// Appends a value as a string in quotes, with escapes where they are needed.
    mutating func append(quoting value: [UInt8]) {
        append(UInt8(ascii: "\""))
        var index = 0
        while index < value.count {
            let byte = value[index]
            index += 1
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): append(escape: byte)
            case 0x08: append(escape: UInt8(ascii: "b"))
            case 0x09: append(escape: UInt8(ascii: "t"))
            case 0x0A: append(escape: UInt8(ascii: "n"))
            case 0x0C: append(escape: UInt8(ascii: "f"))
            case 0x0D: append(escape: UInt8(ascii: "r"))
            case 0..<0x20, 0x7F: append(escapingControl: byte)
            // U+0080 to U+009F are C2 80 to C2 9F.
            case 0xC2 where index < value.count && value[index] < 0xA0:
                append(escapingControl: value[index])
                index += 1
            default: append(byte)
            }
        }
        append(UInt8(ascii: "\""))
    }

    private mutating func append(escape byte: UInt8) {
        append(UInt8(ascii: "\\"))
        append(byte)
    }

    private mutating func append(escapingControl code: UInt8) {
        let digits = Array("0123456789ABCDEF".utf8)
        append(contentsOf: "\\u00".utf8)
        append(digits[Int(code >> 4)])
        append(digits[Int(code & 15)])
    }

    /// Appends a value as a block string. The lines are not indented; a minimised one has no line end that its value
    /// does not need.
    mutating func append(blockQuoting value: [UInt8], minimized: Bool = false) {
        let quote = UInt8(ascii: "\"")
        let shape = BlockStringShape(value)
        let usesLines = !minimized && shape.readsBetterOnLines
        append(contentsOf: [quote, quote, quote])
        if shape.needsLeadingLineEnd || usesLines && !shape.wouldLoseLeadingSpace { append(UInt8(ascii: "\n")) }
        var quotes = 0
        for byte in value {
            append(byte)
            quotes = byte == quote ? quotes + 1 : 0
            if quotes == 3 {
                insert(UInt8(ascii: "\\"), at: count - 3)
                quotes = 0
            }
        }
        if usesLines || shape.needsTrailingLineEnd { append(UInt8(ascii: "\n")) }
        append(contentsOf: [quote, quote, quote])
    }
}

/// What the text of a block string must look like so that it is read back as its value.
private struct BlockStringShape {
    /// Every line but the first is indented: without a line end in front they would lose that.
    let needsLeadingLineEnd: Bool
    /// The value ends with a quote or a backslash, which would run into the closing quotes.
    let needsTrailingLineEnd: Bool
    /// One line that begins with white space keeps it only right behind the quotes.
    let wouldLoseLeadingSpace: Bool
    let readsBetterOnLines: Bool

    init(_ value: [UInt8]) {
        var isSingleLine = true
        var allIndented = true
        for index in value.indices where value[index] == UInt8(ascii: "\n") {
            isSingleLine = false
            let next = index + 1
            if next < value.count, value[next] != UInt8(ascii: "\n"), !value[next].isIndentation {
                allIndented = false
            }
        }
        let quote = UInt8(ascii: "\"")
        // Three quotes are escaped as one; the escape stands in the text, not the backslash alone.
        let trailingQuotes = value.reversed().prefix { $0 == quote }.count
        let endsWithTriple = trailingQuotes > 0 && trailingQuotes % 3 == 0
        needsLeadingLineEnd = !isSingleLine && allIndented
        needsTrailingLineEnd = trailingQuotes % 3 != 0 || value.last == UInt8(ascii: "\\")
        wouldLoseLeadingSpace = isSingleLine && value.first?.isIndentation == true
        let length = value.reduce(0) { $0 + $1.utf16Length }
        readsBetterOnLines =
            !isSingleLine || length > 70 || needsTrailingLineEnd || needsLeadingLineEnd || endsWithTriple
    }
}

extension UInt8 {
    fileprivate var isIndentation: Bool { self == UInt8(ascii: " ") || self == UInt8(ascii: "\t") }

    /// How many UTF-16 code units a scalar adds, counted at the first byte of its UTF-8 sequence.
    var utf16Length: Int {
        if self & 0xC0 == 0x80 { return 0 }
        return self >= 0xF0 ? 2 : 1
    }
}
