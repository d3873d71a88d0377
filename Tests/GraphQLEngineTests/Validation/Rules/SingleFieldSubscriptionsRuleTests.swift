import GraphQLEngine
import Testing

@Suite struct SingleFieldSubscriptionsRuleTests {
    @Test func `the same field may come by several ways`() throws {
        let document = """
            subscription S { barked { name } ...F ... on Subscription { barked { barks } } ...Unknown }
            fragment F on Subscription { barked { nickname } ...F }
            """
        #expect(try problems(.singleFieldSubscriptions, document) == [])
    }

    @Test func `all other fields are told at once`() throws {
        let document =
            "subscription S {\n barked { name }\n ...F\n}\nfragment F on Subscription {\n meowed { name }\n x: moved { name }\n}"
        #expect(
            try problems(.singleFieldSubscriptions, document) == [
                #"6:2 7:2 Subscription "S" must select only one top level field."#
            ]
        )
    }

    @Test func `introspection is no event`() throws {
        #expect(
            try problems(.singleFieldSubscriptions, "subscription { __typename }") == [
                "1:16 Anonymous Subscription must not select an introspection top level field."
            ]
        )
    }

    @Test func `what can never be selected does not count`() throws {
        let document = """
            subscription {
              barked { name } meowed @skip(if: true) { name } moved @include(if: false) { name }
              ... on Query { dog { name } }
            }
            """
        #expect(try problems(.singleFieldSubscriptions, document) == [])
    }

    @Test func `queries select as many as they like`() throws {
        #expect(try problems(.singleFieldSubscriptions, "{ dog { name } cat { name } }") == [])
    }
}
