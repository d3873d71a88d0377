import GraphQLEngine
import Testing

@Suite struct UniqueVariableNamesRuleTests {
    @Test func `different operations may define the same variable`() throws {
        #expect(
            try problems(
                .uniqueVariableNames,
                "query A($x: Int, $y: Int) { dog { name } } query B($x: Int) { dog { name } }"
            ) == []
        )
    }

    @Test func `all definitions of one name are told together`() throws {
        #expect(
            try problems(
                .uniqueVariableNames,
                "query A($x: Int, $y: Int, $x: Int, \"described\" $x: ID, $y: Int) { dog { name } }"
            ) == [
                #"1:10 1:28 1:49 There can be only one variable named "$x"."#,
                #"1:19 1:57 There can be only one variable named "$y"."#,
            ]
        )
    }
}
