import GraphQLEngine
import Testing

@Suite struct UniqueArgumentNamesRuleTests {
    @Test func `the same argument on different fields is fine`() throws {
        #expect(
            try problems(.uniqueArgumentNames, "{ a: human(id: 1) { iq } b: human(id: 1) @onField(arg: 1) { iq } }")
                == []
        )
    }

    @Test func `all uses of one name are told together`() throws {
        #expect(
            try problems(
                .uniqueArgumentNames,
                "{ human(id: 1, x: 2, id: 2, x: 3, id: 3) @onField(arg: 1, arg: 1) { iq } }"
            ) == [
                #"1:9 1:22 1:35 There can be only one argument named "id"."#,
                #"1:16 1:29 There can be only one argument named "x"."#,
                #"1:51 1:59 There can be only one argument named "arg"."#,
            ]
        )
    }
}
