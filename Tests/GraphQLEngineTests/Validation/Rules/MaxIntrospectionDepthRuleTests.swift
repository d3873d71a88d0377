import GraphQLEngine
import Testing

@Suite struct MaxIntrospectionDepthRuleTests {
    @Test func `two lists in each other are enough for every tool`() throws {
        let document = "{ __schema { types { fields { type { fields { name } } } } } dog { name } }"
        #expect(try problems(.maxIntrospectionDepth, document) == [])
    }

    @Test func `three are refused, by way of fragments too`() throws {
        let document = """
            { __schema { types { ...F } }
            __type(name: "Dog") { possibleTypes { inputFields { type { interfaces { name } } } } } }
            fragment F on __Type { fields { type { ...G } } }
            fragment G on __Type { fields { type { fields { name } } } }
            """
        #expect(
            try problems(.maxIntrospectionDepth, document) == [
                "1:3 Maximum introspection depth exceeded", "2:1 Maximum introspection depth exceeded",
            ]
        )
    }

    @Test func `cycles end, and a cycle through a list is too deep`() throws {
        #expect(
            try problems(.maxIntrospectionDepth, "{ __schema { ...F } } fragment F on __Schema { ...F types { name } }")
                == []
        )
        #expect(
            try problems(
                .maxIntrospectionDepth,
                "{ __schema { types { ...F } } } fragment F on __Type { fields { type { ...F } } }"
            ) == [
                "1:3 Maximum introspection depth exceeded"
            ]
        )
    }
}
