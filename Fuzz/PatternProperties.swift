import GraphQLSchema

/// What must hold for every text that is taken for a pattern, and the text it is held against: its first line and the
/// rest.
enum PatternProperties {
    static func check(_ bytes: [UInt8]) throws {
        let end = bytes.firstIndex(of: UInt8(ascii: "\n")) ?? bytes.endIndex
        let written = String(decoding: bytes[..<end], as: UTF8.self)
        let text = String(decoding: bytes[end...].dropFirst(), as: UTF8.self)
        guard let pattern = try? TextPattern(written) else { return }
        let isFound = pattern.isFound(in: text)
        // Other states for the same pattern; where it becomes too large by them, there is nothing to compare.
        for same in [
            "(?:\(written))", "(?:\(written)){1}", "(?:\(written))|(?:\(written))",
            "(?:[^\\d\\s]|\\d|\\s)*(?:\(written))",
        ] {
            guard let other = try? TextPattern(same), other.isFound(in: text) != isFound else { continue }
            throw LanguageProperties.Violation(description: "does not hold: \(written) and \(same) are found alike")
        }
    }
}
