import GraphQLLanguage
import Testing

@Suite struct SourceLocationTests {
    @Test(arguments: [
        (0, 1, 1), (2, 1, 3), (3, 2, 1), (5, 2, 3), (6, 3, 1), (7, 3, 2),
    ])
    func `every kind of line end starts a new line`(offset: Int, line: Int, column: Int) {
        let location = SourceLocation(offset: offset, in: Array("ab\nc\r\nd\re".utf8))
        #expect(location == SourceLocation(line: line, column: column))
    }

    @Test func `columns count UTF-16 code units`() {
        let text = Array("é😀x".utf8)
        #expect(SourceLocation(offset: text.count - 1, in: text) == SourceLocation(line: 1, column: 4))
    }
}
