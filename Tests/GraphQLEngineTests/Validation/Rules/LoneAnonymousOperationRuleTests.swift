import GraphQLEngine
import Testing

@Suite struct LoneAnonymousOperationRuleTests {
    @Test func `one anonymous operation with fragments is fine`() throws {
        #expect(try problems(.loneAnonymousOperation, "{ ...F } fragment F on Query { dog { name } }") == [])
    }

    @Test func `beside another operation it is not`() throws {
        #expect(
            try problems(.loneAnonymousOperation, "{ dog { name } }\nquery A { dog { name } }\n{ cat { name } }") == [
                "1:1 This anonymous operation must be the only defined operation.",
                "3:1 This anonymous operation must be the only defined operation.",
            ]
        )
    }
}
