import GraphQLEngine
import Testing

@Suite struct PossibleFragmentSpreadsRuleTests {
    @Test(arguments: [
        "{ dog { ... on Dog { name } ... on Being { name } ... on Pet { __typename } ... { name } } }",
        "{ being { ... on Dog { name } ... on Owned { name } ... on Pet { __typename } ... on Swimmer { __typename } } }",
        "{ pet { ... on Dog { name } ... on Swimmer { __typename } ... on Unknown { x } ... on Filter { x } } }",
        "{ pet { ...F ...G } } fragment F on Mammal { name } fragment G on Unknown { name }",
    ])
    func `types that overlap can be spread in each other`(document: String) throws {
        #expect(try problems(.possibleFragmentSpreads, document) == [])
    }

    @Test func `object in object, object in abstract, abstract in object, abstract in abstract`() throws {
        let document = """
            { cat { ... on Dog { name } ... on Mammal { name } }
            mammal { ... on Cat { name } }
            swimmer { ...F ...G ...H } }
            fragment F on Human { name }
            fragment G on Owned { name }
            fragment H on Human { name }
            """
        #expect(
            try problems(.possibleFragmentSpreads, document) == [
                #"1:9 Fragment cannot be spread here as objects of type "Cat" can never be of type "Dog"."#,
                #"1:29 Fragment cannot be spread here as objects of type "Cat" can never be of type "Mammal"."#,
                #"2:10 Fragment cannot be spread here as objects of type "Mammal" can never be of type "Cat"."#,
                #"3:11 Fragment "F" cannot be spread here as objects of type "Swimmer" can never be of type "Human"."#,
                #"3:21 Fragment "H" cannot be spread here as objects of type "Swimmer" can never be of type "Human"."#,
            ]
        )
    }
}
