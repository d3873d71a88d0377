import Testing

@testable import GraphQLSchema

@Suite struct ProvidedRequiredArgumentsOnDirectivesRuleTests {
    @Test func `required arguments are given`() throws {
        let definition = "directive @d(a: [Int!]!, b: Int! = 1, c: Int) on OBJECT\n"
        let message = "Directive \"@d\" argument \"a\" of type \"[Int!]!\" is required, but it was not provided."
        #expect(
            try found(by: .providedRequiredArgumentsOnDirectives, in: definition + "type A @d(b: 1) @unknown")
                == ["2:8 " + message]
        )
        #expect(
            try found(by: .providedRequiredArgumentsOnDirectives, in: definition + "type A @d(a: null)") == []
        )
        #expect(
            try found(
                by: .providedRequiredArgumentsOnDirectives,
                in: "extend type A @d",
                extending: definition + "type A { a: A }"
            ) == ["1:15 " + message]
        )
    }

    @Test func `built-in directives ask for their arguments too`() throws {
        #expect(
            try found(by: .providedRequiredArgumentsOnDirectives, in: "scalar S @specifiedBy") == [
                "1:10 Directive \"@specifiedBy\" argument \"url\" of type \"String!\" is required, "
                    + "but it was not provided."
            ]
        )
    }
}
