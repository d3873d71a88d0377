/// Removes from a text what its meaning does not need: comments, commas, white space, the indentation of block
/// strings. Works on tokens, so the text does not have to be a whole document.
public enum Minifier {
    public static func minify(_ text: String) throws(SyntaxError) -> String {
        String(decoding: try minify(Array(text.utf8)), as: UTF8.self)
    }

    public static func minify(_ bytes: [UInt8]) throws(SyntaxError) -> [UInt8] {
        var lexer = try Lexer(bytes)
        var output: [UInt8] = []
        output.reserveCapacity(bytes.count)
        var followsWord = false
        while true {
            let token = try lexer.next()
            if token.kind == .endOfFile { return output }
            let isWord = !token.kind.isPunctuator
            // Two names would become one, and a number with dots behind it no number at all.
            if followsWord, isWord || token.kind == .spread { output.append(UInt8(ascii: " ")) }
            if token.kind == .blockString {
                output.append(blockQuoting: token.stringValue(in: bytes), minimized: true)
            } else {
                output.append(contentsOf: bytes[Int(token.start)..<Int(token.end)])
            }
            followsWord = isWord
        }
    }
}
