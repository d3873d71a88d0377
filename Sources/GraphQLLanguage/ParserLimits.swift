/// What a text may cost before the parser gives up on it.
public struct ParserLimits: Sendable {
    /// Tokens, without the end of the text; nil for no limit.
    public var tokens: Int?
    /// Selection sets, lists, input objects and list types nested in each other.
    public var depth: Int
    public var bytes: Int

    public init(tokens: Int? = nil, depth: Int = 1_000, bytes: Int = 16 << 20) {
        self.tokens = tokens
        self.depth = depth
        self.bytes = min(bytes, Self.mostBytes)
    }

    /// Tokens and nodes hold offsets of 32 bits.
    static let mostBytes = Int(Int32.max)

    public static let standard = ParserLimits()
}
