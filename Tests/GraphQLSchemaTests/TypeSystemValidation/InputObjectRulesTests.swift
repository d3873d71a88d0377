import Testing

@testable import GraphQLSchema

@Suite struct InputObjectRulesTests {
    @Test func `input objects have fields of input types`() throws {
        #expect(
            try problems(with: "input A\ninput B { a: [Query!] b: Int! @deprecated }") == [
                "2:1 Input Object type A must define one or more fields.",
                "3:14 The type of B.a must be Input Type but got: [Query!].",
                "3:31 3:26 Required input field B.b cannot be deprecated.",
            ]
        )
    }

    @Test func `fields of which exactly one is given are neither required nor defaulted`() throws {
        #expect(
            try problems(with: "input A @oneOf { a: Int! b: Int = 1 c: [Int!] }") == [
                "2:21 OneOf input field A.a must be nullable.",
                "2:26 OneOf input field A.b cannot have a default value.",
            ]
        )
    }

    @Test func `no input object has to contain itself`() throws {
        #expect(
            try problems(with: "input A { a: A! }\ninput B { b: [B!]! c: B }") == [
                "2:11 Cannot reference Input Object \"A\" within itself through a series of non-null fields: \"a\"."
            ]
        )
        let ring = """
            input A { x: Int b: B! }
            input B { c: C! }
            input C { a: A! b: B! }
            input D { a: A! }
            """
        #expect(
            try problems(with: ring) == [
                "2:18 3:11 4:11 Cannot reference Input Object \"A\" within itself through a series of non-null fields: "
                    + "\"b.c.a\".",
                "3:11 4:17 Cannot reference Input Object \"B\" within itself through a series of non-null fields: "
                    + "\"c.b\".",
            ]
        )
    }

    @Test func `a long chain of input objects is followed`() throws {
        let chain = (0..<20_000).map { "input I\($0) { next: I\($0 + 1)! }" }.joined(separator: "\n")
        #expect(try problems(with: chain + "\ninput I20000 { a: Int }") == [])
        #expect(try problems(with: chain + "\ninput I20000 { a: I0! }").count == 1)
    }
}
