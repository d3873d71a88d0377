import GraphQLLanguage
import Testing

@Suite struct PrinterTests {
    private func printed(_ text: String) throws -> String {
        let document = try Document(parsing: text)
        let printed = document.printed()
        let again = try Document(parsing: printed)
        #expect(again.printed() == printed, "printing is stable")
        return printed
    }

    @Test(arguments: [
        ("query{a}", "{\n  a\n}"),
        ("query Q{a}", "query Q {\n  a\n}"),
        ("query@d{a}", "query @d {\n  a\n}"),
        ("query($v:Int=1@d,$w:[Int!]!){a}", "query ($v: Int = 1 @d, $w: [Int!]!) {\n  a\n}"),
        ("subscription{a}", "subscription {\n  a\n}"),
        ("mutation M@d(x:1){a b}", "mutation M @d(x: 1) {\n  a\n  b\n}"),
        (
            "{a:b(c:$d,e:[1 2],f:{g:H i:\"j\"})@k@l{m}}",
            "{\n  a: b(c: $d, e: [1, 2], f: {g: H, i: \"j\"}) @k @l {\n    m\n  }\n}"
        ),
        (
            "{...F@d ...on T@d{a}...@d{b}...{c}}",
            "{\n  ...F @d\n  ... on T @d {\n    a\n  }\n  ... @d {\n    b\n  }\n  ... {\n    c\n  }\n}"
        ),
        ("fragment F on T@d{a}{b}", "fragment F on T @d {\n  a\n}\n\n{\n  b\n}"),
    ])
    func `executable definitions are printed in the canonical form`(text: String, expected: String) throws {
        #expect(try printed(text) == expected)
    }

    @Test(arguments: [
        ("\"d\" query{a}", "\"d\"\nquery {\n  a\n}"),
        ("\"\"\"d\"\"\" fragment F on T{a}", "\"\"\"d\"\"\"\nfragment F on T {\n  a\n}"),
        ("query Q($a:Int,\"d\"$b:Int=2@x){a}", "query Q(\n$a: Int\n\"d\"\n$b: Int = 2 @x\n) {\n  a\n}"),
    ])
    func `descriptions of executable definitions stand above them`(text: String, expected: String) throws {
        #expect(try printed(text) == expected)
    }

    @Test(arguments: [
        ("\"s\"schema@a{query:Q mutation:M}", "\"s\"\nschema @a {\n  query: Q\n  mutation: M\n}"),
        ("extend schema@a", "extend schema @a"),
        ("scalar S@a", "scalar S @a"),
        ("type T", "type T"),
        (
            "type T implements&A&B@a{\"f\"f(x:Int=1@b,y:E):[T!]@c}",
            "type T implements A & B @a {\n  \"f\"\n  f(x: Int = 1 @b, y: E): [T!] @c\n}"
        ),
        ("type T{f(\"x\"x:Int y:Int):T}", "type T {\n  f(\n    \"x\"\n    x: Int\n    y: Int\n  ): T\n}"),
        ("extend interface I implements J", "extend interface I implements J"),
        ("union U@a=|A|B", "union U @a = A | B"),
        ("extend union U=A", "extend union U = A"),
        ("enum E@a{\"a\"A@b B}", "enum E @a {\n  \"a\"\n  A @b\n  B\n}"),
        ("input I@a{a:A={}b:B=[]}", "input I @a {\n  a: A = {}\n  b: B = []\n}"),
        ("extend input I{a:A}", "extend input I {\n  a: A\n}"),
        (
            "extend enum E@a extend scalar S@a extend type T@a",
            "extend enum E @a\n\nextend scalar S @a\n\nextend type T @a"
        ),
        ("directive@d(a:Int=1)repeatable on|FIELD|QUERY", "directive @d(a: Int = 1) repeatable on FIELD | QUERY"),
        ("directive@d(\"a\"a:Int)on FIELD", "directive @d(\n  \"a\"\n  a: Int\n) on FIELD"),
        ("\"\"type T{\"\"\"\"\"\"f:T}", "\"\"\ntype T {\n  \"\"\"\"\"\"\n  f: T\n}"),
    ])
    func `type system definitions are printed in the canonical form`(text: String, expected: String) throws {
        #expect(try printed(text) == expected)
    }

    @Test func `a query in the short form is not taken for the members of a type`() throws {
        #expect(try printed("enum E @a query { a }") == "enum E @a\n\nquery {\n  a\n}")
        #expect(try printed("enum E { A } query { a }") == "enum E {\n  A\n}\n\n{\n  a\n}")
        #expect(try printed("scalar S query { a }") == "scalar S\n\n{\n  a\n}")
    }

    @Test func `arguments stand on lines of their own beyond 80 columns`() throws {
        let value = String(repeating: "x", count: 66)
        #expect(try printed("{f(a:\"\(value)\",b:1)}") == "{\n  f(a: \"\(value)\", b: 1)\n}")
        #expect(try printed("{f(a:\"\(value)x\",b:1)}") == "{\n  f(\n    a: \"\(value)x\"\n    b: 1\n  )\n}")
    }

    @Test func `columns are UTF-16 code units from the field's own beginning`() throws {
        let faces = String(repeating: "😀", count: 33)
        #expect(try printed("{a{b{f(a:\"\(faces)\",b:1)}}}").contains("f(a: \"\(faces)\", b: 1)"))
        #expect(
            try printed("{a{b{f(a:\"\(faces)x\",b:1)}}}").contains(
                "f(\n        a: \"\(faces)x\"\n        b: 1\n      )"
            )
        )
        #expect(try printed("{a:f(a:\"\(faces)\",b:1)}").contains("a: f(\n    a: "))
    }

    @Test func `directives never break`() throws {
        let value = String(repeating: "x", count: 100)
        #expect(try printed("{f@d(a:\"\(value)\",b:1)}") == "{\n  f @d(a: \"\(value)\", b: 1)\n}")
    }

    @Test(arguments: [
        (#""""a""""#, #""""a""""#),
        (#""""""""#, #""""""""#),
        ("\"\"\"\n a\n b\"\"\"", "\"\"\"\na\nb\n\"\"\""),
        ("\"\"\"  a\"\"\"", "\"\"\"  a\"\"\""),
        ("\"\"\"a\\\"\"\" \"\"\"", "\"\"\"a\\\"\"\" \"\"\""),
        ("\"\"\"a\\\"\"\"\"\"\"", "\"\"\"\na\\\"\"\"\n\"\"\""),
        ("\"\"\"a\"\n\"\"\"", "\"\"\"\na\"\n\"\"\""),
        ("\"\"\"a\\\n\"\"\"", "\"\"\"\na\\\n\"\"\""),
        ("\"\"\"\n\n  a\n   b\n\n   c\n\n\"\"\"", "\"\"\"\na\n b\n\n c\n\"\"\""),
        ("\"\"\" a\\\n\"\"\"", "\"\"\" a\\\n\"\"\""),
    ])
    func `block strings are printed so that they are read back`(text: String, expected: String) throws {
        let document = try Document(parsingValue: text)
        #expect(document.printed() == expected)
        #expect(try Document(parsingValue: document.printed()).stringValue(of: 0) == document.stringValue(of: 0))
    }

    @Test func `long block strings stand on lines of their own`() throws {
        let short = String(repeating: "é", count: 70)
        #expect(try Document(parsingValue: "\"\"\"\(short)\"\"\"").printed() == "\"\"\"\(short)\"\"\"")
        #expect(try Document(parsingValue: "\"\"\"\(short)x\"\"\"").printed() == "\"\"\"\n\(short)x\n\"\"\"")
        #expect(try Document(parsingValue: "\"\"\" \(short)\"\"\"").printed() == "\"\"\" \(short)\n\"\"\"")
    }

    @Test func `block strings are indented with what surrounds them`() throws {
        #expect(
            try printed("type T{\"\"\"\na\n\n  b\n\"\"\"f(\"\"\"x\ny\"\"\"x:Int):T}")
                == """
                type T {
                  \"""
                  a
                  \("")
                    b
                  \"""
                  f(
                    \"""
                    x
                    y
                    \"""
                    x: Int
                  ): T
                }
                """
        )
    }

    @Test(arguments: [
        (#""\u0000\u001f\b\f\n\r\t\/\"\\""#, #""\u0000\u001F\b\f\n\r\t/\"\\""#),
        (#""\u007F\u0080\u009F\u00A0é😀""#, "\"\\u007F\\u0080\\u009F\u{A0}é😀\""),
        (#""\uD83D\uDE00\u{1F600}""#, "\"😀😀\""),
    ])
    func `quoted strings escape control characters only`(text: String, expected: String) throws {
        let document = try Document(parsingValue: text)
        #expect(document.printed() == expected)
        #expect(try Document(parsingValue: expected).stringValue(of: 0) == document.stringValue(of: 0))
    }

    @Test func `a part of a document can be printed alone`() throws {
        let document = try Document(parsing: "query Q($v: [Int] = [1]) @d(x: {a: 1}) { a { b } }")
        let parts = document.nodes.indices.map { document.printed($0) }
        #expect(parts[2] == "$v: [Int] = [1]")
        #expect(parts[4] == "[Int]")
        #expect(parts[8] == "@d(x: {a: 1})")
        #expect(parts[9] == "x: {a: 1}")
        #expect(parts[10] == "{a: 1}")
        #expect(parts[13] == "{\n  a {\n    b\n  }\n}")
    }
}
