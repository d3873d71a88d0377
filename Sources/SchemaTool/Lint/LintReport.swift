import GraphQLLanguage
import GraphQLSchema

/// Collects what the rules find, in the order of the text.
struct LintReport {
    private let schema: Schema
    private let file: String
    private var exceptions: ExceptionList?
    private var rule = ""
    private var entries: [(document: Int, offset: Int, message: String)] = []

    init(_ schema: Schema, file: String, exceptions: ExceptionList?) {
        self.schema = schema
        self.file = file
        self.exceptions = exceptions
    }

    mutating func run(_ rule: LintRule) {
        self.rule = rule.name
        rule.check(schema, &self)
    }

    /// Adds a finding about what has a coordinate, unless it is excepted.
    mutating func add(_ coordinate: String, at origin: SourceReference?, _ message: String) {
        if exceptions?.allows(rule, coordinate) == true { return }
        var place = (document: 0, offset: -1)
        if let origin {
            let document = schema.documents[origin.document]
            place = (origin.document, document.textRange(of: origin.node).lowerBound)
        }
        entries.append((place.document, place.offset, "\(coordinate) \(message) [\(rule)]"))
    }

    var findings: [Diagnostic] {
        let lines = schema.documents.map { LineTable($0.bytes) }
        // The order of the rules where two speak of one place.
        let ordered = entries.enumerated().sorted {
            ($0.element.document, $0.element.offset, $0.offset) < ($1.element.document, $1.element.offset, $1.offset)
        }
        return ordered.map { _, entry in
            let location = entry.offset < 0 ? nil : lines[entry.document].location(at: entry.offset)
            return Diagnostic(entry.message, file: file, at: location)
        }
    }

    var unusedExceptions: [Diagnostic] { exceptions?.unused ?? [] }
}
