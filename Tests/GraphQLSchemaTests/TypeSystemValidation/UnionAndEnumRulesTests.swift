import Testing

@testable import GraphQLSchema

@Suite struct UnionAndEnumRulesTests {
    @Test func `unions have members, each once, all of them objects`() throws {
        #expect(
            try problems(
                with: "union U\nextend union U @deprecated\nunion V = Query | Int | Query\nextend union V = Query"
            )
                == [
                    "2:1 3:1 Union type U must define one or more member types.",
                    "4:19 Union type V can only include Object types, it cannot include Int.",
                    "4:11 4:25 5:18 Union type V can only include type Query once.",
                    "4:11 4:25 5:18 Union type V can only include type Query once.",
                ]
        )
    }

    @Test func `enums have values`() throws {
        #expect(try problems(with: "enum E") == ["2:1 Enum type E must define one or more values."])
    }
}
