import GraphQLEngine
import Testing

@Suite struct UniqueInputFieldNamesRuleTests {
    @Test func `nested objects have their own names`() throws {
        #expect(
            try problems(
                .uniqueInputFieldNames,
                "{ filter(value: {inner: {name: \"a\", inner: {name: \"b\"}}, name: \"c\"}) }"
            ) == []
        )
    }

    @Test func `a repetition is held against the first, in any object`() throws {
        #expect(
            try problems(
                .uniqueInputFieldNames,
                "query($x: Json = {a: 1, a: 2, a: 3}) { unknown(x: [{b: {b: 1}, b: 2}]) }"
            ) == [
                #"1:19 1:25 There can be only one input field named "a"."#,
                #"1:19 1:31 There can be only one input field named "a"."#,
                #"1:53 1:64 There can be only one input field named "b"."#,
            ]
        )
    }
}
