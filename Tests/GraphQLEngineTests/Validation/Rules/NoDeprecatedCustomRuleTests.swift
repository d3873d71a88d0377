import GraphQLEngine
import Testing

@Suite struct NoDeprecatedCustomRuleTests {
    @Test func `what is not deprecated may be used`() throws {
        #expect(
            try problems(
                .noDeprecated,
                "{ dog { name knows(command: SIT) } filter(value: {required: true}) unknown(old: 1) }"
            ) == []
        )
    }

    @Test func `fields, arguments, input fields and enum values are told`() throws {
        let document =
            "query($c: Command = JUMP) { dog {\n oldName knows(command: JUMP) }\n filter(old: 1, value: {required: true, old: \"x\"}) }"
        #expect(
            try problems(.noDeprecated, document) == [
                #"1:21 The enum value "Command.JUMP" is deprecated. Too old."#,
                "2:2 The field Dog.oldName is deprecated. Use name.",
                #"2:25 The enum value "Command.JUMP" is deprecated. Too old."#,
                #"3:9 Field "Query.filter" argument "old" is deprecated. No longer."#,
                "3:41 The input field Filter.old is deprecated. Gone.",
            ]
        )
    }
}
