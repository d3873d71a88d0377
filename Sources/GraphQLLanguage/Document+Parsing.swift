extension Document {
    /// Parses a whole document, executable or of the type system.
    public init(parsing bytes: [UInt8], limits: ParserLimits = .standard) throws(SyntaxError) {
        try self.init(bytes, limits) { (parser) throws(SyntaxError) in try parser.document() }
    }

    public init(parsing text: String, limits: ParserLimits = .standard) throws(SyntaxError) {
        try self.init(parsing: Array(text.utf8), limits: limits)
    }

    /// Parses a value on its own, such as `[1, $x]`; a constant one holds no variables.
    public init(
        parsingValue text: String,
        isConstant: Bool = false,
        limits: ParserLimits = .standard
    ) throws(SyntaxError) {
        try self.init(Array(text.utf8), limits) { (parser) throws(SyntaxError) in
            try parser.value(isConstant: isConstant)
        }
    }

    /// Parses a type reference on its own, such as `[Int!]!`.
    public init(parsingType text: String, limits: ParserLimits = .standard) throws(SyntaxError) {
        try self.init(Array(text.utf8), limits) { (parser) throws(SyntaxError) in try parser.type() }
    }

    private init(
        _ bytes: [UInt8],
        _ limits: ParserLimits,
        _ rule: (inout Parser) throws(SyntaxError) -> Void
    ) throws(SyntaxError) {
        var parser = try Parser(bytes, limits: limits)
        try rule(&parser)
        try parser.expect(.endOfFile)
        self.init(bytes: bytes, nodes: parser.nodes)
    }
}
