import GraphQLEngine
import Testing

@Suite struct UniqueDirectivesPerLocationRuleTests {
    @Test func `different directives, different places and repeatable directives are fine`() throws {
        let document =
            "{ dog @onField @skip(if: true) { name @onField @often @often } cat @onField @unknown @unknown { name } }"
        #expect(try problems(.uniqueDirectivesPerLocation, document) == [])
    }

    @Test func `a repetition is held against the first`() throws {
        #expect(
            try problems(.uniqueDirectivesPerLocation, "{ dog @onField @onField @onField { name } }") == [
                #"1:7 1:16 The directive "@onField" can only be used once at this location."#,
                #"1:7 1:25 The directive "@onField" can only be used once at this location."#,
            ]
        )
    }

    @Test func `a type and its extensions are one place`() throws {
        let document =
            "directive @one on OBJECT | SCHEMA\ntype T @one { a: Int }\nextend type T @one\ntype U @one { a: Int }\nextend schema @one\nextend schema @one"
        #expect(
            try problems(.uniqueDirectivesPerLocation, document) == [
                #"2:8 3:15 The directive "@one" can only be used once at this location."#,
                #"5:15 6:15 The directive "@one" can only be used once at this location."#,
            ]
        )
    }
}
