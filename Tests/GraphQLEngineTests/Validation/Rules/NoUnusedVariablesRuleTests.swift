import GraphQLEngine
import Testing

@Suite struct NoUnusedVariablesRuleTests {
    @Test func `uses in directives, lists, objects and fragments count`() throws {
        let document =
            "query A($a: Boolean!, $b: String, $c: Boolean!, $d: ID) { strings(value: [$b]) @skip(if: $a) filter(value: {required: $c}) ...F } fragment F on Query { human(id: $d) { iq } }"
        #expect(try problems(.noUnusedVariables, document) == [])
    }

    @Test func `a fragment that only another operation reaches does not count`() throws {
        let document =
            "query A($x: ID) { dog { name } }\nquery B($x: ID) { ...F }\nfragment F on Query { human(id: $x) { iq } }"
        #expect(
            try problems(.noUnusedVariables, document) == [#"1:9 Variable "$x" is never used in operation "A"."#]
        )
    }

    @Test func `an operation without a name is not named`() throws {
        #expect(
            try problems(.noUnusedVariables, "query ($x: ID, $y: ID) { human(id: $y) { iq } }") == [
                #"1:8 Variable "$x" is never used."#
            ]
        )
    }
}
