import GraphQLLanguage
import GraphQLSchema
import Testing

@Suite struct VariableTests {
    @Test(arguments: [
        ("$a: Int", "{}", "{}"), ("$a: Int", #"{"a":null}"#, #"{"a":null}"#), ("$a: Int = 3", "{}", #"{"a":3}"#),
        ("$a: Int = 3", #"{"a":null}"#, #"{"a":null}"#), ("$a: [Int]", #"{"a":1}"#, #"{"a":[1]}"#),
        ("$a: Int", #"{"a":1.0}"#, #"{"a":1}"#), ("$a: Float", #"{"a":1}"#, #"{"a":1}"#),
        ("$a: ID", #"{"a":7}"#, #"{"a":"7"}"#),
        ("$a: ID", #"{"a":9007199254740993}"#, #"{"a":"9007199254740993"}"#),
        ("$a: Color", #"{"a":"RED"}"#, #"{"a":"RED"}"#),
        ("$a: Any", #"{"a":{"z":[1,null],"b":"c"}}"#, #"{"a":{"z":[1,null],"b":"c"}}"#),
        ("$a: Filter", #"{"a":{"ratio":1,"name":"n"}}"#, #"{"a":{"limit":10,"name":"n","ratio":1}}"#),
        ("$a: Chain", #"{"a":{}}"#, #"{"a":{"link":{"color":"GREEN","numbers":[7]}}}"#),
        ("$a: Choice", #"{"a":{"text":"t"}}"#, #"{"a":{"text":"t"}}"#),
        ("$b: Int $a: Int", #"{"a":1,"b":2,"c":3}"#, #"{"b":2,"a":1}"#),
        ("$a: Int", "[1]", "{}"), ("$a: Int", "null", "{}"),
    ])
    func `variables coerce by their definitions`(definitions: String, given: String, json: String) throws {
        #expect(try CoercionFixture.variables(definitions, given) == .value(json))
    }

    @Test(arguments: [
        ("$a: Int!", "{}", #"Variable "$a" of required type "Int!" was not provided."#),
        ("$a: Int!", #"{"a":null}"#, #"Variable "$a" of non-null type "Int!" must not be null."#),
        ("$a: Nope", "{}", #"Variable "$a" expected value of type "Nope" which cannot be used as an input type."#),
        (
            "$a: [Query!]", "{}",
            #"Variable "$a" expected value of type "[Query!]" which cannot be used as an input type."#
        ),
        (
            "$a: Int", #"{"a":"1"}"#,
            #"Variable "$a" got invalid value "1"; Int cannot represent non-integer value: "1""#
        ),
        (
            "$a: Int", #"{"a":1e10}"#,
            #"Variable "$a" got invalid value 10000000000; Int cannot represent non 32-bit signed integer value: 10000000000"#
        ),
        (
            "$a: Float", #"{"a":"1"}"#,
            #"Variable "$a" got invalid value "1"; Float cannot represent non numeric value: "1""#
        ),
        (
            "$a: String", #"{"a":1}"#,
            #"Variable "$a" got invalid value 1; String cannot represent a non string value: 1"#
        ),
        (
            "$a: Boolean", #"{"a":1}"#,
            #"Variable "$a" got invalid value 1; Boolean cannot represent a non boolean value: 1"#
        ),
        ("$a: ID", #"{"a":1.5}"#, #"Variable "$a" got invalid value 1.5; ID cannot represent value: 1.5"#),
        (
            "$a: Color", #"{"a":"BLU"}"#,
            #"Variable "$a" got invalid value "BLU"; Value "BLU" does not exist in "Color" enum. Did you mean the enum value "BLUE"?"#
        ),
        (
            "$a: Color", #"{"a":1}"#,
            #"Variable "$a" got invalid value 1; Enum "Color" cannot represent non-string value: 1."#
        ),
        ("$a: Filter", #"{"a":1}"#, #"Variable "$a" got invalid value 1; Expected type "Filter" to be an object."#),
        (
            "$a: Filter", #"{"a":{"nam":"n"}}"#,
            #"Variable "$a" got invalid value { nam: "n" }; Field "nam" is not defined by type "Filter". Did you mean "name"?"#
        ),
        (
            "$a: [Filter!]", #"{"a":[{"next":{"tags":["x",null]}}]}"#,
            #"Variable "$a" got invalid value null at "a[0].next.tags[1]"; Expected non-nullable type "String!" not to be null."#
        ),
        (
            "$a: Filter", #"{"a":{"limit":null}}"#,
            #"Variable "$a" got invalid value null at "a.limit"; Expected non-nullable type "Int!" not to be null."#
        ),
        (
            "$a: Choice", #"{"a":{}}"#,
            #"Variable "$a" got invalid value {}; Exactly one key must be specified for OneOf type "Choice"."#
        ),
        (
            "$a: Choice", #"{"a":{"text":null}}"#,
            #"Variable "$a" got invalid value null at "a.text"; Field "text" must be non-null."#
        ),
        (
            "$a: Choice", #"{"a":{"text":1}}"#,
            #"Variable "$a" got invalid value 1 at "a.text"; String cannot represent a non string value: 1"#
        ),
    ])
    func `what does not fit is refused in the words of graphql-js`(
        definitions: String,
        given: String,
        message: String
    )
        throws
    {
        #expect(try CoercionFixture.variables(definitions, given) == .errors([message]))
    }

    @Test func `all that is wrong is reported, up to a limit`() throws {
        let values = "{\"a\":[" + Array(repeating: "\"x\"", count: 60).joined(separator: ",") + "]}"
        guard case .errors(let messages) = try CoercionFixture.variables("$a: [Int] $b: Int!", values) else {
            Issue.record("errors were expected")
            return
        }
        #expect(messages.count == 51)
        #expect(messages[49].hasPrefix("Variable \"$a\" got invalid value \"x\" at \"a[49]\";"))
        #expect(messages[50] == "Too many errors processing variables, error limit reached. Execution aborted.")
    }

    @Test func `exactly as many errors as the limit are all reported`() throws {
        let schema = try CoercionFixture.schema()
        let document = try Document(parsing: "query ($a: [Int]) { __typename }")
        let error = #expect(throws: VariableErrors.self) {
            try schema.coerceVariables(Value(json: #"{"a":["x","y"]}"#), of: 1, in: document, errorLimit: 2)
        }
        #expect(error?.errors.count == 2)
        #expect(error?.errors.first?.locations == [SourceLocation(line: 1, column: 8)])
    }

    @Test func `a message does not carry a megabyte back`() throws {
        let text = String(repeating: "ä", count: 500_000)
        guard case .errors(let messages) = try CoercionFixture.variables("$a: Filter", "{\"a\":{\"x\":\"\(text)\"}}")
        else {
            Issue.record("errors were expected")
            return
        }
        #expect(messages[0].utf8.count < 10_000)
        #expect(messages[0].contains("…; Field \"x\" is not defined by type \"Filter\"."))
    }

    @Test func `of variables with one name in JSON the last counts`() throws {
        #expect(try CoercionFixture.variables("$a: Int", #"{"a":1,"a":2}"#) == .value(#"{"a":2}"#))
    }

    @Test func `thousands of variables take linear time`() throws {
        let definitions = (0..<5_000).map { "$v\($0): Int" }.joined(separator: " ")
        let given = "{" + (0..<5_000).map { "\"v\($0)\":\($0)" }.joined(separator: ",") + "}"
        var outcome: CoercionFixture.Outcome?
        let time = try ContinuousClock().measure { outcome = try CoercionFixture.variables(definitions, given) }
        #expect(outcome == .value(given))
        #expect(time < .seconds(5))
    }
}
