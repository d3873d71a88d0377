import GraphQLLanguage
import GraphQLSchema

/// One finding, written as compilers write theirs.
struct Diagnostic {
    enum Severity: String {
        case error, warning
    }

    var file: String
    var location: SourceLocation?
    var severity = Severity.error
    var message: String

    init(_ message: String, file: String, at location: SourceLocation?, severity: Severity = .error) {
        self.message = message
        self.file = file
        self.location = location
        self.severity = severity
    }

    init(_ error: GraphQLError, file: String) {
        self.init(error.message, file: file, at: error.locations.first)
    }

    var text: String {
        let place = location.map { "\(file):\($0.line):\($0.column)" } ?? file
        return "\(place): \(severity.rawValue): \(message)"
    }
}
