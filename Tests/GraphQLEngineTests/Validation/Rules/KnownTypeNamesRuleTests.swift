import GraphQLEngine
import Testing

@Suite struct KnownTypeNamesRuleTests {
    @Test func `types of the schema, built-in ones and those of introspection are known`() throws {
        let document =
            "query($a: [String!]!, $b: Command) { dog { ... on Dog { name } } __schema { ...F } } fragment F on __Schema { description }"
        #expect(try problems(.knownTypeNames, document) == [])
    }

    @Test func `unknown types are told with what is close`() throws {
        let document = "query($a: [Jumbled]) {\n dog { ... on Dgo { name } }\n}\nfragment F on Hmuan { name }"
        #expect(
            try problems(.knownTypeNames, document) == [
                #"1:12 Unknown type "Jumbled"."#, #"2:15 Unknown type "Dgo". Did you mean "Dog"?"#,
                #"4:15 Unknown type "Hmuan". Did you mean "Human"?"#,
            ]
        )
    }

    @Test func `a type that the document wrongly defines is no second mistake`() throws {
        #expect(try problems(.knownTypeNames, "type Cow { name: String } query($c: Cow) { dog { name } }") == [])
        #expect(
            try problems(.knownTypeNames, "type Cow { name: Strin, a(b: Bull): Int }") == [
                #"1:18 Unknown type "Strin". Did you mean "String"?"#, #"1:30 Unknown type "Bull"."#,
            ]
        )
    }
}
