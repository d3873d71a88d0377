import GraphQLEngine
import Testing

@Suite struct VariablesAreInputTypesRuleTests {
    @Test func `input types are fine, unknown ones are another rule's matter`() throws {
        let document = "query($a: Int, $b: [[Filter!]]!, $c: Command, $d: Unknown) { dog { name } }"
        #expect(try problems(.variablesAreInputTypes, document) == [])
    }

    @Test func `output types are not`() throws {
        let document = "query($a: Dog, $b: [[Pet!]]!, $c: Being) { dog { name } }"
        #expect(
            try problems(.variablesAreInputTypes, document) == [
                #"1:11 Variable "$a" cannot be non-input type "Dog"."#,
                #"1:20 Variable "$b" cannot be non-input type "[[Pet!]]!"."#,
                #"1:35 Variable "$c" cannot be non-input type "Being"."#,
            ]
        )
    }
}
