import GraphQLEngine
import Testing

@Suite struct KnownFragmentNamesRuleTests {
    @Test func `fragments may be spread before they are defined`() throws {
        #expect(
            try problems(.knownFragmentNames, "{ dog { ...A } } fragment A on Dog { ...B } fragment B on Dog { name }")
                == []
        )
    }

    @Test func `unknown ones are told wherever they are spread`() throws {
        #expect(
            try problems(.knownFragmentNames, "{ ... X dog { ...Y } }\nfragment A on Dog { ...X }") == [
                #"1:7 Unknown fragment "X"."#, #"1:18 Unknown fragment "Y"."#, #"2:24 Unknown fragment "X"."#,
            ]
        )
    }
}
