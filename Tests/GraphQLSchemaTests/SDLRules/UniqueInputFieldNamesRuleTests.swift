import Testing

@testable import GraphQLSchema

@Suite struct UniqueInputFieldNamesRuleTests {
    @Test func `a field of an input object is given once`() throws {
        #expect(
            try found(by: .uniqueInputFieldNames, in: "input A { a: A = {x: 1, y: {x: 1}, x: [{z: 1, z: 2}]} }") == [
                "1:19 1:36 There can be only one input field named \"x\".",
                "1:41 1:47 There can be only one input field named \"z\".",
            ]
        )
    }
}
