/// A place in a document as people count it: lines and columns from 1, columns in UTF-16 code units.
public struct SourceLocation: Hashable, Sendable {
    public let line: Int
    public let column: Int

    public init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }

    /// Finds the line and column of a byte offset. Lines end with LF, CR or CRLF.
    ///
    /// Runs over the text up to the offset; it is meant for error paths, where that price is paid once per error.
    public init(offset: Int, in bytes: [UInt8]) {
        var line = 1
        var lineStart = 0
        var index = 0
        let end = min(offset, bytes.count)
        while index < end {
            let byte = bytes[index]
            index += 1
            if byte == UInt8(ascii: "\r") {
                if index < bytes.count, bytes[index] == UInt8(ascii: "\n") {
                    // An offset between CR and LF still belongs to the line that they end.
                    if index >= end { break }
                    index += 1
                }
            } else if byte != UInt8(ascii: "\n") {
                continue
            }
            line += 1
            lineStart = index
        }
        self.line = line
        self.column = 1 + Self.utf16Length(bytes[lineStart..<end])
    }

    private static func utf16Length(_ bytes: ArraySlice<UInt8>) -> Int {
        var length = 0
        for byte in bytes where byte & 0xC0 != 0x80 {
            length += byte >= 0xF0 ? 2 : 1
        }
        return length
    }
}
