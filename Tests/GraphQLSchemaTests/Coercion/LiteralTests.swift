import GraphQLLanguage
import GraphQLSchema
import Testing

@Suite struct LiteralTests {
    @Test(arguments: [
        ("1", "Int", "1"), ("2147483648", "Int", nil), ("1.0", "Int", nil), ("\"1\"", "Int", nil), ("true", "Int", nil),
        ("1", "Float", "1"), ("1.5e3", "Float", "1500"), ("1e999", "Float", nil), ("\"1\"", "Float", nil),
        ("\"a\"", "String", "\"a\""), ("1", "String", nil), ("RED", "String", nil), ("[]", "String", nil),
        ("1", "ID", "\"1\""), ("\"x\"", "ID", "\"x\""), ("1.5", "ID", nil),
        ("true", "Boolean", "true"), ("0", "Boolean", nil),
        ("RED", "Color", "\"RED\""), ("\"RED\"", "Color", nil), ("PINK", "Color", nil),
        ("null", "Int", "null"), ("null", "Int!", nil),
        ("[1, null]", "[Int]", "[1,null]"), ("[1, null]", "[Int!]", nil), ("1", "[Int]", "[1]"),
        ("1", "[[Int]]", "[[1]]"),
        ("null", "[Int]", "null"), ("[]", "[Int!]!", "[]"), ("{}", "[Filter]", "[{\"limit\":10}]"),
        ("{id: 3, name: \"n\"}", "Filter", #"{"limit":10,"name":"n","id":"3"}"#), ("{limit: null}", "Filter", nil),
        ("1", "Filter", nil),
        ("{next: {next: {limit: 1}}}", "Filter", #"{"limit":10,"next":{"limit":10,"next":{"limit":1}}}"#),
        ("{number: 1}", "Choice", #"{"number":1}"#), ("{number: 1, text: \"\"}", "Choice", nil), ("{}", "Choice", nil),
        ("{number: null}", "Choice", nil),
        ("{a: [RED, 1.5], b: null}", "Any", #"{"a":["RED",1.5],"b":null}"#),
        ("{}", "Chain", #"{"link":{"color":"GREEN","numbers":[7]}}"#),
    ])
    func `literals coerce by their type`(text: String, type: String, json: String?) throws {
        #expect(try CoercionFixture.literal(text, to: type) == json)
    }

    @Test(arguments: [
        ("$x", "Int", "{\"x\":1}", "1"), ("$x", "Int", "{}", nil), ("$x", "Int!", "{\"x\":null}", nil),
        ("$x", "Int", "{\"x\":null}", "null"), ("[$x]", "[Int]", "{}", "[null]"), ("[$x]", "[Int!]", "{}", nil),
        ("[$x, 2]", "[Int!]", "{\"x\":1}", "[1,2]"), ("$x", "[Int]", "{\"x\":[1]}", "[1]"),
        ("{limit: $x}", "Filter", "{}", #"{"limit":10}"#), ("{name: $x}", "Filter", "{}", #"{"limit":10}"#),
        ("{limit: $x}", "Filter", "{\"x\":null}", nil), ("{number: $x}", "Choice", "{}", nil),
        ("{number: $x}", "Choice", "{\"x\":null}", nil),
        ("{number: $x, text: $y}", "Choice", "{\"x\":1}", #"{"number":1}"#),
        ("{a: $x, b: [$x, $y]}", "Any", "{\"y\":{\"deep\":true}}", #"{"b":[null,{"deep":true}]}"#),
        ("$x", "Any", "{}", nil),
    ])
    func `variables stand for their values`(text: String, type: String, variables: String, json: String?) throws {
        #expect(try CoercionFixture.literal(text, to: type, variables) == json)
    }

    @Test func `a default that contains itself ends where it begins again`() throws {
        // The rules for schemas refuse it; a schema that was not checked has to be built all the same.
        #expect(try CoercionFixture.literal("{}", to: "Loop") == #"{"self":{"other":1}}"#)
    }

    @Test func `a variable's value is not coerced again`() throws {
        // It was coerced to the variable's type: an enum value came as a string, a single value became a list.
        let schema = try CoercionFixture.schema()
        let color = try CoercionFixture.type("Color", in: schema)
        let value = schema.coerceLiteral(
            0,
            in: try Document(parsingValue: "$c"),
            to: color,
            variables: VariableValues([.init("c", .enum("RED"))])
        )
        #expect(value == .enum("RED"))
    }

    @Test func `many fields and variables take linear time`() throws {
        let fields = (0..<4_000).map { "f\($0): Int" }.joined(separator: " ")
        let schema = try Schema(unchecked: "type Query { a: Int } input Wide { \(fields) }")
        let text = "{" + (0..<4_000).map { "f\($0): $v\($0)" }.joined(separator: " ") + "}"
        let variables = VariableValues((0..<4_000).map { .init("v\($0)", .int($0)) })
        let document = try Document(parsingValue: text)
        let type = try CoercionFixture.type("Wide", in: schema)
        var value: Value?
        let time = ContinuousClock().measure {
            value = schema.coerceLiteral(0, in: document, to: type, variables: variables)
        }
        #expect(value?["f3999"] == .int(3_999))
        #expect(time < .seconds(5))
    }
}
