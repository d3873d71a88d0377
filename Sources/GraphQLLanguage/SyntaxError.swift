/// Why a text is not GraphQL, in the words of graphql-js, and where.
public struct SyntaxError: Error, Hashable, Sendable {
    /// The whole message, with its prefix `Syntax Error: `.
    public var message: String { report.message }
    /// The byte offset the message is about.
    public var offset: Int { report.offset }
    public var location: SourceLocation { report.location }
    /// The limit of the parser that the text is beyond; nil where it is not GraphQL.
    public var limit: Limit? { report.limit }

    public enum Limit: Hashable, Sendable {
        case bytes, tokens, depth
    }

    /// One pointer: every function of the parser reserves room for an error, and they call each other a thousand deep.
    private let report: Report

    private final class Report: Sendable {
        let message: String
        let offset: Int
        let location: SourceLocation
        let limit: Limit?

        init(message: String, offset: Int, location: SourceLocation, limit: Limit?) {
            self.message = message
            self.offset = offset
            self.location = location
            self.limit = limit
        }
    }

    @inline(never)
    init(_ reason: String, at offset: Int, in bytes: [UInt8], limit: Limit? = nil) {
        report = Report(
            message: "Syntax Error: " + reason,
            offset: offset,
            location: SourceLocation(offset: offset, in: bytes),
            limit: limit
        )
    }

    init(tooLarge bytes: [UInt8], most: Int) {
        self.init("Document is larger than \(most) bytes. Parsing aborted.", at: 0, in: bytes, limit: .bytes)
    }

    public static func == (one: SyntaxError, other: SyntaxError) -> Bool {
        one.message == other.message && one.offset == other.offset && one.location == other.location
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(message)
        hasher.combine(offset)
        hasher.combine(location)
    }
}

extension SyntaxError: CustomStringConvertible {
    public var description: String { "\(message) (\(location.line):\(location.column))" }
}
