import Testing

@testable import GraphQLSchema

@Suite struct UniqueArgumentDefinitionNamesRuleTests {
    @Test func `fields may share names of arguments`() throws {
        let text = "type A { a(x: Int, y: Int): A b(x: Int): A } directive @d(x: Int, y: Int) on FIELD"
        #expect(try found(by: .uniqueArgumentDefinitionNames, in: text) == [])
    }

    @Test func `an argument is defined once`() throws {
        let text = """
            extend interface A { a(x: Int, y: Int, x: Int, x: Int): A }
            directive @d(x: Int, x: Int) on FIELD
            """
        #expect(
            try found(by: .uniqueArgumentDefinitionNames, in: text) == [
                "1:24 1:40 1:48 Argument \"A.a(x:)\" can only be defined once.",
                "2:14 2:22 Argument \"@d(x:)\" can only be defined once.",
            ]
        )
    }
}
