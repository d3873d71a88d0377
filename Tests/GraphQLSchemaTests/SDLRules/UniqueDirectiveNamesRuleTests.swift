import Testing

@testable import GraphQLSchema

@Suite struct UniqueDirectiveNamesRuleTests {
    @Test func `a built-in directive may be defined anew`() throws {
        #expect(try found(by: .uniqueDirectiveNames, in: "directive @skip on FIELD directive @d on FIELD") == [])
    }

    @Test func `a directive is defined once`() throws {
        #expect(
            try found(by: .uniqueDirectiveNames, in: "directive @d on FIELD\ndirective @d on QUERY") == [
                "1:12 2:12 There can be only one directive named \"@d\"."
            ]
        )
        #expect(
            try found(by: .uniqueDirectiveNames, in: "directive @skip on FIELD", extending: "type Query { a: Int }")
                == [
                    "1:12 Directive \"@skip\" already exists in the schema. It cannot be redefined."
                ]
        )
    }
}
