import GraphQLSchema
import Testing

@Suite struct LeafResultTests {
    private func result(_ value: Value, _ type: String) throws -> Value {
        let schema = try CoercionFixture.schema()
        return try schema.coerceResult(value, to: try #require(schema.type(named: type)))
    }

    @Test(arguments: [
        (Value.int(1), "Int", Value.int(1)), (.float(3), "Int", .int(3)), (.string("42"), "Int", .int(42)),
        (.string(" 0x1f "), "Int", .int(31)), (.string("1e3"), "Int", .int(1_000)), (.string(" "), "Int", .int(0)),
        (.boolean(true), "Int", .int(1)), (.int(2), "Float", .float(2)), (.string("1.5"), "Float", .float(1.5)),
        (.string(".5"), "Float", .float(0.5)), (.boolean(false), "Float", .float(0)),
        (.boolean(true), "String", .string("true")), (.float(1e21), "String", .string("1e+21")),
        (.int(9_007_199_254_740_993), "String", .string("9007199254740993")), (.int(0), "Boolean", .boolean(false)),
        (.float(0.5), "Boolean", .boolean(true)), (.int(-3), "ID", .string("-3")), (.float(4), "ID", .string("4")),
        (.string("RED"), "Color", .enum("RED")), (.list([.int(1)]), "Any", .list([.int(1)])),
    ])
    func `results become values of their type`(value: Value, type: String, expected: Value) throws {
        #expect(try result(value, type) == expected)
    }

    @Test(arguments: [
        (Value.float(1.5), "Int", "Int cannot represent non-integer value: 1.5"),
        (.int(1 << 31), "Int", "Int cannot represent non 32-bit signed integer value: 2147483648"),
        (.float(1e100), "Int", "Int cannot represent non 32-bit signed integer value: 1e+100"),
        (.string(""), "Int", "Int cannot represent non-integer value: \"\""),
        (.string("one"), "Int", "Int cannot represent non-integer value: \"one\""),
        (.string("0x-1"), "Int", "Int cannot represent non-integer value: \"0x-1\""),
        (.string("nan"), "Float", "Float cannot represent non numeric value: \"nan\""),
        (.string("0x1p3"), "Float", "Float cannot represent non numeric value: \"0x1p3\""),
        (.float(.nan), "Float", "Float cannot represent non numeric value: NaN"),
        (.float(.infinity), "String", "String cannot represent value: Infinity"),
        (.object([.init("a", .int(1))]), "String", "String cannot represent value: { a: 1 }"),
        (.string("true"), "Boolean", "Boolean cannot represent a non boolean value: \"true\""),
        (.float(0.5), "ID", "ID cannot represent value: 0.5"),
        (.boolean(true), "ID", "ID cannot represent value: true"),
        (.string("PINK"), "Color", "Enum \"Color\" cannot represent value: \"PINK\""),
        (.int(1), "Color", "Enum \"Color\" cannot represent value: 1"),
    ])
    func `results that fit no value are refused in the words of graphql-js`(value: Value, type: String, message: String)
    {
        let refusal = #expect(throws: LeafRefusal.self) { try result(value, type) }
        #expect(refusal?.message == message)
    }

    @Test(arguments: [
        (Value.list([]), "[]"), (.object([]), "{}"), (.string("a\"\n"), #""a\"\n""#),
        (.int(1 << 60), "1152921504606847000"),
        (.list((1...12).map(Value.int)), "[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, ... 2 more items]"),
        (.list((1...11).map(Value.int)), "[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, ... 1 more item]"),
        (.list([.list([.list([.int(1)]), .list([]), .object([.init("a", .null)])])]), "[[[Array], [], [Object]]]"),
        (
            .object([.init("a", .object([.init("b", .null), .init("c", .object([.init("d", .int(1))]))]))]),
            "{ a: { b: null, c: [Object] } }"
        ),
    ])
    func `values are shown as JavaScript shows them`(value: Value, text: String) {
        #expect(value.inspected == text)
    }
}
