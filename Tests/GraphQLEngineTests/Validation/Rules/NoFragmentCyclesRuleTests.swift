import GraphQLEngine
import Testing

@Suite struct NoFragmentCyclesRuleTests {
    @Test func `fragments spread twice or by several others are no cycle`() throws {
        let document =
            "fragment A on Dog { ...B ...C ...B } fragment B on Dog { ...C } fragment C on Dog { name ...Unknown }"
        #expect(try problems(.noFragmentCycles, document) == [])
    }

    @Test func `a fragment must not spread itself, at any depth`() throws {
        #expect(
            try problems(.noFragmentCycles, "fragment A on Dog { mother { ... { ...A } } }") == [
                #"1:36 Cannot spread fragment "A" within itself."#
            ]
        )
    }

    @Test func `the way around a cycle is told`() throws {
        let document = "fragment A on Dog { ...B }\nfragment B on Dog { ...C }\nfragment C on Dog { ...A ...C }"
        #expect(
            try problems(.noFragmentCycles, document) == [
                #"1:21 2:21 3:21 Cannot spread fragment "A" within itself via "B", "C"."#,
                #"3:26 Cannot spread fragment "C" within itself."#,
            ]
        )
    }

    @Test func `two cycles through one fragment are two errors`() throws {
        let document = "fragment A on Dog { ...B ...C }\nfragment B on Dog { ...A }\nfragment C on Dog { ...A ...B }"
        #expect(
            try problems(.noFragmentCycles, document) == [
                #"1:21 2:21 Cannot spread fragment "A" within itself via "B"."#,
                #"1:26 3:21 Cannot spread fragment "A" within itself via "C"."#,
            ]
        )
    }
}
