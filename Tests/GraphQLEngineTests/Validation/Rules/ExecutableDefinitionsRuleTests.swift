import GraphQLEngine
import Testing

@Suite struct ExecutableDefinitionsRuleTests {
    @Test func `operations and fragments are executable`() throws {
        #expect(try problems(.executableDefinitions, "query A { dog { ...F } } fragment F on Dog { name }") == [])
    }

    @Test func `definitions and extensions of types are not`() throws {
        let document = "{ dog { name } }\ntype Cow { name: String }\nextend type Dog { color: String }"
        #expect(
            try problems(.executableDefinitions, document) == [
                #"2:1 The "Cow" definition is not executable."#, #"3:1 The "Dog" definition is not executable."#,
            ]
        )
    }

    @Test func `a schema definition has no name`() throws {
        let document = "schema { query: Query }\nextend schema @onQuery\ndirective @d on FIELD"
        #expect(
            try problems(.executableDefinitions, document) == [
                "1:1 The schema definition is not executable.", "2:1 The schema definition is not executable.",
                #"3:1 The "d" definition is not executable."#,
            ]
        )
    }
}
