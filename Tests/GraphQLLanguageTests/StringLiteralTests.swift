import GraphQLLanguage
import Testing

@Suite struct StringLiteralTests {
    @Test(arguments: [
        "", "a", " a", "a ", "a\nb", "a\n\n b", " a\nb", "\"", "\\", "\"\"\"", "é😀", "\u{10}", "\ta\n\t\nb",
    ])
    func `what a block string can hold is read back from one`(value: String) throws {
        #expect(StringLiteral.canBeBlock(value))
        #expect(try Document(parsingValue: StringLiteral.block(value)).stringValue(of: 0) == value)
        #expect(try Document(parsingValue: StringLiteral.quoted(value)).stringValue(of: 0) == value)
    }

    @Test(arguments: [
        " ", "\n", "\na", "a\n", "  \na", "a\n ", " a\n b", "\ta\n  b\n\n c", "a\rb", "a\r\nb", "\u{0}", "\u{0F}",
    ])
    func `what a block string would change is for quotes`(value: String) throws {
        #expect(!StringLiteral.canBeBlock(value))
        #expect(try Document(parsingValue: StringLiteral.quoted(value)).stringValue(of: 0) == value)
    }
}
