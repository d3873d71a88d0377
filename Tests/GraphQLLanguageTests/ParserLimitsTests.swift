import GraphQLLanguage
import Testing

@Suite struct ParserLimitsTests {
    @Test func `tokens are counted without the end of the text`() throws {
        _ = try Document(parsing: "{ foo }", limits: ParserLimits(tokens: 3))
        #expect(
            syntaxError { _ = try Document(parsing: "{ foo }", limits: ParserLimits(tokens: 2)) }
                == "Syntax Error: Document contains more that 2 tokens. Parsing aborted. 1:7"
        )
    }

    @Test func `a text of too many bytes is not read at all`() throws {
        _ = try Document(parsing: "{a}", limits: ParserLimits(bytes: 3))
        #expect(
            syntaxError { _ = try Document(parsing: "{ a", limits: ParserLimits(bytes: 2)) }
                == "Syntax Error: Document is larger than 2 bytes. Parsing aborted. 1:1"
        )
    }

    private static func nested(_ open: String, _ close: String, _ depth: Int) -> String {
        String(repeating: open, count: depth) + "a" + String(repeating: close, count: depth)
    }

    @Test(arguments: [("[", "]"), ("{a:", "}")])
    func `values nest as deep as the limit and no deeper`(open: String, close: String) throws {
        _ = try Document(parsingValue: Self.nested(open, close, 1_000))
        let error = syntaxError { _ = try Document(parsingValue: Self.nested(open, close, 1_001)) }
        #expect(error?.hasPrefix("Syntax Error: Document nests deeper than 1000 levels. Parsing aborted.") == true)
    }

    @Test func `types nest as deep as the limit and no deeper`() throws {
        let document = try Document(parsingType: Self.nested("[", "]", 1_000))
        #expect(document.printed() == Self.nested("[", "]", 1_000))
        #expect(throws: SyntaxError.self) { try Document(parsingType: Self.nested("[", "]", 1_001)) }
    }

    @Test(arguments: [("{ a ", "}"), ("{ ...", "}"), ("{ ... on T", "}"), ("{ ... @d ", "}")])
    func `selections nest as deep as the limit and no deeper`(open: String, close: String) throws {
        let document = try Document(
            parsing: Self.nested(open, close, 999).replacing("a}", with: "{ a }}", maxReplacements: 1)
        )
        #expect(try Document(parsing: document.printed()).outline() == document.outline())
        #expect(throws: SyntaxError.self) { try Document(parsing: Self.nested(open, close, 1_002)) }
    }

    @Test(arguments: [
        "[", "{a:", "[{a:", "{", "{a", "{a{", "{...", "{...{", "(", "\"", "\"\"\"", "#", "@a", "{a(b:", "{a(b:[",
        "query(",
        "query($a:[", "type A implements B &", "union A = B |", "...", "\u{FEFF}", "-", "1", ".", "\\", "\"\\", "\"\\u",
        "\"\\u{", "type A{a(", "extend ", "directive@a on|", "\"d\" ", "schema{",
    ])
    func `no repetition of anything exhausts the parser`(piece: String) {
        let text = String(repeating: piece, count: 20_000)
        #expect(throws: SyntaxError.self) { try Document(parsing: text) }
        _ = try? Document(parsingValue: text)
        _ = try? Document(parsingType: text)
    }

    @Test func `wide documents are no trouble`() throws {
        let aliases = (0..<100_000).map { "a\($0): a" }.joined(separator: " ")
        #expect(try Document(parsing: "{\(aliases)}").nodes.count == 200_003)
        let fragments = (0..<10_000).map { "fragment F\($0) on T { ...F\($0 + 1) }" }.joined(separator: "\n")
        #expect(try Document(parsing: fragments).children(of: 0).map { $0 }.count == 10_000)
    }

    @Test(arguments: ["a", "é", "😀", "\\n", "\\\"\"\""])
    func `one token may be as long as the text`(piece: String) throws {
        let content = String(repeating: piece, count: 200_000 / piece.utf8.count)
        let document = try Document(parsing: "{ a(b: \"\"\"\(content)\"\"\") }")
        #expect(try Document(parsing: document.printed()).stringValue(of: 5) == document.stringValue(of: 5))
        if piece == "a" { _ = try Document(parsing: "{ \(content) }") }
        if piece != "\\\"\"\"" { _ = try Document(parsing: "{ a(b: \"\(content)\") }") }
    }
}
