import Testing

@testable import GraphQLSchema

@Suite struct KnownTypeNamesRuleTests {
    @Test func `types are found wherever they are defined`() throws {
        let text = "type A implements B & C { a(x: [Int!]! = 3): [D!] } interface B { a: ID } union D = A | E"
        #expect(try found(by: .knownTypeNames, in: text, extending: "interface C { a: A } type E { a: A }") == [])
    }

    @Test func `unknown types are errors wherever they are named`() throws {
        let text = """
            schema { query: Q1 }
            type Animal implements I1 & I2 { a(x: X1!): [X2] }
            union U = M1
            input In { a: X3 }
            directive @d(a: X4) on FIELD
            """
        #expect(
            try found(by: .knownTypeNames, in: text, suggestsNames: false) == [
                "1:17 Unknown type \"Q1\".", "2:24 Unknown type \"I1\".", "2:29 Unknown type \"I2\".",
                "2:39 Unknown type \"X1\".", "2:46 Unknown type \"X2\".", "3:11 Unknown type \"M1\".",
                "4:15 Unknown type \"X3\".", "5:17 Unknown type \"X4\".",
            ]
        )
    }

    @Test func `names that come close are suggested`() throws {
        #expect(
            try found(by: .knownTypeNames, in: "type Animal { a: Animol b: Floot }") == [
                "1:18 Unknown type \"Animol\". Did you mean \"Animal\"?",
                "1:28 Unknown type \"Floot\". Did you mean \"Float\"?",
            ]
        )
    }

    @Test func `operations in the text know only what is defined`() throws {
        #expect(
            try found(by: .knownTypeNames, in: "query ($a: Int) { a } type A { a: Int }") == [
                "1:12 Unknown type \"Int\"."
            ]
        )
    }

    @Test func `many unknown types among many types are found in time`() throws {
        let fields = (0..<3_000).map { "f\($0): Unknown\($0)x" }.joined(separator: " ")
        let types = (0..<3_000).map { "type Type\($0) { a: Int }" }.joined(separator: " ")
        #expect(try found(by: .knownTypeNames, in: "type Query { \(fields) } \(types)").count == 3_000)
    }
}
