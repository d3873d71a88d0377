import Testing

@testable import GraphQLSchema

@Suite struct UniqueArgumentNamesRuleTests {
    @Test func `an argument is given once`() throws {
        #expect(
            try found(by: .uniqueArgumentNames, in: "type A @d(x: 1, y: 1, x: 2, x: 3) { a: A @d(x: 1) }") == [
                "1:11 1:23 1:29 There can be only one argument named \"x\"."
            ]
        )
    }
}
