import Testing

@testable import GraphQLSchema

@Suite struct KnownDirectivesRuleTests {
    @Test func `every place has its location`() throws {
        let names = [
            "SCHEMA", "SCALAR", "OBJECT", "FIELD_DEFINITION", "ARGUMENT_DEFINITION", "INTERFACE", "UNION", "ENUM",
            "ENUM_VALUE", "INPUT_OBJECT", "INPUT_FIELD_DEFINITION",
        ]
        let definitions = names.map { "directive @\($0) on \($0)" }.joined(separator: "\n")
        let uses = """
            schema @SCHEMA { query: Q }
            scalar S @SCALAR
            type Q implements I @OBJECT { a(x: Int @ARGUMENT_DEFINITION): Int @FIELD_DEFINITION }
            interface I @INTERFACE { a: Int @FIELD_DEFINITION }
            union U @UNION = Q
            enum E @ENUM { X @ENUM_VALUE }
            input In @INPUT_OBJECT { a: Int @INPUT_FIELD_DEFINITION }
            directive @d(x: Int @ARGUMENT_DEFINITION) on FIELD
            extend schema @SCHEMA extend scalar S @SCALAR extend type Q @OBJECT extend interface I @INTERFACE
            extend union U @UNION extend enum E @ENUM extend input In @INPUT_OBJECT
            """
        #expect(try found(by: .knownDirectives, in: uses + "\n" + definitions) == [])
        #expect(try found(by: .knownDirectives, in: uses).count == 20)
    }

    @Test func `unknown and misplaced directives are errors`() throws {
        #expect(
            try found(
                by: .knownDirectives,
                in: "type A @deprecated { a: Int @nope }\nscalar S @here directive @here on ENUM"
            )
                == [
                    "1:8 Directive \"@deprecated\" may not be used on OBJECT.", "1:29 Unknown directive \"@nope\".",
                    "2:10 Directive \"@here\" may not be used on SCALAR.",
                ]
        )
    }

    @Test func `an extension uses the directives of the schema`() throws {
        let base = "directive @d on OBJECT type A { a: Int }"
        #expect(try found(by: .knownDirectives, in: "extend type A @d", extending: base) == [])
    }
}
