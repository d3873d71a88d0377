import GraphQLEngine
import Testing

@Suite struct KnownDirectivesRuleTests {
    @Test func `directives stand where they may`() throws {
        let document = """
            query ($x: Int @onVariable) @onQuery { dog @onField { ...F @onSpread ... @onInline { name } } }
            mutation @onMutation { rename { name } }
            subscription @onSubscription { barked { name } }
            fragment F on Dog @onFragment { name @include(if: true) }
            """
        #expect(try problems(.knownDirectives, document) == [])
    }

    @Test func `unknown and misplaced ones are told`() throws {
        let document =
            "query ($x: Int @onField) @onMutation {\n dog @unknown { ...F @onInline ... @onSpread { name } } }\nfragment F on Dog @onQuery { name }"
        #expect(
            try problems(.knownDirectives, document) == [
                #"1:16 Directive "@onField" may not be used on VARIABLE_DEFINITION."#,
                #"1:26 Directive "@onMutation" may not be used on QUERY."#,
                #"2:6 Unknown directive "@unknown"."#,
                #"2:22 Directive "@onInline" may not be used on FRAGMENT_SPREAD."#,
                #"2:36 Directive "@onSpread" may not be used on INLINE_FRAGMENT."#,
                #"3:19 Directive "@onQuery" may not be used on FRAGMENT_DEFINITION."#,
            ]
        )
    }

    @Test func `places in definitions of types are told apart`() throws {
        let document = """
            schema @onField { query: Query }
            type T @onField { f(a: Int @onField): Int @onField }
            input I @onField { a: Int @onField }
            extend input I { b: Int @onField }
            enum E @onField { A @onField }
            union U @onField = T
            interface N @onField { a: Int }
            scalar S @onField
            directive @d(a: Int @onField) on FIELD
            """
        let locations = try problems(.knownDirectives, document).compactMap { $0.split(separator: " ").last }
        #expect(
            locations == [
                "SCHEMA.", "OBJECT.", "ARGUMENT_DEFINITION.", "FIELD_DEFINITION.", "INPUT_OBJECT.",
                "INPUT_FIELD_DEFINITION.", "ARGUMENT_DEFINITION.", "ENUM.", "ENUM_VALUE.", "UNION.", "INTERFACE.",
                "SCALAR.", "ARGUMENT_DEFINITION.",
            ]
        )
    }

    @Test func `a directive that the document wrongly defines is no second mistake`() throws {
        #expect(try problems(.knownDirectives, "{ dog @mine { name } } directive @mine on FIELD") == [])
    }
}
