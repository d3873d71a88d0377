import GraphQLEngine
import Testing

@Suite struct ValuesOfCorrectTypeRuleTests {
    @Test(arguments: [
        "{ int(value: 1) a: int(value: -2147483648) b: int(value: null) float(value: 1) c: float(value: 1e3) }",
        "{ string(value: \"a\") a: string(value: \"\"\"b\"\"\") boolean(value: true) id(value: 1) b: id(value: \"x\") }",
        "{ command(value: SIT) strings(value: [\"a\", null]) a: strings(value: \"b\") b: strings(value: []) }",
        "{ json(value: {a: [1, ENUM, null], a: \"x\"}) a: json(value: [$x, 1.5]) b: json(value: ANY) }",
        "{ filter(value: {required: true, numbers: 1, inner: {required: false, numbers: [1, 2]}}) }",
        "{ key(value: {id: 1}) a: key(value: {name: $name}) }",
        "query($a: Int = 1, $b: Filter = {required: true}, $c: Unknown = [1], $d: Dog = 1) { unknown(x: 1) int(y: {z: 1}) }",
    ])
    func `values of their types`(document: String) throws {
        #expect(try problems(.valuesOfCorrectType, document) == [])
    }

    @Test(arguments: [
        (#"int(value: "1")"#, #"Int cannot represent non-integer value: "1""#),
        ("int(value: 1.0)", "Int cannot represent non-integer value: 1.0"),
        ("int(value: 2147483648)", "Int cannot represent non 32-bit signed integer value: 2147483648"),
        (
            "int(value: -99999999999999999999)",
            "Int cannot represent non 32-bit signed integer value: -99999999999999999999"
        ),
        ("int(value: [1])", "Int cannot represent non-integer value: [1]"),
        ("int(value: {a: 1})", "Int cannot represent non-integer value: {a: 1}"),
        ("float(value: true)", "Float cannot represent non numeric value: true"),
        ("string(value: 1)", "String cannot represent a non string value: 1"),
        ("string(value: [\"\"\"a\"\"\"])", "String cannot represent a non string value: [\"\"\"a\"\"\"]"),
        ("boolean(value: TRUE)", "Boolean cannot represent a non boolean value: TRUE"),
        ("id(value: 1.5)", "ID cannot represent a non-string and non-integer value: 1.5"),
        ("command(value: 1)", #"Enum "Command" cannot represent non-enum value: 1."#),
        (
            #"command(value: "SIT")"#,
            #"Enum "Command" cannot represent non-enum value: "SIT". Did you mean the enum value "SIT"?"#
        ),
        ("command(value: SITT)", #"Value "SITT" does not exist in "Command" enum. Did you mean the enum value "SIT"?"#),
        ("strings(value: [1])", "String cannot represent a non string value: 1"),
        ("filter(value: 1)", #"Expected value of type "Filter", found 1."#),
        ("filter(value: [{required: true}])", #"Expected value of type "Filter", found [{required: true}]."#),
        ("filter(value: {})", #"Field "Filter.required" of required type "Boolean!" was not provided."#),
        ("filter(value: {required: null})", #"Expected value of type "Boolean!", found null."#),
        ("filter(value: {required: true, numbers: [null]})", #"Expected value of type "Int!", found null."#),
        (
            "filter(value: {required: true, nme: 1})",
            #"Field "nme" is not defined by type "Filter". Did you mean "name"?"#
        ),
        ("requiredKey(value: null)", #"Expected value of type "Key!", found null."#),
        ("key(value: {})", #"OneOf Input Object "Key" must specify exactly one key."#),
        ("key(value: {id: 1, name: \"a\"})", #"OneOf Input Object "Key" must specify exactly one key."#),
        ("key(value: {id: null})", #"Field "Key.id" must be non-null."#),
        ("dog @skip(if: 1) { name }", "Boolean cannot represent a non boolean value: 1"),
    ])
    func `values of other types`(selection: String, message: String) throws {
        let found = try problems(.valuesOfCorrectType, "{ \(selection) }")
        #expect(found.map { $0.split(separator: " ", maxSplits: 1).last.map(String.init) } == [message])
    }

    @Test func `places and defaults of variables`() throws {
        let document = "query($a: Int = \"x\", $b: Filter = {numbers: [1, true]}) {\n dog { knows(command: BARK) } }"
        #expect(
            try problems(.valuesOfCorrectType, document) == [
                #"1:17 Int cannot represent non-integer value: "x""#,
                #"1:35 Field "Filter.required" of required type "Boolean!" was not provided."#,
                "1:49 Int cannot represent non-integer value: true",
                #"2:23 Value "BARK" does not exist in "Command" enum."#,
            ]
        )
    }

    @Test func `inside of a value that is wrong as a whole nothing more is told`() throws {
        #expect(
            try problems(.valuesOfCorrectType, "{ filter(value: [{nme: 1, numbers: \"x\"}]) int(value: [[1.5]]) }")
                .count == 2
        )
    }
}
