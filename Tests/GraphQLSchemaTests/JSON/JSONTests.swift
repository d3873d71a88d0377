import GraphQLSchema
import Testing

@Suite struct JSONTests {
    @Test(arguments: [
        ("null", Value.null), (" true ", .boolean(true)), ("false", .boolean(false)), ("0", .int(0)),
        ("-12", .int(-12)),
        ("1.5e3", .float(1500)), ("1.0", .float(1)), ("9223372036854775808", .float(9223372036854775808)),
        ("[]", .list([])), ("[1, [2]]", .list([.int(1), .list([.int(2)])])), ("{}", .object([])),
        (#"{"b": 1, "a": {"c": null}}"#, .object([.init("b", .int(1)), .init("a", .object([.init("c", .null)]))])),
        (#"{"a": 1, "b": 2, "a": 3}"#, .object([.init("a", .int(3)), .init("b", .int(2))])),
        (#""é\u00e9\n\"\\\/\b\f\r\t""#, .string("éé\n\"\\/\u{08}\u{0C}\r\t")),
        (#""\uD83D\uDE00 \uD83D \uDE00 \uD83D\u0041""#, .string("😀 \u{FFFD} \u{FFFD} \u{FFFD}A")),
    ])
    func `values are read`(text: String, value: Value) throws {
        #expect(try Value(json: text) == value)
    }

    @Test(arguments: [
        ("", "Expected a value.", 0), ("nul", "Expected a value.", 0), ("1 2", "Unexpected text behind the value.", 2),
        ("01", "Unexpected text behind the value.", 1), ("1.", "Expected a digit.", 2), ("-", "Expected a digit.", 1),
        ("1e", "Expected a digit.", 2), ("1e999", "Number out of range.", 5), ("[1", "Expected \",\" or \"]\".", 2),
        ("[1,]", "Expected a value.", 3), ("{\"a\"}", "Expected \":\".", 4),
        ("{\"a\":1,}", "Expected the name of a member.", 7),
        ("{a:1}", "Expected the name of a member.", 1), ("\"a", "Unterminated string.", 2),
        ("\"\\", "Unterminated string.", 2), ("\"\\x\"", "Unknown escape sequence.", 3),
        ("\"\\u12\"", "Expected four hexadecimal digits.", 5), ("\"\n\"", "Control character in a string.", 1),
        ("'a'", "Expected a value.", 0), ("NaN", "Expected a value.", 0),
    ])
    func `what is not JSON is refused where it goes wrong`(text: String, message: String, offset: Int) {
        let error = #expect(throws: JSONError.self) { try Value(json: text) }
        #expect(error?.message == message)
        #expect(error?.offset == offset)
    }

    @Test(arguments: [
        [0x22, 0x80, 0x22], [0x22, 0xC2, 0x22], [0x22, 0xED, 0xA0, 0x80, 0x22], [0x22, 0x5C, 0x6E, 0xFF, 0x22],
    ])
    func `malformed UTF-8 is refused`(bytes: [UInt8]) {
        #expect(throws: JSONError.self) { try Value(json: bytes) }
    }

    @Test func `nesting is bounded`() throws {
        let deep = String(repeating: "[", count: 500) + String(repeating: "]", count: 500)
        _ = try Value(json: deep)
        #expect(throws: JSONError.self) { try Value(json: "[" + deep + "]") }
        #expect(throws: JSONError.self) { try Value(json: String(repeating: "{\"a\":", count: 100_000)) }
    }

    @Test func `values are written as they are read`() throws {
        let text = #"{"b":[1,-2.5,true,null,"é\"\\\n\u0001"],"a":{}}"#
        #expect(try Value(json: text).json == text)
        #expect(Value.enum("RED").json == "\"RED\"")
        #expect(Value.float(.infinity).json == "null")
    }
}
