import GraphQLEngine
import Testing

@Suite struct DeferStreamDirectiveLabelRuleTests {
    @Test func `different labels or none are fine`() throws {
        let document =
            #"{ dog { ... @defer(label: "a") { name } ... @defer { name } puppies(first: 1) @stream(label: "b") { name } } cat @onField(label: "a") { name } }"#
        #expect(try problems(.deferStreamDirectiveLabel, document) == [])
    }

    @Test func `a label is written out and used once`() throws {
        let document =
            #"query($l: String) { dog { ... @defer(label: $l) { name } ... @defer(label: "a") { name } puppies(first: 1) @stream(label: """a""") { name } } }"#
        #expect(
            try problems(.deferStreamDirectiveLabel, document) == [
                #"1:31 Argument "@defer(label:)" must be a static string."#,
                #"1:62 1:108 Value for arguments "defer(label:)" and "stream(label:)" must be unique across all Defer/Stream directive usages."#,
            ]
        )
    }
}
