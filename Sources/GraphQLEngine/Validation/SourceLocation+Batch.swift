import GraphQLLanguage

extension SourceLocation {
    /// Finds the lines and columns of many offsets with one run over the text.
    static func locations(of offsets: [Int32], in bytes: [UInt8]) -> [Int32: SourceLocation] {
        var locations: [Int32: SourceLocation] = [:]
        locations.reserveCapacity(offsets.count)
        var line = 1
        var column = 1
        var index = 0
        for offset in offsets.sorted() {
            while index < Int(offset) {
                let byte = bytes[index]
                index += 1
                let isLineFeed = byte == UInt8(ascii: "\n")
                if isLineFeed || byte == UInt8(ascii: "\r") {
                    // The two bytes of CRLF end one line.
                    if isLineFeed, index > 1, bytes[index - 2] == UInt8(ascii: "\r") { continue }
                    line += 1
                    column = 1
                } else if byte & 0xC0 != 0x80 {
                    column += byte >= 0xF0 ? 2 : 1
                }
            }
            locations[offset] = SourceLocation(line: line, column: column)
        }
        return locations
    }
}
