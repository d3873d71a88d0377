import Testing

@testable import Credentials

@Suite struct TokenTests {
    @Test(arguments: OpaqueToken.Purpose.allCases)
    func `an opaque token is known by its text, and kept as a hash`(purpose: OpaqueToken.Purpose) throws {
        let token = OpaqueToken.random(purpose)
        let read = try #require(OpaqueToken(token.text, purpose))
        #expect(read == token && read.hash == token.hash && token.hash.count == 32)
        #expect(OpaqueToken.random(purpose).hash != token.hash)
        #expect(!"\(token)".contains(token.text.dropFirst(3)))
        for other in OpaqueToken.Purpose.allCases where other != purpose {
            #expect(OpaqueToken(token.text, other) == nil)
        }
    }

    @Test func `only a token itself opens its successor`() {
        let (token, successor) = (OpaqueToken.random(.refresh), OpaqueToken.random(.refresh))
        let sealed = token.seal(successor: successor)
        #expect(token.successor(in: sealed) == successor)
        #expect(OpaqueToken.random(.refresh).successor(in: sealed) == nil)
        #expect(token.successor(in: Array(sealed.dropLast())) == nil)
        #expect(token.successor(in: sealed.map { $0 ^ 1 }) == nil)
    }

    @Test(arguments: [
        "", "mr_", "mr_short", "mr_" + String(repeating: "=", count: 43),
        "mr_" + String(repeating: "A", count: 100_000),
    ])
    func `what is no token is none`(text: String) { #expect(OpaqueToken(text, .refresh) == nil) }

    @Test(arguments: [
        #"{"a":1}"#, #" { "a" : [ true , null , -1.5e3 ] } "#, #""é 😀""#, "[]", "{}", "[[],{}]",
    ])
    func `JSON is read`(json: String) { #expect(JSONValue(json: Array(json.utf8)) != nil) }

    @Test(arguments: [
        "", "{", #"{"a":1,"a":2}"#, #"{"a":1,}"#, "[1,]", "01", "1.", ".5", "+1", "nul", #""\ud800""#, #""\x""#,
        "\"\n\"",
        "{} {}", #"{a:1}"#, "1e999", String(repeating: "[", count: 100_000), #""\u00zz""#,
    ])
    func `what is no JSON is refused`(json: String) { #expect(JSONValue(json: Array(json.utf8)) == nil) }

    @Test func `texts are escaped and come back`() {
        let text = "quote \" backslash \\ line \n zero \0 snow ☃ \u{2028}"
        let json = JSONValue.json([
            ("t", .string(text)), ("n", .number(1_700_000_000)), ("l", .list([.boolean(true), .null])),
        ])
        #expect(json.hasSuffix(#""n":1700000000,"l":[true,null]}"#))
        #expect(JSONValue(json: Array(json.utf8))?.object?["t"]?.string == text)
    }
}
