/// Cuts a text into tokens, by the lexical grammar of
/// https://spec.graphql.org/September2025/#sec-Language.Source-Text.
///
/// Works on UTF-8 bytes and reads each of them once. Comments, commas, white space and byte order marks are skipped.
public struct Lexer: Sendable {
    public let bytes: [UInt8]
    private var position = 0

    public init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    public init(_ text: String) {
        self.init(Array(text.utf8))
    }

    /// The next token; at the end of the text, and forever after, `endOfFile`.
    public mutating func next() throws(SyntaxError) -> Token {
        let start = position
        let token = try bytes.withUnsafeBufferPointer { (buffer) throws(SyntaxError) in
            var scanner = try Scanner(buffer, from: start)
            return try scanner.next()
        }
        position = Int(token.end)
        return token
    }
}
