import GraphQLEngine
import Testing

@Suite struct StreamDirectiveOnListFieldRuleTests {
    @Test func `lists are streamed, non-null ones too`() throws {
        #expect(
            try problems(
                .streamDirectiveOnListField,
                "{ human { pets @stream { __typename } relatives @stream { iq } name @onField } }"
            ) == []
        )
    }

    @Test func `nothing else is`() throws {
        #expect(
            try problems(.streamDirectiveOnListField, "{ human { n: name @stream } }") == [
                #"1:19 Directive "@stream" cannot be used on non-list field "Human.name"."#
            ]
        )
    }
}
