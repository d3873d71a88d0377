/// A lexical token as a range of bytes; its value is read from the text only when someone asks.
@frozen public struct Token: Sendable {
    public enum Kind: UInt8, Sendable {
        case endOfFile
        case bang, dollar, ampersand, parenLeft, parenRight, spread, colon, equals, at
        case bracketLeft, bracketRight, braceLeft, pipe, braceRight
        case name, int, float, string, blockString
    }

    public let kind: Kind
    /// For strings: whether the text between the quotes holds an escape sequence.
    public let hasEscapes: Bool
    public let start: UInt32
    public let end: UInt32

    @inline(__always)
    init(_ kind: Kind, _ start: Int, _ end: Int, hasEscapes: Bool = false) {
        self.kind = kind
        self.hasEscapes = hasEscapes
        self.start = UInt32(truncatingIfNeeded: start)
        self.end = UInt32(truncatingIfNeeded: end)
    }
}

extension Token.Kind {
    /// The name graphql-js gives the kind.
    public var description: String {
        switch self {
        case .endOfFile: "<EOF>"
        case .bang: "!"
        case .dollar: "$"
        case .ampersand: "&"
        case .parenLeft: "("
        case .parenRight: ")"
        case .spread: "..."
        case .colon: ":"
        case .equals: "="
        case .at: "@"
        case .bracketLeft: "["
        case .bracketRight: "]"
        case .braceLeft: "{"
        case .pipe: "|"
        case .braceRight: "}"
        case .name: "Name"
        case .int: "Int"
        case .float: "Float"
        case .string: "String"
        case .blockString: "BlockString"
        }
    }

    public var isPunctuator: Bool {
        switch self {
        case .endOfFile, .name, .int, .float, .string, .blockString: false
        default: true
        }
    }

    /// The kind as error messages show it: punctuators in quotes.
    var quotedDescription: String {
        isPunctuator ? "\"\(description)\"" : description
    }
}
