import IdentityProviders
import Testing

@Suite(.timeLimit(.minutes(3))) struct FormTextTests {
    @Test func `every text comes back as it was`() {
        let fields = [("a b", "ä&=+%?#/\u{0}\r\n"), ("empty", ""), ("日本", "~-._")]
        let text = FormText.encode(fields)
        #expect(text.utf8.allSatisfy { (0x21..<0x7f) ~= $0 })
        #expect(FormText.decode(text) == Dictionary(uniqueKeysWithValues: fields))
    }

    @Test func `what others write is read as well`() {
        #expect(FormText.decode("a=1+2&b&&c=%C3%A4&d=x=y") == ["a": "1 2", "b": "", "c": "ä", "d": "x=y"])
        #expect(FormText.decode("") == [:])
    }

    @Test(arguments: ["a=1&a=2", "a=%", "a=%4", "a=%zz", "a=%ff", "%ff=a"])
    func `what could be read in two ways, or in none, is refused`(text: String) {
        #expect(FormText.decode(text) == nil)
    }

    @Test func `an address keeps the query it has`() {
        #expect(FormText.address("https://a.example/x", with: [("b", "1 2")]) == "https://a.example/x?b=1%202")
        #expect(FormText.address("https://a.example/x?a=1", with: [("b", "2")]) == "https://a.example/x?a=1&b=2")
    }
}
