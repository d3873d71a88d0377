import GraphQLEngine
import Testing

@Suite struct UniqueOperationNamesRuleTests {
    @Test func `operations of different names are fine, and a fragment may share one`() throws {
        let document = "query A { ...A } mutation B { rename { name } } fragment A on Query { dog { name } }"
        #expect(try problems(.uniqueOperationNames, document) == [])
    }

    @Test func `each repetition is held against the first`() throws {
        let document = "query A { dog { name } }\nmutation A { rename { name } }\nquery A { cat { name } }"
        #expect(
            try problems(.uniqueOperationNames, document) == [
                #"1:7 2:10 There can be only one operation named "A"."#,
                #"1:7 3:7 There can be only one operation named "A"."#,
            ]
        )
    }
}
