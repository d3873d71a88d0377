import Testing

@testable import GraphQLSchema

@Suite struct DirectiveRulesTests {
    @Test func `arguments are of input types`() throws {
        #expect(
            try problems(with: "directive @d(a: [Query!]!) on FIELD") == [
                "2:14 The type of @d(a:) must be Input Type but got: [Query!]!."
            ]
        )
    }

    @Test func `what is required cannot be deprecated`() throws {
        #expect(
            try problems(with: "directive @d(a: Int! @deprecated, b: Int! = 1 @deprecated) on FIELD") == [
                "2:22 2:17 Required argument @d(a:) cannot be deprecated."
            ]
        )
    }

    @Test func `a directive does not reference itself`() throws {
        #expect(
            try problems(with: "directive @d(a: Int @d) on ARGUMENT_DEFINITION") == [
                "2:1 Directive \"@d\" cannot reference itself."
            ]
        )
        let way = """
            directive @a(x: In) on ENUM_VALUE
            input In { e: [E] }
            enum E { V @b(y: 1) }
            directive @b(y: Int @c) on ENUM_VALUE
            directive @c(z: Other) on ARGUMENT_DEFINITION
            scalar Other @a
            directive @free(x: In) on FIELD
            """
        #expect(
            try problems(with: way) == [
                "2:1 Directive \"@a\" cannot reference itself.", "5:1 Directive \"@b\" cannot reference itself.",
                "6:1 Directive \"@c\" cannot reference itself.",
            ]
        )
    }

    @Test func `directives are given values of the types they ask for`() throws {
        let sdl = """
            directive @d(n: Int, list: [In!], e: E) repeatable on OBJECT | ARGUMENT_DEFINITION
            input In { a: Int! } directive @n(n: Int) on ENUM_VALUE
            enum E { V @n(n: "1") }
            type T @d(list: {a: 1, b: 2}) @d(list: [{}]) @d(e: W) { a(x: Int @d(e: "V")): Int }
            """
        #expect(
            try problems(with: sdl) == [
                "4:18 Int cannot represent non-integer value: \"1\"",
                "5:24 Field \"b\" is not defined by type \"In\". Did you mean \"a\"?",
                "5:41 Field \"In.a\" of required type \"Int!\" was not provided.",
                "5:52 Value \"W\" does not exist in \"E\" enum. Did you mean the enum value \"V\"?",
                "5:72 Enum \"E\" cannot represent non-enum value: \"V\". Did you mean the enum value \"V\"?",
            ]
        )
        #expect(try problems(with: sdl, .reference) == [])
    }
}
