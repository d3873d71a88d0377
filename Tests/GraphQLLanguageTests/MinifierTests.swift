import GraphQLLanguage
import Testing

@Suite struct MinifierTests {
    @Test(arguments: [
        ("", ""), (" , # c\n\u{FEFF}", ""), ("{ a , b }", "{a b}"), ("a ...b", "a ...b"), ("... a", "...a"),
        ("1 ... 2", "1 ...2"), ("\"a\" \"b\"", "\"a\" \"b\""), ("a : 1", "a:1"), ("( $ a )", "($a)"),
        ("a(x:1) b", "a(x:1)b"),
        ("\"  \\u00e9 \"", "\"  \\u00e9 \""), ("\"\"\"\n  a\n    b\n\"\"\"", "\"\"\"\na\n  b\"\"\""),
        ("\"\"\"\n  a\n\n b\n\"\"\"", "\"\"\" a\n\nb\"\"\""), ("\"\"\"a\"\n\"\"\"", "\"\"\"a\"\n\"\"\""),
        ("\"\"\"a\\\"\"\"\"\"\"", "\"\"\"a\\\"\"\"\"\"\""), ("\"\"\"a\\\n\"\"\"", "\"\"\"a\\\n\"\"\""),
        ("\"\"\"\"\"\" \"\"\"x\"\"\"", "\"\"\"\"\"\" \"\"\"x\"\"\""),
        ("\"\"\"\na\n  b\n  \"\"\"", "\"\"\"\na\n  b\"\"\""),
        ("type T { f : T ! }", "type T{f:T!}"),
    ])
    func `only what the meaning needs is kept`(text: String, expected: String) throws {
        let minified = try Minifier.minify(text)
        #expect(minified == expected)
        #expect(try Minifier.minify(minified) == minified)
    }

    @Test func `the tree stays the same`() throws {
        let text = """
            # A query
            query Q($v: Int = 1, $w: [String!]! = ["a", \"""
              b
                c
            \"""]) @d { a: b(x: -1.5e3, y: {z: $v}) ... on T { c } ...F }
            """
        let minified = try Minifier.minify(text)
        #expect(try Document(parsing: minified).printed() == Document(parsing: text).printed())
        #expect(!minified.contains("#"))
    }

    @Test func `a text that has no tokens is refused`() {
        #expect(syntaxError { _ = try Minifier.minify("{ a ? }") } == "Syntax Error: Unexpected character: \"?\". 1:5")
    }
}
