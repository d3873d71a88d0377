/// Why a text is not GraphQL, in the words of graphql-js, and where.
public struct SyntaxError: Error, Hashable, Sendable {
    /// The whole message, with its prefix `Syntax Error: `.
    public let message: String
    /// The byte offset the message is about.
    public let offset: Int
    public let location: SourceLocation

    init(_ reason: String, at offset: Int, in bytes: Scanner.Bytes) {
        self.message = "Syntax Error: " + reason
        self.offset = offset
        self.location = SourceLocation(offset: offset, in: bytes)
    }
}
