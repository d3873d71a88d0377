internal import CLibPQ

/// What a connection string says, as libpq reads it.
enum ConnectionString {
    /// The values of its keywords; nil when it is none, which libpq says when it connects.
    static func values(in text: String) -> [String: String]? {
        guard let options = PQconninfoParse(text, nil) else { return nil }
        defer { PQconninfoFree(options) }
        var values: [String: String] = [:]
        var option = options
        while let keyword = option.pointee.keyword {
            if let value = option.pointee.val { values[String(cString: keyword)] = String(cString: value) }
            option += 1
        }
        return values
    }
}
