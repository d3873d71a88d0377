import GraphQLEngine
import Testing

@Suite struct NoUndefinedVariablesRuleTests {
    @Test func `variables are defined for the fragments an operation reaches`() throws {
        let document =
            "query A($x: ID) { ...F } fragment F on Query { ...G } fragment G on Query { human(id: $x) { iq } ...F }"
        #expect(try problems(.noUndefinedVariables, document) == [])
    }

    @Test func `each use is told, for each operation that reaches it`() throws {
        let document = """
            query A($x: ID) { human(id: $y) { iq } ...F }
            query B { ...F }
            query C { dog { name } }
            fragment F on Query { strings(value: [$x, $y]) }
            """
        #expect(
            try problems(.noUndefinedVariables, document) == [
                #"1:29 1:1 Variable "$y" is not defined by operation "A"."#,
                #"4:43 1:1 Variable "$y" is not defined by operation "A"."#,
                #"4:39 2:1 Variable "$x" is not defined by operation "B"."#,
                #"4:43 2:1 Variable "$y" is not defined by operation "B"."#,
            ]
        )
    }

    @Test func `an operation without a name is not named`() throws {
        #expect(
            try problems(.noUndefinedVariables, "{ dog @skip(if: $x) { name } }") == [
                #"1:17 1:1 Variable "$x" is not defined."#
            ]
        )
    }

    @Test func `more operations than bits in a word are told apart`() throws {
        let operations = (0..<200).map { "query Q\($0)(\($0 == 130 ? "$y" : "$x"): ID) { ...F }" }
        let document = operations.joined(separator: "\n") + "\nfragment F on Query { human(id: $x) { iq } }"
        #expect(
            try problems(.noUndefinedVariables, document) == [
                #"201:33 131:1 Variable "$x" is not defined by operation "Q130"."#
            ]
        )
    }
}
