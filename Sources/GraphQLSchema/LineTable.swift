public import GraphQLLanguage

/// Where the lines of a text begin: locations of many offsets without counting from the start for each.
public struct LineTable: Sendable {
    private let bytes: [UInt8]
    private var starts: [Int] = [0]

    public init(_ bytes: [UInt8]) {
        self.bytes = bytes
        for (index, byte) in bytes.enumerated() {
            let isReturn = byte == UInt8(ascii: "\r")
            // The two bytes of CRLF end one line.
            let isSplit = isReturn && index + 1 < bytes.count && bytes[index + 1] == UInt8(ascii: "\n")
            if byte == UInt8(ascii: "\n") || isReturn && !isSplit { starts.append(index + 1) }
        }
    }

    public func location(at offset: Int) -> SourceLocation {
        var (low, high) = (0, starts.count)
        while high - low > 1 {
            let middle = (low + high) / 2
            if starts[middle] <= offset { low = middle } else { high = middle }
        }
        var column = 1
        for byte in bytes[starts[low]..<offset] where byte & 0xC0 != 0x80 {
            // Columns are UTF-16 code units: beyond the basic plane a scalar has two.
            column += byte >= 0xF0 ? 2 : 1
        }
        return SourceLocation(line: low + 1, column: column)
    }
}
