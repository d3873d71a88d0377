public import GraphQLLanguage

extension Schema {
    /// Builds a schema from a text, without holding it against any rule but those of the syntax.
    public init(unchecked sdl: String) throws(SyntaxError) {
        self.init(unchecked: [try Document(parsing: sdl, limits: .schema)])
    }

    /// Builds a schema from documents; each extends what those before it define.
    public init(unchecked documents: [Document]) {
        self = SchemaBuilder.build(documents)
    }
}

extension ParserLimits {
    /// Limits for the texts of schemas, which come from the developer.
    public static let schema = ParserLimits(depth: 1_000, bytes: 256 << 20)
}
