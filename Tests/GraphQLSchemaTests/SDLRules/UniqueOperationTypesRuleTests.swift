import Testing

@testable import GraphQLSchema

@Suite struct UniqueOperationTypesRuleTests {
    @Test func `different operations are no conflict`() throws {
        let text = "schema { query: A mutation: A } extend schema { subscription: A }"
        #expect(try found(by: .uniqueOperationTypes, in: text) == [])
    }

    @Test func `an operation begins at one type, extensions included`() throws {
        #expect(
            try found(by: .uniqueOperationTypes, in: "schema { query: A query: B }\nextend schema { query: C }") == [
                "1:10 1:19 There can be only one query type in schema.",
                "1:10 2:17 There can be only one query type in schema.",
            ]
        )
    }

    @Test func `what the schema has stays`() throws {
        let base = "type Query { a: Int } type Mutation { a: Int }"
        #expect(
            try found(by: .uniqueOperationTypes, in: "extend schema { mutation: A subscription: B }", extending: base)
                == ["1:17 Type for mutation already defined in the schema. It cannot be redefined."]
        )
    }
}
