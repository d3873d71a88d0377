import Testing

@testable import GraphQLSchema

@Suite struct KnownArgumentNamesOnDirectivesRuleTests {
    @Test func `arguments of known directives are known`() throws {
        #expect(
            try found(
                by: .knownArgumentNamesOnDirectives,
                in: """
                    type A @d(limit: 1, limt: 2, other: 3) @unknown(x: 1) { a: A @deprecated(reasn: "") }
                    directive @d(limit: Int) on OBJECT
                    """
            ) == [
                "1:21 Unknown argument \"limt\" on directive \"@d\". Did you mean \"limit\"?",
                "1:30 Unknown argument \"other\" on directive \"@d\".",
                "1:74 Unknown argument \"reasn\" on directive \"@deprecated\". Did you mean \"reason\"?",
            ]
        )
    }

    @Test func `an own definition counts before the built-in one`() throws {
        let text = "type A { a: A @deprecated(why: \"\") } directive @deprecated(why: String) on FIELD_DEFINITION"
        #expect(try found(by: .knownArgumentNamesOnDirectives, in: text) == [])
    }
}
