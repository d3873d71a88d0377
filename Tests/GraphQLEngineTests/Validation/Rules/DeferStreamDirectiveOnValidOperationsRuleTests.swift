import GraphQLEngine
import Testing

@Suite struct DeferStreamDirectiveOnValidOperationsRuleTests {
    @Test func `queries may, and subscriptions where it can be turned off`() throws {
        let document = """
            query Q { dog { ... @defer { name } ...F } }
            subscription S($v: Boolean!) { barked { ... @defer(if: false) { name } ... @defer(if: $v) { name } } }
            fragment F on Dog { puppies(first: 1) @stream { name } }
            """
        #expect(try problems(.deferStreamDirectiveOnValidOperations, document) == [])
    }

    @Test func `subscriptions may not, nor the fragments they reach`() throws {
        let document = """
            subscription { barked { ... @defer { name } ...F } }
            fragment F on Dog { puppies(first: 1) @stream(if: true) { name } }
            """
        #expect(
            try problems(.deferStreamDirectiveOnValidOperations, document) == [
                "1:29 Defer directive not supported on subscription operations. Disable `@defer` by setting the `if` argument to `false`.",
                "2:39 Stream directive not supported on subscription operations. Disable `@stream` by setting the `if` argument to `false`.",
            ]
        )
    }
}
