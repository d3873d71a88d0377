import Testing

@testable import GraphQLSchema

@Suite struct RootTypeRulesTests {
    private func problems(with sdl: String) throws -> [String] {
        try Schema(unchecked: sdl).problems().map(\.asLine)
    }

    @Test func `queries are possible`() throws {
        #expect(try problems(with: "type A { a: Int }") == ["Query root type must be provided."])
        #expect(
            try problems(with: "\nschema { mutation: A }\ntype A { a: Int }") == [
                "2:1 Query root type must be provided."
            ]
        )
    }

    @Test func `operations begin at object types`() throws {
        #expect(
            try problems(with: "schema { query: S mutation: S subscription: I }\nscalar S\ninput I { a: Int }") == [
                "1:17 Query root type must be Object type, it cannot be S.",
                "1:29 Mutation root type must be Object type if provided, it cannot be S.",
                "1:45 Subscription root type must be Object type if provided, it cannot be I.",
                "1:17 1:29 All root types must be different, \"S\" type is used as query and mutation root types.",
            ]
        )
        #expect(
            try problems(with: "type Query { a: Int }\nenum Mutation { A }") == [
                "2:1 Mutation root type must be Object type if provided, it cannot be Mutation."
            ]
        )
    }

    @Test func `each kind of operation begins at a type of its own`() throws {
        #expect(
            try problems(with: "schema { query: A mutation: A subscription: A } type A { a: Int }") == [
                "1:17 1:29 1:45 All root types must be different, "
                    + "\"A\" type is used as query, mutation, and subscription root types."
            ]
        )
        let schema = try Schema(unchecked: "schema { query: A mutation: A } type A { a: Int }")
        #expect(schema.problems(.reference).isEmpty)
    }
}
