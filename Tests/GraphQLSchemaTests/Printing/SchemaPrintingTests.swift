import Testing

@testable import GraphQLSchema

@Suite struct SchemaPrintingTests {
    private func printed(_ sdl: String, _ options: SchemaPrintOptions = SchemaPrintOptions()) throws -> String {
        try Schema(unchecked: sdl).printed(options)
    }

    @Test(arguments: [
        "directive @d(a: Int = 1, b: [String!]! = [\"x\"]) repeatable on FIELD | OBJECT",
        "scalar S @specifiedBy(url: \"https://example.com/\\\"s\\\"\")",
        "type A implements B & C {\n  a(x: Int = 1, y: In = {a: 1}): [Int!]! @deprecated\n}",
        "interface B {\n  \"\"\"one\"\"\"\n  a: Int\n\n  \"\"\"\n  two\n    lines\n  \"\"\"\n  b: Int @deprecated(reason: \"why\")\n}",
        "type A {\n  a(\n    \"\"\"about x\"\"\"\n    x: Int = 1\n\n    \"\"\"about y\"\"\"\n    y: Int\n  ): Int\n}",
        "union U = A | B", "union U", "enum E {\n  A\n  B @deprecated\n}",
        "input In @oneOf {\n  a: Int\n  b: ID\n}", "input In",
        "\"\"\"about\"\"\"\nschema {\n  query: Query\n}", "schema {\n  query: Q\n  mutation: Query\n}",
    ])
    func `what is printed is written as it was`(definition: String) throws {
        let rest = "type Query {\n  a: Int\n}\n\ntype Q {\n  a: Int\n}\n\ninterface C {\n  a: Int\n}"
        let sdl = definition + "\n\n" + rest
        let withKnownNames = definition.contains("In =") ? sdl + "\n\ninput In {\n  a: Int\n}" : sdl
        let complete = definition.contains("A |") ? withKnownNames + "\n\ntype A\n\ntype B" : withKnownNames
        let expected = definition.contains("B & C") ? complete + "\n\ninterface B" : complete
        #expect(try printed(expected) == expected)
    }

    @Test func `what is built in and what is conventional is left out`() throws {
        #expect(try printed("schema { query: Query } type Query { a: Int }") == "type Query {\n  a: Int\n}")
        #expect(try printed("directive @skip on FIELD scalar Int") == "")
    }

    @Test func `defaults are printed as they count`() throws {
        let sdl = """
            type Query { a(x: In = {list: 3}, y: [ID] = ["4", "04"], z: Float = 1.0e2, s: String = "a\\u0007") : Int }
            input In { more: E = V list: [Int] }
            enum E { V }
            """
        let first = try printed(sdl).split(separator: "\n")[1]
        #expect(
            first
                == #"  a(x: In = {more: V, list: [3]}, y: [ID] = [4, "04"], z: Float = 100, s: String = "a\u0007"): Int"#
        )
    }

    @Test func `descriptions that no block string can hold are quoted`() throws {
        let sdl = "\"  indented\\n  all\"\ntype Query {\n  \"\\u0007\"\n  a: Int\n  \"\"\n  b: Int\n}"
        #expect(
            try printed(sdl)
                == "\"  indented\\n  all\"\ntype Query {\n  \"\\u0007\"\n  a: Int\n\n  \"\"\"\"\"\"\n  b: Int\n}"
        )
    }

    @Test func `extensions are part of what they extend`() throws {
        #expect(
            try printed("type Query { a: Int } extend type Query { b: Int } extend enum E { B } enum E { A }")
                == "type Query {\n  a: Int\n  b: Int\n}\n\nenum E {\n  B\n  A\n}"
        )
    }

    @Test func `sorted is sorted in all its parts`() throws {
        let sdl = """
            type Query implements Z & Y { b(y: Int, x: In = {b: 1, a: 2}): Int a10: Int a9: Int }
            interface Z { b(y: Int, x: In): Int } interface Y { a10: Int } enum E { B A } union U = Z2 | Query
            type Z2 { a: Int } input In { b: Int a: Int } directive @d(b: Int, a: Int) on OBJECT | FIELD
            directive @c on FIELD
            """
        #expect(
            try printed(sdl, SchemaPrintOptions(sorts: true)) == """
                directive @c on FIELD

                directive @d(a: Int, b: Int) on FIELD | OBJECT

                enum E {
                  A
                  B
                }

                input In {
                  a: Int
                  b: Int
                }

                type Query implements Y & Z {
                  a9: Int
                  a10: Int
                  b(x: In = {a: 2, b: 1}, y: Int): Int
                }

                union U = Query | Z2

                interface Y {
                  a10: Int
                }

                interface Z {
                  b(x: In, y: Int): Int
                }

                type Z2 {
                  a: Int
                }
                """
        )
    }

    @Test func `directives are shown when they are asked for`() throws {
        let sdl = """
            directive @auth(scope: [String!]) repeatable on FIELD_DEFINITION | OBJECT | SCHEMA

            type Query @auth(scope: ["a"]) @auth {
              a(x: Int @deprecated): Int @auth @deprecated(reason: "b")
            }

            scalar Day @specifiedBy(url: "u")

            input In @oneOf {
              a: Int
            }
            """
        #expect(try printed(sdl, SchemaPrintOptions(showsDirectives: true)) == sdl)
    }
}
