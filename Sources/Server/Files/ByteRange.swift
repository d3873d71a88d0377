import HTTPServer

/// Which bytes a client wants: https://www.rfc-editor.org/rfc/rfc9110#section-14.2
enum ByteRange: Equatable {
    /// No range, or one that may be passed over: of another unit, malformed, several, or of another state of the file.
    case all
    case some(Range<Int>)
    /// Behind the end.
    case none

    static func wanted(by request: HTTPRequest, of size: Int, tag: String) -> ByteRange {
        guard request.method == .get, let range = request["range"]?.string else { return .all }
        // A date, or a tag that is not of these very bytes, says that all is wanted.
        if let condition = request["if-range"]?.string, condition != tag { return .all }
        return read(range, size)
    }

    static func read(_ text: String, _ size: Int) -> ByteRange {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0].lowercased() == "bytes" else { return .all }
        let ends = parts[1].split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
        guard ends.count == 2, let first = number(ends[0]), let last = number(ends[1]) else { return .all }
        switch (first, last) {
        case (nil, nil): return .all
        case (nil, .some(let length)): return length > 0 && size > 0 ? .some(max(0, size - length)..<size) : .none
        case (.some(let start), nil): return start < size ? .some(start..<size) : .none
        case (.some(let start), .some(let end)):
            guard start <= end else { return .all }
            return start < size ? .some(start..<min(size, end == .max ? size : end + 1)) : .none
        }
    }

    /// Nil for what is no number; the number nil for an empty text.
    private static func number(_ text: Substring) -> Int?? {
        if text.isEmpty { return .some(nil) }
        guard text.utf8.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }) else { return nil }
        // More than fits is behind every end.
        return .some(Int(text) ?? .max)
    }
}

/// The list of If-None-Match: https://www.rfc-editor.org/rfc/rfc9110#section-13.1.2
struct EntityTags {
    private let text: String

    init(_ text: String) { self.text = text }

    /// Compares weakly, as is asked of this field.
    func matches(_ tag: String) -> Bool {
        if text == "*" { return true }
        return text.split(separator: ",").contains { item in
            var item = item.drop { $0 == " " || $0 == "\t" }
            while item.last == " " || item.last == "\t" { item.removeLast() }
            return (item.hasPrefix("W/") ? item.dropFirst(2) : item) == tag
        }
    }
}
