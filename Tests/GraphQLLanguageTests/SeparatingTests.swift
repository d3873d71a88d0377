import GraphQLLanguage
import Testing

@Suite struct SeparatingTests {
    private func separated(_ text: String) throws -> [String] {
        try Document(parsing: text).separatedOperations().map { operation in
            let definitions = operation.document.children(of: 0).map { operation.document.text(of: $0) }
            return operation.name + ": " + definitions.joined(separator: " ")
        }
    }

    @Test func `each operation takes the fragments it needs, in document order`() throws {
        #expect(
            try separated(
                """
                fragment C on T { ...A } query Q { ...A } fragment A on T { x { ... on T { ...B } } }
                query R { y } { ...C ...Unknown } fragment B on T { z }
                """
            ) == ["Q: Q A B", "R: R", ": C A  B"]
        )
    }

    @Test func `fragments that spread each other are taken once`() throws {
        #expect(
            try separated("query Q { ...A } fragment A on T { ...B ...A } fragment B on T { ...A }") == ["Q: Q A B"]
        )
    }

    @Test func `the nodes fit together again`() throws {
        let document = try Document(
            parsing: "fragment X on T { x } query A { a { ...F } } query B { b } fragment F on T { f }"
        )
        let separated = document.separatedOperations()
        #expect(separated[0].document.printed() == "query A {\n  a {\n    ...F\n  }\n}\n\nfragment F on T {\n  f\n}")
        #expect(separated[1].document.printed() == "query B {\n  b\n}")
        #expect(separated[0].document.location(of: 1) == SourceLocation(line: 1, column: 23))
    }

    @Test func `definitions of the type system and unused fragments are left out`() throws {
        #expect(try separated("type T { a: T } { a } fragment F on T { a }") == [": "])
        #expect(try separated("fragment F on T { a }") == [])
    }

    @Test func `a long chain of fragments is followed`() throws {
        let fragments = (0..<10_000).map { "fragment F\($0) on T { ...F\($0 + 1) }" }.joined(separator: " ")
        let separated = try Document(parsing: "{ ...F0 } " + fragments).separatedOperations()
        #expect(separated[0].document.children(of: 0).map { $0 }.count == 10_001)
    }
}
