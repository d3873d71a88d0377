import GraphQLEngine
import Testing

@Suite struct UniqueFragmentNamesRuleTests {
    @Test func `fragments of different names are fine`() throws {
        let document = "query A { ...A ...B } fragment A on Query { dog { name } } fragment B on Query { cat { name } }"
        #expect(try problems(.uniqueFragmentNames, document) == [])
    }

    @Test func `each repetition is held against the first`() throws {
        let document = "fragment A on Dog { name }\nfragment A on Cat { name }\nfragment A on Pet { __typename }"
        #expect(
            try problems(.uniqueFragmentNames, document) == [
                #"1:10 2:10 There can be only one fragment named "A"."#,
                #"1:10 3:10 There can be only one fragment named "A"."#,
            ]
        )
    }
}
