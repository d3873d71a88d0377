import GraphQLEngine
import Testing

@Suite struct FragmentsOnCompositeTypesRuleTests {
    @Test func `objects, interfaces and unions have fragments`() throws {
        let document =
            "fragment A on Dog { name } fragment B on Being { ... { name } } fragment C on Pet { ... on Cat { meows } }"
        #expect(try problems(.fragmentsOnCompositeTypes, document) == [])
    }

    @Test func `other types have not`() throws {
        let document =
            "fragment A on Command { x }\nfragment B on Pet { ... on Filter { x } ... on Unknown { x } }\nfragment C on Json { x }"
        #expect(
            try problems(.fragmentsOnCompositeTypes, document) == [
                #"1:15 Fragment "A" cannot condition on non composite type "Command"."#,
                #"2:28 Fragment cannot condition on non composite type "Filter"."#,
                #"3:15 Fragment "C" cannot condition on non composite type "Json"."#,
            ]
        )
    }
}
