import GraphQLLanguage
import Testing

@Suite struct LexerTests {
    private func tokens(_ bytes: [UInt8]) throws -> [String] {
        var lexer = try Lexer(bytes)
        var tokens: [String] = []
        while true {
            let token = try lexer.next()
            if token.kind == .endOfFile { return tokens }
            let value = token.value(in: bytes)
            tokens.append(value.isEmpty ? token.kind.description : "\(token.kind.description) \(value)")
        }
    }

    private func tokens(_ text: String) throws -> [String] { try tokens(Array(text.utf8)) }

    private func error(_ text: String) -> String? { error(Array(text.utf8)) }

    private func error(_ bytes: [UInt8]) -> String? { syntaxError { _ = try tokens(bytes) } }

    @Test func `every punctuator is a token`() throws {
        #expect(
            try tokens("! $ & ( ) ... : = @ [ ] { | }")
                == ["!", "$", "&", "(", ")", "...", ":", "=", "@", "[", "]", "{", "|", "}"]
        )
    }

    @Test(arguments: [" a ", "\ta\t", ",a,", "\r\na\n\r", "\u{FEFF}a", "#c\na", "# é😀\ra", "a#"])
    func `white space, commas, comments and byte order marks are skipped`(text: String) throws {
        #expect(try tokens(text) == ["Name a"])
    }

    @Test(arguments: ["0", "-0", "4", "-9", "1234567890123456789012345678901234567890"])
    func `integers keep their digits`(text: String) throws {
        #expect(try tokens(text) == ["Int \(text)"])
    }

    @Test(arguments: ["0.0", "-4.123", "1e5", "1E+5", "1.5e-50", "0e0", "-0.0E-0"])
    func `floats keep their digits`(text: String) throws {
        #expect(try tokens(text) == ["Float \(text)"])
    }

    @Test(arguments: [
        ("00", "Invalid number, unexpected digit after 0: \"0\". 1:2"),
        ("01", "Invalid number, unexpected digit after 0: \"1\". 1:2"),
        ("+1", "Unexpected character: \"+\". 1:1"),
        ("1.", "Invalid number, expected digit but got: <EOF>. 1:3"),
        ("1e", "Invalid number, expected digit but got: <EOF>. 1:3"),
        ("1.A", "Invalid number, expected digit but got: \"A\". 1:3"),
        ("-A", "Invalid number, expected digit but got: \"A\". 1:2"),
        ("1.2.3", "Invalid number, expected digit but got: \".\". 1:4"),
        ("1_a", "Invalid number, expected digit but got: \"_\". 1:2"),
        ("1.0é", "Unexpected character: U+00E9. 1:4"),
        ("-", "Invalid number, expected digit but got: <EOF>. 1:2"),
        ("1e\"", "Invalid number, expected digit but got: '\"'. 1:3"),
    ])
    func `malformed numbers are refused where they go wrong`(text: String, message: String) {
        #expect(error(text) == "Syntax Error: \(message)")
    }

    @Test(arguments: [
        ("\"\"", ""), ("\"simple\"", "simple"), ("\" white \"", " white "), (#""quote \"""#, "quote \""),
        (#""\b\f\n\r\t\/\\""#, "\u{08}\u{0C}\n\r\t/\\"), (#""\u00e9\u00E9""#, "éé"), (#""\u{1F600}""#, "😀"),
        (#""\uD83D\uDE00""#, "😀"), (#""\u{0}""#, "\u{0}"), (#""\u{10FFFF}""#, "\u{10FFFF}"), ("\"é😀\"", "é😀"),
        (#""\u{000000e9}""#, "é"), ("\"tab\tand nul\u{0}\"", "tab\tand nul\u{0}"),
    ])
    func `strings have their escapes resolved`(text: String, value: String) throws {
        var lexer = try Lexer(text)
        let token = try lexer.next()
        #expect(token.kind == .string)
        #expect(token.value(in: lexer.bytes) == value)
    }

    @Test(arguments: [
        ("\"", "Unterminated string. 1:2"),
        ("\"no end", "Unterminated string. 1:8"),
        ("\"multi\nline\"", "Unterminated string. 1:7"),
        ("\"multi\rline\"", "Unterminated string. 1:7"),
        ("\"\"\" no end \"\"", "Unterminated string. 1:14"),
        (#""\😀""#, "Invalid character escape sequence: \"\\😀\". 1:2"),
        (#""\z""#, "Invalid character escape sequence: \"\\z\". 1:2"),
        (#""\"#, "Invalid character escape sequence: \"\\\". 1:2"),
        (#""\u12""#, "Invalid Unicode escape sequence: \"\\u12\"\". 1:2"),
        (#""\uXXXX x""#, "Invalid Unicode escape sequence: \"\\uXXXX\". 1:2"),
        (#""\u{}""#, "Invalid Unicode escape sequence: \"\\u{}\". 1:2"),
        (#""\u{FXXX}""#, "Invalid Unicode escape sequence: \"\\u{FX\". 1:2"),
        (#""\u{FFFF"#, "Invalid Unicode escape sequence: \"\\u{FFFF\". 1:2"),
        (#""\u{110000}""#, "Invalid Unicode escape sequence: \"\\u{110000}\". 1:2"),
        (#""\u{FFFFFFFF}""#, "Invalid Unicode escape sequence: \"\\u{FFFFFFFF\". 1:2"),
        (#""\uD83D""#, "Invalid Unicode escape sequence: \"\\uD83D\". 1:2"),
        (#""\uDE00\uD83D""#, "Invalid Unicode escape sequence: \"\\uDE00\". 1:2"),
        (#""\u{D83D}\u{DE00}""#, "Invalid Unicode escape sequence: \"\\u{D83D}\". 1:2"),
        (#""\uD83D\u{DE00}""#, "Invalid Unicode escape sequence: \"\\uD83D\". 1:2"),
        (#""a\uD83D\"#, "Invalid Unicode escape sequence: \"\\uD83D\". 1:3"),
    ])
    func `malformed strings are refused where they go wrong`(text: String, message: String) {
        #expect(error(text) == "Syntax Error: \(message)")
    }

    @Test(arguments: [
        ("", ""), ("a", "a"), ("  a ", "  a "), ("\n  a\n    b\n  c\n", "a\n  b\nc"), ("\\\"\"\" \\ ", "\"\"\" \\ "),
        ("\r\n a\r b\n", "a\nb"), ("\n\n  \t\n", ""), ("a\n   b", "a\nb"), ("\n\ta\n  b", "a\n b"),
        (#"raw \n \u00e9"#, #"raw \n \u00e9"#), ("\n  é\n", "é"), ("\\\\\"\"\"", "\\\"\"\""),
    ])
    func `block strings lose their common indentation`(content: String, value: String) throws {
        var lexer = try Lexer("\"\"\"\(content)\"\"\"")
        let token = try lexer.next()
        #expect(token.kind == .blockString)
        #expect(token.value(in: lexer.bytes) == value)
    }

    @Test(arguments: [
        (".", "Unexpected character: \".\". 1:1"),
        ("..", "Unexpected character: \".\". 1:1"),
        ("?", "Unexpected character: \"?\". 1:1"),
        ("\u{0}", "Unexpected character: U+0000. 1:1"),
        ("\n\u{7F}", "Unexpected character: U+007F. 2:1"),
        ("é", "Unexpected character: U+00E9. 1:1"),
        ("\u{203B}", "Unexpected character: U+203B. 1:1"),
        ("  😀", "Unexpected character: U+1F600. 1:3"),
        ("'a'", "Unexpected single quote character ('), did you mean to use a double quote (\")? 1:1"),
        ("\u{A0}", "Unexpected character: U+00A0. 1:1"),
    ])
    func `characters outside the grammar are named`(text: String, message: String) {
        #expect(error(text) == "Syntax Error: \(message)")
    }

    /// Truncated, overlong, surrogate, too large, stray continuation.
    static let malformedSequences: [[UInt8]] = [
        [0x80], [0xBF], [0xC2], [0xC0, 0x80], [0xC1, 0xBF], [0xE0, 0x80, 0x80], [0xE2, 0x82], [0xED, 0xA0, 0x80],
        [0xEF, 0xBB], [0xF0, 0x80, 0x80, 0x80], [0xF0, 0x9F, 0x98], [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80],
        [0xFF], [0xFE],
    ]

    @Test(arguments: malformedSequences)
    func `malformed UTF-8 is refused wherever it stands`(sequence: [UInt8]) {
        let hex = String(sequence[0], radix: 16, uppercase: true)
        #expect(error(sequence) == "Syntax Error: Invalid character: byte 0x\(hex). 1:1")
        for (before, after) in [
            ("# ", "\n"), ("\"", "\""), ("\"\"\"", "\"\"\""), ("{ a ", "}"), ("1", ""), ("...", ""),
        ] {
            let message = error(Array(before.utf8) + sequence + Array(after.utf8))
            #expect(message?.hasPrefix("Syntax Error: Invalid character") == true)
            let cut = error(Array(before.utf8) + sequence)
            #expect(cut?.hasPrefix("Syntax Error: Invalid character") == true)
        }
    }

    @Test func `the end of the text is repeated`() throws {
        var lexer = try Lexer(" # nothing")
        for _ in 0..<3 {
            let token = try lexer.next()
            #expect(token.kind == .endOfFile && token.start == 10 && token.end == 10)
        }
    }
}
