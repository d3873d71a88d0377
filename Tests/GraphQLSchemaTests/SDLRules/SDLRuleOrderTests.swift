import GraphQLLanguage
import Testing

@testable import GraphQLSchema

@Suite struct SDLRuleOrderTests {
    @Test func `errors come as one walk over the text would find them`() throws {
        let document = try Document(
            parsing: """
                type A implements Nobody @unknown {
                  a(x: Missing, x: Int): Gone @deprecated(why: 1)
                }
                type A { b: Int }
                """
        )
        #expect(
            SDLRule.errors(in: document, suggestsNames: false).map(\.asLine) == [
                "2:5 2:17 Argument \"A.a(x:)\" can only be defined once.",
                "1:19 Unknown type \"Nobody\".",
                "1:26 Unknown directive \"@unknown\".",
                "2:8 Unknown type \"Missing\".",
                "2:26 Unknown type \"Gone\".",
                "2:43 Unknown argument \"why\" on directive \"@deprecated\".",
                "1:6 4:6 There can be only one type named \"A\".",
            ]
        )
    }

    @Test func `names are those of graphql-js`() {
        #expect(SDLRule.specified.count == 15)
        #expect(SDLRule.specified.allSatisfy { $0.name.hasSuffix("Rule") })
        #expect(Set(SDLRule.all.map(\.name)).count == SDLRule.all.count)
    }

    @Test func `columns are UTF-16 code units and lines end in three ways`() throws {
        let document = try Document(parsing: "# \u{1F600}\r\n\"\u{1F600}é\" type A { a: B }\rtype C { a: B }")
        #expect(
            SDLRule.errors(in: document, suggestsNames: false).map(\.asLine) == [
                "2:19 Unknown type \"B\".", "3:13 Unknown type \"B\".",
            ]
        )
    }
}
