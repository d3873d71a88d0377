import GraphQLEngine
import Testing

@Suite struct DeferStreamDirectiveOnRootFieldRuleTests {
    @Test func `queries and inner fields may be deferred`() throws {
        #expect(
            try problems(
                .deferStreamDirectiveOnRootField,
                "{ ... @defer { dog { name } } } mutation M { rename { ... @defer { name } } }"
            ) == []
        )
    }

    @Test func `root fields of mutations and subscriptions may not`() throws {
        let document =
            "mutation { ... @defer { rename { name } } feed @stream { name } }\nfragment F on Subscription { ...F @defer moved @stream { name } }"
        #expect(
            try problems(.deferStreamDirectiveOnRootField, document) == [
                #"1:16 Defer directive cannot be used on root mutation type "Mutation"."#,
                #"1:48 Stream directive cannot be used on root mutation type "Mutation"."#,
                #"2:35 Defer directive cannot be used on root subscription type "Subscription"."#,
                #"2:48 Stream directive cannot be used on root subscription type "Subscription"."#,
            ]
        )
    }
}
