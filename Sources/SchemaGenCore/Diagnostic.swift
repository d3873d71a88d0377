public import GraphQLLanguage

/// Something wrong with a schema that its author can put right.
public struct Diagnostic: Hashable, Sendable {
    public let location: SourceLocation
    /// What of the schema it is about: `User.posts(first:)`.
    public let coordinate: String?
    public let message: String

    public init(_ location: SourceLocation, _ coordinate: String?, _ message: String) {
        self.location = location
        self.coordinate = coordinate
        self.message = message
    }

    /// The line a compiler would write, so that editors find the place.
    public func line(file: String) -> String {
        let subject = coordinate.map { "\($0): " } ?? ""
        return "\(file):\(location.line):\(location.column): error: \(subject)\(message)"
    }
}

extension [Diagnostic] {
    func sorted() -> [Diagnostic] {
        sorted {
            ($0.location.line, $0.location.column, $0.message) < ($1.location.line, $1.location.column, $1.message)
        }
    }
}
