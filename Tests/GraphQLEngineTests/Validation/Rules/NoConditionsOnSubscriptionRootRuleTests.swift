import GraphQLEngine
import Testing

@Suite struct NoConditionsOnSubscriptionRootRuleTests {
    @Test func `conditions on the root selections are refused, also in fragments`() throws {
        let document = """
            subscription S($v: Boolean!) {
              barked @skip(if: $v) { name }
              ...F @include(if: $v)
            }
            fragment F on Subscription { ... { barked @include(if: $v) { barks } } }
            """
        #expect(
            try problems(.noConditionsOnSubscriptionRoot, document) == [
                "2:10 3:8 5:43 Subscription \"S\" must not use `@skip` or `@include` directives in the top level selection."
            ]
        )
    }

    @Test func `below the root and in queries they are fine`() throws {
        let document =
            "subscription A($v: Boolean!) { barked { name @skip(if: $v) } } query B($v: Boolean!) { dog @skip(if: $v) { name } }"
        #expect(try problems(.noConditionsOnSubscriptionRoot, document) == [])
    }
}
