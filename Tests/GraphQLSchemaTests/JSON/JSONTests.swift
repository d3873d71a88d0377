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
        (#""\uD83D\uDE00 \u0000""#, .string("😀 \u{0}")), ("-0", .int(0)), ("1E-2", .float(0.01)),
    ])
    func `values are read`(text: String, value: Value) throws {
        #expect(try Value(json: text) == value)
    }

    @Test(arguments: [
        ("", "Expected a value.", 0), ("nul", "Expected a value.", 0), ("1 2", "Unexpected text behind the value.", 2),
        ("01", "Unexpected text behind the value.", 1), ("1.", "Expected a digit.", 2), ("-", "Expected a digit.", 1),
        ("1e", "Expected a digit.", 2), ("[1e999]", "Number out of range.", 1), ("[1", "Expected \",\" or \"]\".", 2),
        ("[1,]", "Expected a value.", 3), ("{\"a\"}", "Expected \":\".", 4),
        ("{\"a\":1,}", "Expected the name of a member.", 7),
        ("{a:1}", "Expected the name of a member.", 1), ("\"a", "Unterminated string.", 0),
        ("\"\\", "Unterminated string.", 2), ("\"\\x\"", "Unknown escape sequence.", 1),
        ("\"\\u12\"", "Expected four hexadecimal digits.", 5), ("\"\n\"", "Control character in a string.", 1),
        (#""a\uD83D b""#, "Half a surrogate pair in a string.", 2),
        (#""\uD83D\u0041""#, "Half a surrogate pair in a string.", 1),
        (#""\uDE00""#, "Half a surrogate pair in a string.", 1),
        ("'a'", "Expected a value.", 0), ("\u{FEFF}1", "Expected a value.", 0), ("NaN", "Expected a value.", 0),
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
        let deep = String(repeating: "[", count: 128) + String(repeating: "]", count: 128)
        _ = try Value(json: deep)
        let error = #expect(throws: JSONError.self) { try Value(json: "[" + deep + "]") }
        #expect(error?.message == "Nested deeper than 128 levels.")
        #expect(error?.offset == 128)
        #expect(throws: JSONError.self) { try Value(json: String(repeating: "{\"a\":", count: 100_000)) }
        _ = try Value(json: "[" + deep + "]", limits: JSONLimits(depth: 129))
    }

    @Test func `size, number of values and length of numbers are bounded`() throws {
        _ = try Value(json: "[1,2]", limits: JSONLimits(bytes: 5, values: 3))
        let size = #expect(throws: JSONError.self) { try Value(json: "[1,2]", limits: JSONLimits(bytes: 4)) }
        #expect(size == JSONError(message: "Larger than 4 bytes.", offset: 0))
        let count = #expect(throws: JSONError.self) { try Value(json: "[1,2]", limits: JSONLimits(values: 2)) }
        #expect(count == JSONError(message: "More than 2 values.", offset: 3))
        let digits = #expect(throws: JSONError.self) { try Value(json: String(repeating: "1", count: 1_025)) }
        #expect(digits == JSONError(message: "Number too long.", offset: 0))
    }

    @Test func `of members with one name the last counts, in large objects too`() throws {
        let members = (0..<100).map { "\"m\($0 % 40)\":\($0)" }.joined(separator: ",")
        guard case .object(let fields) = try Value(json: "{\(members)}") else {
            Issue.record("an object was expected")
            return
        }
        #expect(fields.map(\.name) == (0..<40).map { "m\($0)" })
        #expect(fields.map(\.value) == (0..<40).map { .int($0 < 20 ? $0 + 80 : $0 + 40) })
    }

    @Test func `an object of many members takes linear time`() throws {
        let members = (0..<100_000).map { "\"m\($0)\":0" }.joined(separator: ",")
        let text = Array("{\(members)}".utf8)
        let time = try ContinuousClock().measure { _ = try Value(json: text) }
        #expect(time < .seconds(5))
    }

    @Test func `values are written as they are read`() throws {
        let text = #"{"b":[1,-2.5,true,null,"é\"\\\b\t\n\f\r\u0001\u001f"],"a":{}}"#
        #expect(try Value(json: text).json == text)
        #expect(Value.enum("RED").json == "\"RED\"")
        #expect(Value.float(.infinity).json == "null")
    }

    @Test(arguments: [
        (0, "0"), (-0.0, "0"), (1, "1"), (-1.5, "-1.5"), (0.1, "0.1"), (100, "100"), (1e21, "1e+21"),
        (123_456_789_012_345_683_968, "123456789012345680000"), (1.5e300, "1.5e+300"), (-1e-7, "-1e-7"),
        (0.000001, "0.000001"), (1.25e-7, "1.25e-7"), (.leastNonzeroMagnitude, "5e-324"),
        (0.1 + 0.2, "0.30000000000000004"),
        (9_007_199_254_740_992, "9007199254740992"), (1_234.5678, "1234.5678"), (1e20, "100000000000000000000"),
    ])
    func `floats are written as JavaScript writes them`(number: Double, text: String) {
        #expect(Value.float(number).json == text)
        #expect(number.javaScriptText == text)
    }
}
