/// Turns tokens into nodes by recursive descent, one function per rule of the grammar, in the order of
/// https://spec.graphql.org/September2025/#sec-Appendix-Grammar-Summary.
///
/// Every nesting rule counts its depth, so no text can exhaust the stack. Rules through which recursion goes are not
/// inlined into each other: each level would then reserve the stack of all of them, several kB instead of half of one.
struct Parser {
    private var lexer: Lexer
    private let limits: ParserLimits
    private var tokenCount = 0
    private var depth = 0
    private(set) var nodes: [Node] = []
    private(set) var token: Token

    init(_ bytes: [UInt8], limits: ParserLimits) throws(SyntaxError) {
        guard bytes.count <= limits.bytes else { throw SyntaxError(tooLarge: bytes, most: limits.bytes) }
        lexer = try Lexer(bytes)
        self.limits = limits
        token = Token(.endOfFile, 0, 0)
        // Texts have about one node for six bytes; short ones more.
        nodes.reserveCapacity(bytes.count / 6 + 16)
        try advance()
    }

    var bytes: [UInt8] { lexer.bytes }

    // MARK: Tokens

    mutating func advance() throws(SyntaxError) {
        token = try lexer.next()
        guard token.kind != .endOfFile else { return }
        tokenCount += 1
        if let limit = limits.tokens, tokenCount > limit {
            throw tooManyTokens(limit)
        }
    }

    @inline(__always)
    mutating func take(_ kind: Token.Kind) throws(SyntaxError) -> Bool {
        guard token.kind == kind else { return false }
        try advance()
        return true
    }

    @inline(__always)
    mutating func expect(_ kind: Token.Kind) throws(SyntaxError) {
        guard token.kind == kind else { throw expected(kind.quotedDescription) }
        try advance()
    }

    @inline(never)
    func isKeyword(_ keyword: StaticString) -> Bool {
        guard token.kind == .name, Int(token.end - token.start) == keyword.utf8CodeUnitCount else { return false }
        for offset in 0..<keyword.utf8CodeUnitCount
        where lexer.bytes[Int(token.start) + offset] != keyword.utf8Start[offset] {
            return false
        }
        return true
    }

    mutating func take(keyword: StaticString) throws(SyntaxError) -> Bool {
        guard isKeyword(keyword) else { return false }
        try advance()
        return true
    }

    mutating func expect(keyword: StaticString) throws(SyntaxError) {
        guard try take(keyword: keyword) else { throw expected("\"\(keyword)\"") }
    }

    // MARK: Nodes

    @inline(__always)
    mutating func open(_ kind: Node.Kind, flags: Node.Flags = []) -> Int {
        open(kind, flags: flags, start: token.start)
    }

    @inline(never)
    mutating func open(_ kind: Node.Kind, flags: Node.Flags = [], start: UInt32) -> Int {
        nodes.append(Node(kind: kind, flags: flags, start: start, textStart: start, textEnd: start, next: 0))
        return nodes.count - 1
    }

    @inline(__always)
    mutating func close(_ index: Int) {
        nodes[index].next = UInt32(truncatingIfNeeded: nodes.count)
    }

    /// Makes the current token, a name, the text of a node.
    @inline(__always)
    mutating func name(_ index: Int) throws(SyntaxError) {
        guard token.kind == .name else { throw expected(Token.Kind.name.quotedDescription) }
        nodes[index].textStart = token.start
        nodes[index].textEnd = token.end
        try advance()
    }

    /// A node that is the current token and nothing else.
    @inline(never)
    mutating func leaf(_ kind: Node.Kind, flags: Node.Flags = []) throws(SyntaxError) {
        nodes.append(
            Node(
                kind: kind,
                flags: flags,
                start: token.start,
                textStart: token.start,
                textEnd: token.end,
                next: UInt32(truncatingIfNeeded: nodes.count + 1)
            )
        )
        try advance()
    }

    /// Makes a name that was read before the text of a node.
    mutating func setText(_ index: Int, _ token: Token) {
        nodes[index].textStart = token.start
        nodes[index].textEnd = token.end
    }

    /// Decides what a node is that was opened before its keyword was read.
    @inline(never)
    mutating func become(_ index: Int, _ kind: Node.Kind, _ flags: Node.Flags = []) {
        let old = nodes[index]
        nodes[index] = Node(
            kind: kind,
            flags: flags,
            start: old.start,
            textStart: old.start,
            textEnd: old.start,
            next: 0
        )
    }

    mutating func mark(_ index: Int, _ flags: Node.Flags) {
        nodes[index].flags.formUnion(flags)
    }

    /// Runs a rule that may contain itself.
    @inline(__always)
    mutating func nested(_ rule: (inout Parser) throws(SyntaxError) -> Void) throws(SyntaxError) {
        depth += 1
        guard depth <= limits.depth else { throw tooDeep() }
        try rule(&self)
        depth -= 1
    }

    // MARK: Repetition

    /// `open rule+ close`
    @inline(__always)
    mutating func many(
        _ open: Token.Kind,
        _ close: Token.Kind,
        _ rule: (inout Parser) throws(SyntaxError) -> Void
    ) throws(SyntaxError) {
        try expect(open)
        repeat { try rule(&self) } while try !take(close)
    }

    /// `(open rule+ close)?`; says whether it was there.
    @discardableResult @inline(__always)
    mutating func optionalMany(
        _ open: Token.Kind,
        _ close: Token.Kind,
        _ rule: (inout Parser) throws(SyntaxError) -> Void
    ) throws(SyntaxError) -> Bool {
        guard token.kind == open else { return false }
        try many(open, close, rule)
        return true
    }

    /// `delimiter? rule (delimiter rule)*`
    mutating func delimited(
        by delimiter: Token.Kind,
        _ rule: (inout Parser) throws(SyntaxError) -> Void
    ) throws(SyntaxError) {
        _ = try take(delimiter)
        repeat { try rule(&self) } while try take(delimiter)
    }

    // MARK: Errors
    //
    // None of these is inlined: what they need of the stack would be reserved in every level of the recursion.

    @inline(never)
    func error(_ reason: String, at token: Token) -> SyntaxError {
        SyntaxError(reason, at: Int(token.start), in: lexer.bytes)
    }

    @inline(never)
    private func tooDeep() -> SyntaxError {
        SyntaxError(
            "Document nests deeper than \(limits.depth) levels. Parsing aborted.",
            at: Int(token.start),
            in: lexer.bytes,
            limit: .depth
        )
    }

    @inline(never)
    private func tooManyTokens(_ limit: Int) -> SyntaxError {
        SyntaxError(
            "Document contains more that \(limit) tokens. Parsing aborted.",
            at: Int(token.start),
            in: lexer.bytes,
            limit: .tokens
        )
    }

    @inline(never)
    func expected(_ what: String) -> SyntaxError {
        error("Expected \(what), found \(description(of: token)).", at: token)
    }

    @inline(never)
    func unexpected(_ token: Token) -> SyntaxError {
        error("Unexpected \(description(of: token)).", at: token)
    }

    @inline(never)
    func description(of token: Token) -> String {
        switch token.kind {
        case .name, .int, .float, .string, .blockString:
            "\(token.kind.description) \"\(token.value(in: lexer.bytes))\""
        default: token.kind.quotedDescription
        }
    }
}
