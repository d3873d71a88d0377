import Testing

@Suite struct PrintCommandTests {
    @Test func `a schema is printed, sorted and with directives where that is wanted`() throws {
        let tool = try Tool([
            "s.graphql": "type Query { b: Int @auth a: Int } directive @auth on FIELD_DEFINITION # comment"
        ])
        #expect(
            try tool.run("print", "s.graphql").output
                == "directive @auth on FIELD_DEFINITION\n\ntype Query {\n  b: Int\n  a: Int\n}\n"
        )
        #expect(
            try tool.run("print", "--sorted", "--directives", "s.graphql").output
                == "directive @auth on FIELD_DEFINITION\n\ntype Query {\n  a: Int\n  b: Int @auth\n}\n"
        )
    }

    @Test func `the standard input is a file too`() throws {
        #expect(try Tool([:]).run("print", "-", input: "type Query { a: Int }").output == "type Query {\n  a: Int\n}\n")
    }

    @Test func `mistakes are reported like a compiler's`() throws {
        let tool = try Tool(["s.graphql": "type Query {\n  a: X\n  b: Y\n}", "t.graphql": "type Query {"])
        let unknown = try tool.run("print", "s.graphql")
        #expect(
            unknown
                == .init(
                    exitCode: 1,
                    output: "",
                    errors: "s.graphql:2:6: error: Unknown type \"X\".\ns.graphql:3:6: error: Unknown type \"Y\".\n"
                )
        )
        #expect(
            try tool.run("print", "t.graphql").errors
                == "t.graphql:1:13: error: Syntax Error: Expected Name, found <EOF>.\n"
        )
    }

    @Test func `what speaks to the generator needs no definition, and clients see none of it`() throws {
        let written = """
            extend schema @binding(context: "Context")
            type Query { a(x: Int @constraint(min: 1)): User }
            type User @model(type: "UserRow") { id: ID! }
            """
        let plain = "type Query { a(x: Int): User } type User { id: ID! }"
        let tool = try Tool(["s.graphql": written, "plain.graphql": plain, "q.graphql": "query Q { a { id } }"])
        #expect(
            try tool.run("print", "s.graphql").output
                == "type Query {\n  a(x: Int): User\n}\n\ntype User {\n  id: ID!\n}\n"
        )
        #expect(try tool.run("diff", "s.graphql", "plain.graphql").output == "No changes.\n")
        #expect(try tool.run("check-documents", "s.graphql", "q.graphql").exitCode == 0)
        let findings = try tool.run("lint", "s.graphql")
        #expect(findings.errors.isEmpty && findings.output.contains("s.graphql:3:6: error: User has no description"))
        #expect(!findings.output.contains("s.graphql:4"))
    }

    @Test func `an introspection result is a schema`() throws {
        let type = #"{"kind": "SCALAR", "name": "Int"}"#
        let field = #"{"name": "a", "args": [], "type": \#(type)}"#
        let query = #"{"kind": "OBJECT", "name": "Query", "interfaces": [], "fields": [\#(field)]}"#
        let data = #"{"__schema": {"queryType": {"name": "Query"}, "types": [\#(type), \#(query)]}}"#
        let tool = try Tool(["a.json": data, "b.json": #"{"data": \#(data)}"#, "c.json": "{", "d.json": "{}"])
        #expect(try tool.run("print", "a.json").output == "type Query {\n  a: Int\n}\n")
        #expect(try tool.run("print", "b.json").output == "type Query {\n  a: Int\n}\n")
        let broken = try tool.run("print", "c.json")
        #expect(broken.exitCode == 1 && broken.errors.hasPrefix("c.json:1:2: error: "))
        let empty = try tool.run("print", "d.json")
        #expect(empty.exitCode == 1 && empty.errors.hasPrefix("d.json: error: Invalid or incomplete introspection"))
    }
}
