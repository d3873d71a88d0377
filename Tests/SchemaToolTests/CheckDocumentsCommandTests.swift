import Testing

@Suite struct CheckDocumentsCommandTests {
    private let tool: Tool

    init() throws {
        tool = try Tool([
            "schema.graphql": "type Query { user: User } type User { name: String }",
            "query.graphql": "query User { user { ...Name } }",
            "fragment.graphql": "fragment Name on User { name }",
            "wrong.graphql": "# First\r\nquery Wrong {\n  user { nam ...Name }\n}",
            "broken.graphql": "query {",
            "again.graphql": "\n\nquery User { user { name } }",
        ])
    }

    @Test func `fragments are found in other files`() throws {
        let result = try tool.run("check-documents", "schema.graphql", "query.graphql", "fragment.graphql")
        #expect(result == .init(exitCode: 0, output: "", errors: ""))
    }

    @Test func `faults are placed in their files`() throws {
        let result = try tool.run(
            "check-documents",
            "schema.graphql",
            "fragment.graphql",
            "wrong.graphql",
            "query.graphql",
            "again.graphql"
        )
        #expect(result.exitCode == 1 && result.errors.isEmpty)
        #expect(
            result.output == """
                wrong.graphql:3:10: error: Cannot query field "nam" on type "User". Did you mean "name"?
                query.graphql:1:7: error: There can be only one operation named "User".

                """
        )
    }

    @Test func `files that are not GraphQL are all named`() throws {
        let result = try tool.run("check-documents", "schema.graphql", "broken.graphql", "wrong.graphql")
        #expect(result.exitCode == 1)
        #expect(result.output == "broken.graphql:1:8: error: Syntax Error: Expected Name, found <EOF>.\n")
    }

    @Test func `a wrong schema is no schema to check against`() throws {
        let result = try tool.run("check-documents", "query.graphql", "fragment.graphql")
        #expect(result.exitCode == 1 && result.errors.contains("A schema cannot contain operations or fragments."))
    }
}
