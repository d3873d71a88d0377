import GraphQLEngine
import Testing

@Suite struct NoUnusedFragmentsRuleTests {
    @Test func `fragments reached by way of others are used`() throws {
        let document =
            "query A { dog { ...A } } query B { dog { owner { ...C } } } fragment A on Dog { ...B } fragment B on Dog { name } fragment C on Human { iq }"
        #expect(try problems(.noUnusedFragments, document) == [])
    }

    @Test func `fragments that only spread each other are not`() throws {
        let document = "{ dog { name } }\nfragment A on Dog { ...B }\nfragment B on Dog { ...A }"
        #expect(
            try problems(.noUnusedFragments, document) == [
                #"2:1 Fragment "A" is never used."#, #"3:1 Fragment "B" is never used."#,
            ]
        )
    }
}
